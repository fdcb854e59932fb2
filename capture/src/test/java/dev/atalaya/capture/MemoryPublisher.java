package dev.atalaya.capture;

import dev.atalaya.capture.publish.PublishRefusedException;
import dev.atalaya.capture.publish.PublishRefusedException.Reason;
import dev.atalaya.capture.publish.Publisher;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Keeps what it is given in memory, in order; confirms at once, or when it is told to. */
public final class MemoryPublisher implements Publisher {

  private final List<String> events = new ArrayList<>();
  private final List<String> ids = new ArrayList<>();
  private final List<CompletableFuture<Void>> open = new ArrayList<>();
  private boolean confirming = true;
  private int room = Integer.MAX_VALUE;
  private boolean closed;

  @Override
  public synchronized CompletableFuture<Void> publish(String id, byte[] event) {
    CompletableFuture<Void> future = new CompletableFuture<>();
    if (closed || isFull()) {
      Reason reason = closed ? Reason.CLOSED : Reason.FULL;
      future.completeExceptionally(new PublishRefusedException(reason, "no", null));
      return future;
    }
    room--;
    ids.add(id);
    events.add(new String(event, StandardCharsets.UTF_8));
    if (confirming) {
      future.complete(null);
    } else {
      open.add(future);
    }
    return future;
  }

  /** From now on nothing is confirmed until {@link #confirmAll}. */
  public synchronized void holdBack() {
    confirming = false;
  }

  /** Confirms what is open, the last first. */
  public synchronized void confirmAll() {
    confirming = true;
    while (!open.isEmpty()) {
      open.remove(open.size() - 1).complete(null);
    }
  }

  /** Takes so many events more. */
  public synchronized void room(int events) {
    room = events;
    notifyAll();
  }

  public synchronized List<String> events() {
    return List.copyOf(events);
  }

  public synchronized List<String> ids() {
    return List.copyOf(ids);
  }

  /** As a job that counts each id once sees it. */
  public synchronized Map<String, String> byId() {
    Map<String, String> byId = new LinkedHashMap<>();
    for (int i = 0; i < ids.size(); i++) {
      byId.putIfAbsent(ids.get(i), events.get(i));
    }
    return byId;
  }

  @Override
  public synchronized boolean isFull() {
    return room <= 0;
  }

  @Override
  public synchronized boolean awaitRoom(long millis) throws InterruptedException {
    long until = System.currentTimeMillis() + millis;
    while (isFull() && System.currentTimeMillis() < until) {
      wait(10);
    }
    return !isFull();
  }

  @Override
  public boolean isAway() {
    return false;
  }

  @Override
  public synchronized Counts counts() {
    return new Counts(ids.size(), ids.size() - open.size(), 0, open.size());
  }

  @Override
  public synchronized void close() {
    closed = true;
  }
}
