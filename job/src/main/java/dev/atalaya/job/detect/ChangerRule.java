package dev.atalaya.job.detect;

import dev.atalaya.job.config.DetectorConfig;

/**
 * A key has changed when its value is so far from what was expected, up or down, that every
 * threshold of the rule is reached: a difference, a share, a ratio, a learned band.
 *
 * <p>Source: Krishnamurthy et al., Sketch-based Change Detection (IMC 2003), with bounds in the
 * place of estimates.
 */
final class ChangerRule implements KeyRule {

  private final long threshold;
  private final Ratio ratio;
  private final Band band;
  private final long min;

  /**
   * @param larger of the window's and the baseline's totals
   */
  ChangerRule(DetectorConfig.Changers rule, long larger) {
    long share = rule.share() == null ? 0 : rule.share().of(larger);
    threshold = Math.max(1, Math.max(rule.delta(), share));
    ratio = new Ratio(rule.ratio());
    band = Band.of(rule.sensitivity());
    min = rule.min();
  }

  @Override
  public Finding.Kind kind() {
    return Finding.Kind.HEAVY_CHANGER;
  }

  @Override
  public long threshold() {
    return threshold;
  }

  @Override
  public boolean needsExpectation() {
    return true;
  }

  @Override
  public boolean looksForVanished() {
    return true;
  }

  @Override
  public boolean mayHold(Measured key) {
    return key.largestChange() >= threshold
        && Math.max(key.largest(), key.largestExpected()) >= min
        && (mayHaveRisen(key) || mayHaveFallen(key));
  }

  private boolean mayHaveRisen(Measured key) {
    return ratio.isReached(key.largest(), key.smallestExpected()) && band.mayBeAbove(key);
  }

  private boolean mayHaveFallen(Measured key) {
    return ratio.isReached(key.largestExpected(), key.smallest()) && band.mayBeBelow(key);
  }

  @Override
  public boolean isCertain(Measured key) {
    return key.smallestChange() >= threshold
        && Math.max(key.smallest(), key.smallestExpected()) >= min
        && (key.isUp() ? hasRisen(key) : hasFallen(key));
  }

  private boolean hasRisen(Measured key) {
    return ratio.isReached(key.smallest(), key.largestExpected()) && band.isAbove(key);
  }

  private boolean hasFallen(Measured key) {
    return ratio.isReached(key.smallestExpected(), key.largest()) && band.isBelow(key);
  }

  @Override
  public long magnitude(Measured key) {
    return Saturating.abs(Saturating.subtract(key.value, key.expected));
  }

  @Override
  public long threshold(Measured key) {
    return Math.max(threshold, band.threshold(key));
  }

  @Override
  public void describe(Measured key, Finding finding) {
    band.describe(key, finding);
  }
}
