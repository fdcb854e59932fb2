package dev.atalaya.job.baseline;

import dev.atalaya.job.config.DetectorConfig.BaselineKind;

/** How series learn in tests. */
final class LearningCurves {

  private LearningCurves() {}

  /** The defaults of a moving average. */
  static Learning usual(long windowMillis) {
    return of(BaselineKind.MOVING_AVERAGE, windowMillis);
  }

  static Learning of(BaselineKind kind, long windowMillis) {
    double halfLife = Learning.usualHalfLifeMillis(windowMillis);
    return new Learning(kind, 1 - StrictMath.pow(2, -windowMillis / halfLife), 12, windowMillis);
  }
}
