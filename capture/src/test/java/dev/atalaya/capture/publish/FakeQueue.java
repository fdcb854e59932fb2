package dev.atalaya.capture.publish;

import dev.atalaya.capture.publish.PublishRefusedException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A queue in memory that confirms when it is told to. Thread-safe. */
public final class FakeQueue implements Publisher {

  private final List<String> events = new ArrayList<>();
  private final List<CompletableFuture<Void>> open = new ArrayList<>();
  private boolean confirms = true;
  private boolean away;
  private int room = Integer.MAX_VALUE;
  private long confirmed;

  @Override
  public synchronized CompletableFuture<Void> publish(String id, byte[] event) {
    if (isFull()) {
      return CompletableFuture.failedFuture(new PublishRefusedException(Reason.FULL, "full", null));
    }
    events.add(id + "=" + new String(event, StandardCharsets.UTF_8));
    CompletableFuture<Void> done = new CompletableFuture<>();
    open.add(done);
    if (confirms) {
      confirm();
    }
    return done;
  }

  /** Whether events are confirmed at once; those that wait, too. */
  public synchronized FakeQueue confirms(boolean newConfirms) {
    confirms = newConfirms;
    if (confirms) {
      confirm();
    }
    return this;
  }

  private void confirm() {
    confirmed += open.size();
    open.forEach(done -> done.complete(null));
    open.clear();
  }

  public synchronized FakeQueue away(boolean newAway) {
    away = newAway;
    return this;
  }

  /** Full when so many events are not confirmed. */
  public synchronized FakeQueue room(int newRoom) {
    room = newRoom;
    return this;
  }

  /** Each as {@code id=json}. */
  public synchronized List<String> events() {
    return List.copyOf(events);
  }

  @Override
  public synchronized boolean isFull() {
    return open.size() >= room;
  }

  @Override
  public boolean awaitRoom(long millis) throws InterruptedException {
    for (long i = 0; i < millis && isFull(); i++) {
      Thread.sleep(1);
    }
    return !isFull();
  }

  @Override
  public synchronized boolean isAway() {
    return away;
  }

  @Override
  public synchronized Counts counts() {
    return new Counts(events.size(), confirmed, 0, open.size());
  }

  /** What is not confirmed fails. */
  @Override
  public synchronized void close() {
    PublishRefusedException why = new PublishRefusedException(Reason.CLOSED, "closed", null);
    open.forEach(done -> done.completeExceptionally(why));
    open.clear();
  }
}
