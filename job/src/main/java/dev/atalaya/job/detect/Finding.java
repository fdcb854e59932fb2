package dev.atalaya.job.detect;

import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.episode.Episode;
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

  /** What was found, in the order in which documents are written. */
  public enum Kind {
    HEAVY_HITTER,
    HEAVY_CHANGER,
    /** A key that met many distinct peers. */
    SUPERSPREADER,
    /** A key that was not there for a long time. */
    FIRST_SEEN,
    /** Of the window as a whole, so without a key, as are those below. */
    UNUSUAL_TOTAL,
    UNUSUAL_DISTINCT,
    UNUSUAL_ENTROPY,
    /** No events behind a window with events. */
    SILENCE;

    /** Whether it is about a key, not the window as a whole. */
    public boolean isOfKey() {
      return compareTo(UNUSUAL_TOTAL) < 0;
    }

    /** Whether it is found in the first window only, however long it goes on. */
    public boolean isOnce() {
      return this == FIRST_SEEN || this == SILENCE;
    }
  }

  public Kind kind;

  /** The composed key, see {@code CompositeKey}, or a prefix; empty for the window as a whole. */
  public byte[] key;

  /** Whether the key is a prefix that stands for all keys below it. */
  public boolean prefix;

  /** What the finding is ranked by: the absolute value, or that of the change. */
  public long magnitude;

  public long actual;
  public long actualLower;
  public long actualUpper;

  /** The value in the baseline; with its bounds 0 where there is no baseline. */
  public long expected;

  /** Bounds of the value in the baseline; of a learned one, the edges of what is usual. */
  public long expectedLower;

  public long expectedUpper;

  public DetectorConfig.BaselineKind expectedKind = DetectorConfig.BaselineKind.PREVIOUS_WINDOW;

  /** How many standard deviations from what is expected; 0 when the threshold is not learned. */
  public double deviations;

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

  /** In the order of the detector's {@code also}; empty without. */
  public Also[] also = {};

  /** In the order of the detector's contributor fields; empty without. */
  public ContributorField[] contributors = {};

  /** Null when each alert stands alone. */
  public Episode episode;

  public Finding() {}

  /** A further measure of the same key, which had to be reached too. */
  public static final class Also {
    public long value;
    public long lower;
    public long upper;
    public long threshold;

    public Also() {}
  }

  /** What one other field says the value is made of. */
  public static final class ContributorField {
    public String field;

    /** The largest first. */
    public Contributor[] entries;

    /** The part of the value that the entries do not make up, and the most that it can be. */
    public long remainder;

    public long remainderUpper;

    public ContributorField() {}
  }

  /** One value of another field, with its part of the finding's value. */
  public static final class Contributor {
    public String value;
    public long amount;
    public long lower;
    public long upper;

    public Contributor() {}
  }
}
