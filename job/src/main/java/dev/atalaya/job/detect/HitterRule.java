package dev.atalaya.job.detect;

import dev.atalaya.job.config.DetectorConfig;

/** A key is heavy when the absolute value of its weight reaches a count and a share. */
final class HitterRule implements KeyRule {

  private final long threshold;

  HitterRule(DetectorConfig.Hitters rule, long total) {
    long share = rule.share() == null ? 0 : rule.share().of(total);
    // A key that adds up to nothing is never a finding.
    threshold = Math.max(1, Math.max(rule.count(), share));
  }

  @Override
  public Finding.Kind kind() {
    return Finding.Kind.HEAVY_HITTER;
  }

  @Override
  public long threshold() {
    return threshold;
  }

  @Override
  public boolean mayHold(Measured key) {
    return key.largest() >= threshold;
  }

  @Override
  public boolean isCertain(Measured key) {
    return key.smallest() >= threshold;
  }
}
