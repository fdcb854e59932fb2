package dev.atalaya.job.detect;

import dev.atalaya.job.config.DetectorConfig.Sensitivity;

/**
 * The values around what is expected that are usual: so many standard deviations to either side.
 *
 * @param deviations 0 when no threshold is learned: then every value is outside
 */
record Band(double deviations) {

  static Band of(Sensitivity sensitivity) {
    return new Band(sensitivity == null ? 0 : sensitivity.deviations());
  }

  boolean isLearned() {
    return deviations > 0;
  }

  private double width(Measured key) {
    return deviations * key.deviation;
  }

  boolean mayBeAbove(Measured key) {
    return !isLearned() || key.upper - (double) key.expectedLower > width(key);
  }

  boolean mayBeBelow(Measured key) {
    return !isLearned() || key.expectedUpper - (double) key.lower > width(key);
  }

  boolean isAbove(Measured key) {
    return !isLearned() || key.lower - (double) key.expectedUpper > width(key);
  }

  boolean isBelow(Measured key) {
    return !isLearned() || key.expectedLower - (double) key.upper > width(key);
  }

  /** Half its width, rounded up. */
  long threshold(Measured key) {
    return (long) Math.ceil(width(key));
  }

  /** The edges in the place of the bounds of what is expected. */
  void describe(Measured key, Finding finding) {
    if (isLearned()) {
      finding.expectedLower = (long) Math.floor(key.expected - width(key));
      finding.expectedUpper = (long) Math.ceil(key.expected + width(key));
      finding.deviations = Math.abs(key.value - (double) key.expected) / key.deviation;
    }
  }
}
