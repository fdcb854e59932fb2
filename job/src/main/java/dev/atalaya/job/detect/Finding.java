package dev.atalaya.job.detect;

import java.util.Arrays;
import java.util.Comparator;

/**
 * One key that crossed a threshold in one window, with its bounds. Values are in the detector's
 * measure. Public fields and an empty constructor: Flink serializes it as a POJO.
 */
public final class Finding {

  /**
   * Larger magnitude first, then the key's bytes, so that ranks do not depend on the order of
   * arrival.
   */
  public static final Comparator<Finding> BY_RANK =
      Comparator.comparingLong((Finding finding) -> finding.magnitude)
          .reversed()
          .thenComparing((a, b) -> Arrays.compareUnsigned(a.key, b.key));

  /** What was found. */
  public enum Kind {
    HEAVY_HITTER,
    HEAVY_CHANGER
  }

  public Kind kind;

  /** The composed key, see {@code CompositeKey}. */
  public byte[] key;

  /** What the finding is ranked by: the absolute value of a hitter, of a changer's change. */
  public long magnitude;

  public long actual;
  public long actualLower;
  public long actualUpper;

  /** The value in the baseline; with its bounds 0 for hitters without a baseline. */
  public long expected;

  public long expectedLower;
  public long expectedUpper;

  /** The absolute change from {@link #expected} to {@link #actual}, and its bounds. */
  public long delta;

  public long deltaLower;
  public long deltaUpper;

  /** Whether the change is upwards; meaningless for hitters. */
  public boolean up;

  public long threshold;

  /** Whether the lower bound crosses the threshold, not only the upper one. */
  public boolean certain;

  /** The place among the findings of its kind in the window, from 1; 0 until gathered. */
  public int rank;

  public Finding() {}
}
