package dev.atalaya.capture.http;

import dev.atalaya.capture.Meters;
import dev.atalaya.capture.publish.PublishRefusedException;
import dev.atalaya.capture.publish.PublishRefusedException.Reason;
import dev.atalaya.capture.publish.Publisher;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Hands the events of requests to the queue, and knows when the queue has them all.
 *
 * <p>Thread-safe.
 */
final class Handover {

  private static final int MAX_KEY_LENGTH = 200;

  private final Publisher publisher;
  private final long confirmMillis;
  private final LongAdder received = new LongAdder();
  private final LongAdder confirmed = new LongAdder();

  /** Of events that say nothing that tells them apart: no other process has the same. */
  private final String idPrefix = UUID.randomUUID() + "-";

  private final AtomicLong lastId = new AtomicLong();

  Handover(Publisher publisher, long confirmMillis, Meters meters) {
    this.publisher = publisher;
    this.confirmMillis = confirmMillis;
    meters.counter("http_events_received", "Events of requests.", received::sum);
    meters.counter("http_events_confirmed", "Of these, answered as kept.", confirmed::sum);
  }

  /**
   * @throws RefusedException when there is no use in reading a body now
   */
  void checkReady() throws RefusedException {
    if (publisher.isAway()) {
      throw new RefusedException(503, "the queue is away");
    }
    if (publisher.isFull()) {
      throw new RefusedException(429, "the queue does not follow");
    }
  }

  /**
   * Publishes events.
   *
   * @param key that tells this request from all others, or null
   * @return the number of events, once the queue has all of them; fails with a {@link
   *     RefusedException} else, and then some of them may be in the queue, now or later
   */
  CompletableFuture<Integer> take(String key, List<CapturedEvent> events) throws RefusedException {
    List<String> ids = ids(key, events);
    received.add(events.size());
    List<CompletableFuture<Void>> pending = new ArrayList<>(events.size());
    CompletableFuture<Void> all = null;
    for (int i = 0; i < events.size() && all == null; i++) {
      CompletableFuture<Void> one = publisher.publish(ids.get(i), events.get(i).json());
      pending.add(one);
      // When one is refused at once, those before it need not be waited for.
      all = one.isCompletedExceptionally() ? one : null;
    }
    if (all == null) {
      all = CompletableFuture.allOf(pending.toArray(CompletableFuture[]::new));
    }
    return all.orTimeout(confirmMillis, TimeUnit.MILLISECONDS)
        .handle(
            (nothing, failure) -> {
              if (failure == null) {
                confirmed.add(events.size());
                return events.size();
              }
              // What has not been sent yet need not be: the client sends it again.
              pending.forEach(one -> one.cancel(false));
              throw new CompletionException(refusal(failure));
            });
  }

  private static RefusedException refusal(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof TimeoutException) {
      return new RefusedException(503, "the queue has not confirmed in time");
    }
    if (cause instanceof PublishRefusedException refused) {
      if (refused.reason() == Reason.FULL) {
        return new RefusedException(429, "the queue does not follow");
      }
      if (refused.reason() == Reason.REFUSED) {
        return new RefusedException(413, "an event is larger than the queue takes");
      }
    }
    return new RefusedException(503, "the queue is away");
  }

  private List<String> ids(String key, List<CapturedEvent> events) throws RefusedException {
    if (key != null && !isKey(key)) {
      throw new RefusedException(
          400, "Idempotency-Key has 1 to " + MAX_KEY_LENGTH + " printable ASCII characters");
    }
    List<String> ids = new ArrayList<>(events.size());
    for (CapturedEvent event : events) {
      String id = event.id();
      if (id == null || id.isEmpty()) {
        id = key == null ? idPrefix + lastId.incrementAndGet() : key + "-" + ids.size();
      } else if (id.getBytes(StandardCharsets.UTF_8).length > Publisher.MAX_ID_BYTES) {
        throw new RefusedException(
            400, "the id of an event has at most " + Publisher.MAX_ID_BYTES + " bytes");
      }
      ids.add(id);
    }
    return ids;
  }

  private static boolean isKey(String key) {
    return !key.isEmpty()
        && key.length() <= MAX_KEY_LENGTH
        && key.chars().allMatch(c -> c > ' ' && c < 127);
  }
}
