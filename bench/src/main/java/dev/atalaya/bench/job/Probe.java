package dev.atalaya.bench.job;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * What sources and sinks of a run tell the one who started it: all of a run is in one process, and
 * there is one run at a time.
 */
final class Probe {

  private static final AtomicLong STARTED_NANOS = new AtomicLong();
  private static final AtomicLong ENDED_NANOS = new AtomicLong();
  private static volatile double startedCpuSeconds;
  private static volatile double endedCpuSeconds;
  private static final LongAdder COUNTED = new LongAdder();
  private static final LongAdder RESULTS = new LongAdder();
  private static volatile long expected = Long.MAX_VALUE;
  private static volatile CompletableFuture<Void> reached = new CompletableFuture<>();
  private static volatile CountDownLatch ends = new CountDownLatch(0);
  private static volatile CompletableFuture<Void> release = new CompletableFuture<>();

  private Probe() {}

  /** Before a run that ends by itself. */
  static void reset(int sources) {
    var unused = reset(sources, Long.MAX_VALUE);
  }

  /** Before a run; returns what completes when so many events are counted. */
  static CompletableFuture<Void> reset(int sources, long events) {
    expected = events;
    reached = new CompletableFuture<>();
    STARTED_NANOS.set(0);
    COUNTED.reset();
    RESULTS.reset();
    ends = new CountDownLatch(sources);
    release = new CompletableFuture<>();
    return reached;
  }

  /** A source is ready to emit its first event. */
  static void started() {
    if (STARTED_NANOS.compareAndSet(0, System.nanoTime())) {
      startedCpuSeconds = Round.cpuSecondsSoFar();
    }
  }

  /** What was measured of a run that has just ended. */
  static Round round(long events) {
    return new Round(
        events,
        (ENDED_NANOS.get() - STARTED_NANOS.get()) / 1e9,
        endedCpuSeconds - startedCpuSeconds,
        COUNTED.sum(),
        RESULTS.sum());
  }

  /** A sink has seen {@code results} more results that speak of {@code events} events. */
  static void counted(long events, long results) {
    if (reached.isDone()) {
      return;
    }
    COUNTED.add(events);
    RESULTS.add(results);
    ENDED_NANOS.set(System.nanoTime());
    endedCpuSeconds = Round.cpuSecondsSoFar();
    if (COUNTED.sum() >= expected) {
      reached.complete(null);
    }
  }

  /** A source has emitted all it has. */
  static void reachedEnd() {
    ends.countDown();
  }

  static void awaitEnds() throws InterruptedException {
    ends.await();
  }

  static void release() {
    release.complete(null);
  }

  static boolean isReleased() {
    return release.isDone();
  }

  static CompletableFuture<Void> whenReleased() {
    return release;
  }
}
