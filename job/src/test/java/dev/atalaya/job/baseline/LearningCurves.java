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
    return Learning.of(kind, 12 * windowMillis, 12, windowMillis);
  }
}
