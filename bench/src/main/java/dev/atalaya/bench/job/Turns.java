package dev.atalaya.bench.job;

import java.io.IOException;
import java.util.Map;
import java.util.Map.Entry;

/** Several works on the same data by one thread, in turn, so that all see the same machine. */
final class Turns {

  /** Once through the data. */
  @FunctionalInterface
  interface Pass {
    /** Returns something that depends on all that was done. */
    long run() throws IOException;
  }

  /**
   * @param records of a pass
   * @param warmUpMillis of each work
   * @param rounds measured
   * @param roundMillis of each work in a round, at least
   */
  record Size(int records, long warmUpMillis, int rounds, long roundMillis) {
    static final Size FULL = new Size(20_000, 600, 5, 150);
    static final Size QUICK = new Size(500, 0, 1, 0);
  }

  private Turns() {}

  static <W extends Enum<W>> Medians<W> measure(Class<W> works, Map<W, Pass> passes, Size size)
      throws IOException {
    for (Pass pass : passes.values()) {
      round(pass, size.records(), size.warmUpMillis());
    }
    Medians<W> medians = new Medians<>(works);
    for (int round = 0; round < size.rounds(); round++) {
      for (Entry<W, Pass> work : passes.entrySet()) {
        medians.add(work.getKey(), round(work.getValue(), size.records(), size.roundMillis()));
      }
    }
    return medians;
  }

  private static Round round(Pass pass, int records, long millis) throws IOException {
    double cpuSeconds = Round.cpuSecondsSoFar();
    long start = System.nanoTime();
    long end = start + millis * 1_000_000;
    long done = 0;
    long sum = 0;
    do {
      sum += pass.run();
      done += records;
    } while (System.nanoTime() < end);
    return new Round(
        done, (System.nanoTime() - start) / 1e9, Round.cpuSecondsSoFar() - cpuSeconds, done, sum);
  }
}
