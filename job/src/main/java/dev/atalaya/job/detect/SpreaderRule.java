package dev.atalaya.job.detect;

import dev.atalaya.job.config.DetectorConfig;

/**
 * A key is a superspreader when its distinct peers are so many, and so many more than expected,
 * that every threshold of the rule is reached: a count, a ratio, a learned band.
 */
final class SpreaderRule implements KeyRule {

  private final DetectorConfig.Spreaders rule;
  private final long threshold;
  private final Ratio ratio;
  private final Band band;

  SpreaderRule(DetectorConfig.Spreaders rule) {
    this.rule = rule;
    threshold = Math.max(1, Math.max(rule.count(), rule.min()));
    ratio = new Ratio(rule.ratio());
    band = Band.of(rule.sensitivity());
  }

  @Override
  public Finding.Kind kind() {
    return Finding.Kind.SUPERSPREADER;
  }

  @Override
  public long threshold() {
    return threshold;
  }

  @Override
  public boolean needsExpectation() {
    return rule.ratio() > 0 || band.isLearned();
  }

  @Override
  public boolean mayHold(Measured key) {
    return key.upper >= threshold
        && ratio.isReached(key.upper, key.expectedLower)
        && band.mayBeAbove(key);
  }

  @Override
  public boolean isCertain(Measured key) {
    return key.lower >= threshold
        && ratio.isReached(key.lower, key.expectedUpper)
        && band.isAbove(key);
  }

  /** Where only the band decides, what lies beyond the expectation. */
  private boolean isJudgedByChange() {
    return rule.count() == 0 && band.isLearned();
  }

  @Override
  public long magnitude(Measured key) {
    return isJudgedByChange()
        ? Math.max(0, Saturating.subtract(key.value, key.expected))
        : key.value;
  }

  @Override
  public long threshold(Measured key) {
    if (isJudgedByChange()) {
      return Math.max(1, band.threshold(key));
    }
    return rule.count() > 0
        ? threshold
        : Math.max(threshold, (long) Math.ceil(rule.ratio() * key.expected));
  }

  @Override
  public void describe(Measured key, Finding finding) {
    band.describe(key, finding);
  }
}
