package dev.atalaya.job.detect;

import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.sketch.KeySummary;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The rules of one detector, applied to one closed window of one slice and its baseline.
 *
 * <p>Error: a value lies in [lower, upper] for certain, so a change between two windows lies in
 * {@code upper = max(upper2 - lower1, upper1 - lower2)} and {@code lower = max(0, lower2 - upper1)}
 * upwards, {@code max(0, lower1 - upper2)} downwards. A finding is certain when its lower bound
 * crosses the threshold, possible when only the upper one does. No key whose true value crosses a
 * threshold above the error bound is missed.
 *
 * <p>Source: Krishnamurthy et al., Sketch-based Change Detection (IMC 2003), with bounds in the
 * place of estimates; Huang and Lee, LD-Sketch (INFOCOM 2014), section IV for slices.
 */
public final class WindowComparison {

  private final DetectorConfig detector;

  public WindowComparison(DetectorConfig detector) {
    this.detector = detector;
  }

  /**
   * Fills the findings and error bounds of {@code result}, whose totals are set.
   *
   * @param current the closed window
   * @param baseline the window before, empty when nothing came, or null when there is none
   */
  public void compare(KeySummary current, KeySummary baseline, SliceFindings result) {
    result.warmup = baseline == null;
    result.exact = current.isExact();
    result.overflowed =
        current.overflowed()
            || result.total == Long.MAX_VALUE
            || (baseline != null
                && (baseline.overflowed() || result.baselineTotal == Long.MAX_VALUE));
    result.distinctKeys = current.distinctKeys();
    result.errorBound = current.errorBound();
    if (baseline != null) {
      // An unstored key can have gone from 0 to the bound; a signed one from one bound to the
      // other.
      result.changeErrorBound =
          detector.signed()
              ? Saturating.add(result.errorBound, baseline.errorBound())
              : Math.max(result.errorBound, baseline.errorBound());
    }

    List<KindFindings> kinds = new ArrayList<>();
    if (detector.hitters() != null) {
      long threshold = hitterThreshold(result.total);
      TopFindings hitters = new TopFindings(detector.maxAlerts());
      findHitters(current, baseline, threshold, hitters);
      kinds.add(hitters.of(Finding.Kind.HEAVY_HITTER, threshold));
    }
    if (detector.changers() != null) {
      long threshold = changerThreshold(result.total, result.baselineTotal);
      TopFindings changers = new TopFindings(detector.maxAlerts());
      if (baseline != null) {
        findChangers(current, baseline, threshold, changers);
      }
      kinds.add(changers.of(Finding.Kind.HEAVY_CHANGER, threshold));
    }
    result.kinds = kinds.toArray(KindFindings[]::new);
  }

  private long hitterThreshold(long total) {
    DetectorConfig.Hitters rule = detector.hitters();
    return threshold(rule.count(), rule.share() == null ? 0 : rule.share().of(total));
  }

  private long changerThreshold(long total, long baselineTotal) {
    DetectorConfig.Changers rule = detector.changers();
    long larger = Math.max(total, baselineTotal);
    return threshold(rule.delta(), rule.share() == null ? 0 : rule.share().of(larger));
  }

  /** Both must be reached; a key that adds up to nothing is never a finding. */
  private static long threshold(long absolute, long ofTotal) {
    return Math.max(1, Math.max(absolute, ofTotal));
  }

  private static void findHitters(
      KeySummary current, KeySummary baseline, long threshold, TopFindings found) {
    current.forEachCandidate(
        (hash, keys, offset, length, lower, upper) -> {
          if (largestMagnitude(lower, upper) < threshold) {
            return;
          }
          Finding finding = new Finding();
          finding.kind = Finding.Kind.HEAVY_HITTER;
          finding.key = Arrays.copyOfRange(keys, offset, offset + length);
          setActual(finding, hash, current);
          finding.magnitude = Saturating.abs(finding.actual);
          finding.threshold = threshold;
          finding.certain = smallestMagnitude(lower, upper) >= threshold;
          if (baseline != null) {
            setExpected(finding, hash, baseline);
            setDelta(finding);
          }
          found.add(finding);
        });
  }

