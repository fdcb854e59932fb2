package dev.atalaya.bench.sketch;

import dev.atalaya.sketch.KeyHash;
import dev.atalaya.sketch.KeySummary;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * What two summaries of two epochs find at a threshold, compared with the truth. A key is found
 * when its bytes are stored and its upper bound, of its weight or of its change, reaches the
 * threshold; it is certified when its lower bound does.
 */
final class Accuracy {

  final String name;
  final long threshold;
  final Tally hitters = new Tally();
  final Tally changers = new Tally();
  long errorBound;
  int brokenBounds;

  /** One kind of finding. */
  static final class Tally {
    int actual;
    int found;
    int right;
    int certified;

    void add(boolean isActual, boolean isFound, boolean isCertified) {
      actual += isActual ? 1 : 0;
      found += isFound ? 1 : 0;
      right += isActual && isFound ? 1 : 0;
      certified += isCertified ? 1 : 0;
    }

    double precision() {
      return found == 0 ? 1 : (double) right / found;
    }

    double recall() {
      return actual == 0 ? 1 : (double) right / actual;
    }

    String row() {
      return String.format(
          Locale.ROOT, "%.4f / %.4f | %d of %d", precision(), recall(), certified, actual);
    }
  }

  Accuracy(String name, Epochs epochs, KeyHash hash, KeySummary first, KeySummary second) {
    this.name = name;
    threshold = Math.max(1, first.total() / 10_000);
    Set<Long> stored = new HashSet<>();
    first.forEachCandidate((h, keys, offset, length, lower, upper) -> stored.add(h));
    Set<Long> storedInEither = new HashSet<>(stored);
    second.forEachCandidate((h, keys, offset, length, lower, upper) -> storedInEither.add(h));
    errorBound = Math.max(first.errorBound(), second.errorBound());

    for (int id = 0; id < epochs.keyCount(); id++) {
      long h = hash.hash(epochs.keys, id * epochs.keyLength, epochs.keyLength);
      int before = epochs.counts[0][id];
      int after = epochs.counts[1][id];
      long lowerBefore = first.lower(h);
      long upperBefore = first.upper(h);
      long lowerAfter = second.lower(h);
      long upperAfter = second.upper(h);
      if (before < lowerBefore
          || before > upperBefore
          || after < lowerAfter
          || after > upperAfter) {
        brokenBounds++;
      }
      hitters.add(
          before >= threshold,
          stored.contains(h) && upperBefore >= threshold,
          lowerBefore >= threshold);
      long upperChange = Math.max(upperAfter - lowerBefore, upperBefore - lowerAfter);
      long lowerChange = Math.max(lowerAfter - upperBefore, lowerBefore - upperAfter);
      changers.add(
          Math.abs(after - before) >= threshold,
          storedInEither.contains(h) && upperChange >= threshold,
          lowerChange >= threshold);
    }
  }

  String row() {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %d of %d | %d |",
        name,
        hitters.row(),
        changers.row(),
        errorBound,
        threshold,
        brokenBounds);
  }
}
