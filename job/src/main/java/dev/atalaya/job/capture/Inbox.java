package dev.atalaya.job.capture;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/**
 * What came in and waits for the task, in the order in which it came. Bounded by those who add.
 *
 * <p>Thread-safe.
 */
final class Inbox {

  private static final int BATCH = 1_000;

  // Guarded by this.
  private final ArrayDeque<Arrival> waiting = new ArrayDeque<>();
  private CompletableFuture<Void> something = new CompletableFuture<>();

  void add(Arrival arrival) {
    CompletableFuture<Void> told;
    synchronized (this) {
      waiting.add(arrival);
      told = something;
    }
    told.complete(null);
  }

  /** Completed while something waits. */
  synchronized CompletableFuture<Void> something() {
    return something;
  }

  /** Takes some of what waits, oldest first. */
  synchronized void drainTo(Queue<Arrival> taken) {
    for (int i = 0; i < BATCH && !waiting.isEmpty(); i++) {
      taken.add(waiting.remove());
    }
    if (waiting.isEmpty() && something.isDone()) {
      something = new CompletableFuture<>();
    }
  }
}
