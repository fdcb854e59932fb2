package dev.atalaya.capture.publish;

import dev.atalaya.capture.publish.PublishRefusedException.Reason;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands events to a {@link Publisher}, and waits as long as it takes for room: what comes from a
 * file or a buffer can wait. Counts what becomes of them.
 *
 * <p>Thread-safe.
 */
public final class Outlet {

  private static final Logger LOG = LoggerFactory.getLogger(Outlet.class);
  private static final long LOOK_MILLIS = 1_000;
  private static final long TELL_NANOS = 60_000_000_000L;

  private final Publisher publisher;
  private final LongAdder published = new LongAdder();
  private final LongAdder confirmed = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final AtomicLong toldNanos = new AtomicLong(System.nanoTime() - TELL_NANOS);

  /**
   * @param publisher stays its owner's to close
   */
  public Outlet(Publisher publisher) {
    this.publisher = publisher;
  }

  /** Hands on an event as {@link #send(String, byte[], Runnable)} does. */
  public void send(String id, byte[] event) throws InterruptedException {
    send(id, event, () -> {});
  }

  /**
   * Hands on an event as soon as there is room.
   *
   * @param event not to be changed afterwards
   * @param settled is run, by any thread, when the event is kept for certain or never will be; not
   *     when the publisher is closed before
   * @throws InterruptedException also when the publisher was closed
   */
  public void send(String id, byte[] event, Runnable settled) throws InterruptedException {
    while (true) {
      CompletableFuture<Void> sent = publisher.publish(id, event);
      Reason reason = sent.isCompletedExceptionally() ? reasonOf(sent) : null;
      if (reason == Reason.CLOSED) {
        throw new InterruptedException("the publisher was closed");
      }
      if (reason != Reason.FULL) {
        published.increment();
        CompletableFuture<Void> unused =
            sent.whenComplete((kept, fault) -> settle(id, event.length, fault, settled));
        return;
      }
      publisher.awaitRoom(LOOK_MILLIS);
    }
  }

  /** Adds what was counted. */
  public void addCounts(Map<String, Long> counts) {
    counts.put("published", published.sum());
    counts.put("confirmed", confirmed.sum());
    counts.put("refused", refused.sum());
  }

  private void settle(String id, int bytes, Throwable fault, Runnable settled) {
    if (fault == null) {
      confirmed.increment();
    } else if (reasonOf(fault) == Reason.CLOSED) {
      return;
    } else {
      refused.increment();
      long now = System.nanoTime();
      long told = toldNanos.get();
      if (now - told >= TELL_NANOS && toldNanos.compareAndSet(told, now)) {
        LOG.warn("event {} of {} bytes was refused: {}", id, bytes, fault.getMessage());
      }
    }
    settled.run();
  }

  private static Reason reasonOf(CompletableFuture<Void> failed) {
    return failed.handle((kept, fault) -> reasonOf(fault)).join();
  }

  private static Reason reasonOf(Throwable fault) {
    Throwable cause =
        fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
    return cause instanceof PublishRefusedException refusal ? refusal.reason() : Reason.REFUSED;
  }
}
