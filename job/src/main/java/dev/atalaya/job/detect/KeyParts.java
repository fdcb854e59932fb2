package dev.atalaya.job.detect;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.detect.Finding.Contributor;
import dev.atalaya.sketch.KeySummary;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The values of another field that a finding is made of.
 *
 * <p>Amounts are in the detector's measure, for distinct peers events: those of the listed values
 * and the remainder add up to the finding's value, for distinct peers to the key's events.
 *
 * <p>Error: a value's amount lies in its bounds. A prefix has that of all its keys: of pairs of key
 * and value that are not stored, each may have the error bound. Not thread-safe.
 */
final class KeyParts {

  private static final Comparator<Contributor> LARGEST_FIRST =
      Comparator.comparingLong((Contributor part) -> Measured.smallest(part.lower, part.upper))
          .thenComparingLong(part -> Saturating.abs(part.amount))
          .reversed()
          .thenComparing(part -> part.value);

  private final Finding finding;
  private final DetectorConfig detector;
  private final KeySummary pairs;

  /** What pairs that are not stored can add to a value. */
  private final long unstored;

  private final Map<String, Contributor> parts = new HashMap<>();
  private long sum;
  private long sumOfLower;

  KeyParts(Finding finding, DetectorConfig detector, KeySummary keys, KeySummary pairs) {
    this.finding = finding;
    this.detector = detector;
    this.pairs = pairs;
    unstored = finding.prefix ? unstored(keys, pairs) : 0;
  }

  private static long unstored(KeySummary keys, KeySummary pairs) {
    if (pairs.errorBound() == 0) {
      return 0;
    }
    double most =
        keys.isExact() ? (double) keys.distinctKeys() * pairs.errorBound() : Double.MAX_VALUE;
    return (long) most;
  }

  Finding finding() {
    return finding;
  }

  /** Takes in a pair of the finding's key, or of one under its prefix, and a value. */
  void add(long hash, byte[] bytes, int offset, int length, long lower, long upper) {
    Contributor part =
        parts.computeIfAbsent(new String(bytes, offset, length, UTF_8), KeyParts::newPart);
    long amount = pairs.estimate(hash);
    part.amount = Saturating.add(part.amount, amount);
    part.lower = Saturating.add(part.lower, lower);
    part.upper = Saturating.add(part.upper, upper);
    sum = Saturating.add(sum, amount);
    sumOfLower = Saturating.add(sumOfLower, lower);
  }

  private static Contributor newPart(String value) {
    Contributor part = new Contributor();
    part.value = value;
    return part;
  }

  Finding.ContributorField list(String field) {
    boolean peers = !detector.distinct().isEmpty();
    long whole = peers ? sum : finding.actual;
    long wholeUpper = peers ? mostEvents() : finding.actualUpper;
    parts.values().forEach(part -> widen(part, wholeUpper));
    List<Contributor> listed =
        parts.values().stream().sorted(LARGEST_FIRST).limit(detector.contributors().top()).toList();
    Finding.ContributorField list = new Finding.ContributorField();
    list.field = field;
    list.entries = listed.toArray(Contributor[]::new);
    list.remainder = whole;
    list.remainderUpper = wholeUpper;
    for (Contributor part : listed) {
      list.remainder = Saturating.subtract(list.remainder, part.amount);
      list.remainderUpper = Saturating.subtract(list.remainderUpper, part.lower);
    }
    if (!detector.signed()) {
      list.remainder = Math.max(0, list.remainder);
    }
    return list;
  }

  /** Events are not bounded by the finding's value, but what other keys have is not this key's. */
  private long mostEvents() {
    return pairs.isExact() ? sum : pairs.total();
  }

  private void widen(Contributor part, long wholeUpper) {
    part.upper = Saturating.add(part.upper, unstored);
    if (detector.signed()) {
      part.lower = Saturating.subtract(part.lower, unstored);
    } else {
      // What other values are made of for certain is not this one's.
      long others = Saturating.subtract(sumOfLower, part.lower);
      part.upper =
          Math.max(part.lower, Math.min(part.upper, Saturating.subtract(wholeUpper, others)));
      part.amount = Math.min(part.amount, part.upper);
    }
  }
}
