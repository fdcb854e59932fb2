package dev.atalaya.job.detect;

import java.util.Arrays;
import java.util.Comparator;

/**
 * A key or prefix for which a rule holds by itself, before it is known how much of it others
 * explain. Immutable but for what it refers to.
 */
final class Crossing {

  /** Larger magnitude first, then the key's bytes. */
  static final Comparator<Crossing> BY_MAGNITUDE =
      Comparator.comparingLong((Crossing crossing) -> crossing.rule.magnitude(crossing.unexplained))
          .reversed()
          .thenComparing(crossing -> crossing.key, Arrays::compareUnsigned);

  final byte[] key;
  final boolean prefix;

  /** The one that judged it. */
  final KeyRule rule;

  /**
   * False when the detector's rule holds, but not the one of the key's own group: no finding, but
   * an explanation of the prefixes above it.
   */
  final boolean told;

  /** The value, and what of it no finding below explains. */
  final Measured whole;

  final Measured unexplained;

  final Finding.Also[] also;

  Crossing(
      byte[] key,
      boolean prefix,
      KeyRule rule,
      boolean told,
      Measured whole,
      Measured unexplained,
      Finding.Also[] also) {
    this.key = key;
    this.prefix = prefix;
    this.rule = rule;
    this.told = told;
    this.whole = whole;
    this.unexplained = unexplained;
    this.also = also;
  }

  /** The same with less of it unexplained. */
  Crossing with(Measured lessUnexplained) {
    return new Crossing(key, prefix, rule, told, whole, lessUnexplained, also);
  }

  boolean isCertain() {
    return rule.isCertain(unexplained) && AlsoMeasures.areCertain(also);
  }

  /**
   * @param expectation null when there is none
   */
  Finding toFinding(Expectation expectation) {
    Finding finding = new Finding();
    finding.kind = rule.kind();
    finding.key = key;
    finding.prefix = prefix;
    finding.magnitude = rule.magnitude(unexplained);
    finding.threshold = rule.threshold(unexplained);
    finding.certain = isCertain();
    finding.also = also;
    whole.describe(finding);
    if (expectation != null) {
      finding.expectedKind = expectation.kind();
      whole.describeChange(finding);
      rule.describe(whole, finding);
    }
    return finding;
  }
}