  private void findChangers(
      KeySummary current, KeySummary baseline, long threshold, TopFindings found) {
    // A key stored in both windows comes twice; its bounds are the same both times.
    Set<Long> seen = new HashSet<>();
    KeySummary.CandidateVisitor visitor =
        (hash, keys, offset, length, lower, upper) -> {
          if (mayHaveChanged(hash, current, baseline, threshold) && seen.add(hash)) {
            Finding finding = new Finding();
            finding.kind = Finding.Kind.HEAVY_CHANGER;
            finding.key = Arrays.copyOfRange(keys, offset, offset + length);
            setActual(finding, hash, current);
            setExpected(finding, hash, baseline);
            setDelta(finding);
            finding.magnitude = finding.delta;
            finding.threshold = threshold;
            finding.certain = finding.deltaLower >= threshold && certainRatio(finding);
            found.add(finding);
          }
        };
    current.forEachCandidate(visitor);
    baseline.forEachCandidate(visitor);
  }

  /** The test that every candidate goes through, so without allocation. */
  private boolean mayHaveChanged(
      long hash, KeySummary current, KeySummary baseline, long threshold) {
    long lower = current.lower(hash);
    long upper = current.upper(hash);
    long oldLower = baseline.lower(hash);
    long oldUpper = baseline.upper(hash);
    return largestChange(lower, upper, oldLower, oldUpper) >= threshold
        && (reachesRatio(largestMagnitude(lower, upper), smallestMagnitude(oldLower, oldUpper))
            || reachesRatio(largestMagnitude(oldLower, oldUpper), smallestMagnitude(lower, upper)));
  }

  private static long largestChange(long lower, long upper, long oldLower, long oldUpper) {
    return Math.max(Saturating.subtract(upper, oldLower), Saturating.subtract(oldUpper, lower));
  }

  private static void setActual(Finding finding, long hash, KeySummary current) {
    finding.actual = current.estimate(hash);
    finding.actualLower = current.lower(hash);
    finding.actualUpper = current.upper(hash);
  }

  private static void setExpected(Finding finding, long hash, KeySummary baseline) {
    finding.expected = baseline.estimate(hash);
    finding.expectedLower = baseline.lower(hash);
    finding.expectedUpper = baseline.upper(hash);
  }

  private static void setDelta(Finding finding) {
    long leastUp = Saturating.subtract(finding.actualLower, finding.expectedUpper);
    long leastDown = Saturating.subtract(finding.expectedLower, finding.actualUpper);
    finding.up = finding.actual >= finding.expected;
    finding.delta = Saturating.abs(Saturating.subtract(finding.actual, finding.expected));
    finding.deltaLower = Math.max(0, finding.up ? leastUp : leastDown);
    finding.deltaUpper =
        largestChange(
            finding.actualLower, finding.actualUpper, finding.expectedLower, finding.expectedUpper);
  }

  private boolean certainRatio(Finding finding) {
    long larger =
        finding.up
            ? smallestMagnitude(finding.actualLower, finding.actualUpper)
            : smallestMagnitude(finding.expectedLower, finding.expectedUpper);
    long smaller =
        finding.up
            ? largestMagnitude(finding.expectedLower, finding.expectedUpper)
            : largestMagnitude(finding.actualLower, finding.actualUpper);
    return reachesRatio(larger, smaller);
  }

  /** Exact: near the ratio, where rounding could decide, in decimals. */
  private boolean reachesRatio(long larger, long smaller) {
    double ratio = detector.changers().ratio();
    double product = ratio * smaller;
    double margin = product * 1e-9;
    if (Math.abs(larger - product) > margin) {
      return larger > product;
    }
    return BigDecimal.valueOf(larger)
            .compareTo(BigDecimal.valueOf(ratio).multiply(BigDecimal.valueOf(smaller)))
        >= 0;
  }

  private static long largestMagnitude(long lower, long upper) {
    return Math.max(Saturating.abs(lower), Saturating.abs(upper));
  }

  private static long smallestMagnitude(long lower, long upper) {
    return lower <= 0 && upper >= 0 ? 0 : Math.min(Saturating.abs(lower), Saturating.abs(upper));
  }
}
