package dev.atalaya.bench.sketch;

import dev.atalaya.sketch.SpreadSketch;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * What a spread sketch finds at a threshold, compared with the truth: a key is found when its bytes
 * are stored and its estimate reaches the threshold; it is possible when its upper bound does,
 * certified when its lower bound does.
 */
final class SpreadAccuracy {

  static final String HEAD =
      "| distinct peers | bits a pair | found P / R | possible P / R | certified | mean error |"
          + " error bound of threshold | broken bounds | ns an event |";
  static final String RULE = "|---|---|---|---|---|---|---|---|---|";

  private final Accuracy.Tally found = new Accuracy.Tally();
  private final Accuracy.Tally possible = new Accuracy.Tally();
  private final long threshold;
  private final double meanError;
  private final double bitsAPair;
  private final long errorBound;
  int brokenBounds;

  SpreadAccuracy(Contacts contacts, SpreadSketch sketch, long threshold) {
    this.threshold = threshold;
    bitsAPair = sketch.footprintBytes() * 8.0 / contacts.pairs;
    errorBound = sketch.errorBound();
    Set<Long> stored = new HashSet<>();
    sketch.forEachCandidate((h, keys, offset, length, lower, upper) -> stored.add(h));
    double error = 0;
    for (int id = 0; id < contacts.truth.length; id++) {
      long hash = contacts.keyHashes[id];
      long actual = contacts.truth[id];
      long lower = sketch.lower(hash);
      long upper = sketch.upper(hash);
      long estimate = sketch.estimate(hash);
      brokenBounds += actual < lower || actual > upper ? 1 : 0;
      boolean isActual = actual >= threshold;
      boolean isStored = stored.contains(hash);
      found.add(isActual, isStored && estimate >= threshold, lower >= threshold);
      possible.add(isActual, isStored && upper >= threshold, lower >= threshold);
      error += isActual ? Math.abs(estimate - actual) / (double) actual : 0;
    }
    meanError = error / Math.max(1, found.actual);
  }

  double recallOfPossible() {
    return possible.recall();
  }

  boolean certified() {
    return threshold > errorBound;
  }

  String row(String name, double nanosAnEvent) {
    return String.format(
        Locale.ROOT,
        "| %s | %.1f | %.4f / %.4f | %.4f / %.4f | %d of %d | %.4f | %d of %d | %d | %.0f |",
        name,
        bitsAPair,
        found.precision(),
        found.recall(),
        possible.precision(),
        possible.recall(),
        found.certified,
        found.actual,
        meanError,
        errorBound,
        threshold,
        brokenBounds,
        nanosAnEvent);
  }
}
