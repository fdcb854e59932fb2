package dev.atalaya.bench.job;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * What writing alerts into a store costs.
 *
 * @param heapBytes in use after a garbage collection, when each quarter of the alerts is stored
 * @param mostHeld the most alerts seen that were made and not stored yet
 */
record SearchCost(Round round, List<Long> heapBytes, long mostHeld) {

  static final int QUARTERS = 4;
  private static final long LOOK_MILLIS = 5;

  /**
   * Measures a run of this process that tells {@link Probe} when it starts, until all is stored.
   *
   * @param run fails when the run does
   */
  static SearchCost of(
      CompletableFuture<?> run, LongSupplier made, LongSupplier stored, long alerts)
      throws InterruptedException {
    long[] heap = new long[QUARTERS];
    int quarters = 0;
    long mostHeld = 0;
    long seen = 0;
    while (seen < alerts) {
      if (run.isCompletedExceptionally()) {
        run.join();
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      long now = stored.getAsLong();
      if (now > seen) {
        mostHeld = Math.max(mostHeld, made.getAsLong() - now);
        Probe.counted(now - seen, now - seen);
        seen = now;
      }
      while (quarters < QUARTERS && seen >= alerts * (quarters + 1) / QUARTERS) {
        heap[quarters++] = MemoryRound.heapAfterCollection();
      }
    }
    return new SearchCost(Probe.round(alerts), Arrays.stream(heap).boxed().toList(), mostHeld);
  }

  String line() {
    String heap = heapBytes.stream().map(Object::toString).collect(Collectors.joining(" "));
    return mostHeld + " " + heap + " " + round.line();
  }

  static SearchCost of(String line) {
    String[] words = line.split(" ", QUARTERS + 2);
    return new SearchCost(
        Round.of(words[QUARTERS + 1]),
        Arrays.stream(words, 1, QUARTERS + 1).map(Long::valueOf).toList(),
        Long.parseLong(words[0]));
  }
}
