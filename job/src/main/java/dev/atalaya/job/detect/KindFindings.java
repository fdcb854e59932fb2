package dev.atalaya.job.detect;

import java.util.Arrays;

/**
 * All findings of one kind in one window: how many crossed the threshold, and the first of them.
 * Public fields and an empty constructor: Flink serializes it as a POJO.
 */
public final class KindFindings {

  private static final Finding[] NONE = {};

  public Finding.Kind kind;

  /** The detector's own, which a group of keys may have another than. */
  public long threshold;

  /** All that crossed the threshold, and the sum of their magnitudes, saturating. */
  public long count;

  public long weight;

  /** The first by rank, no more than the detector's {@code max-alerts}. */
  public Finding[] listed = NONE;

  public KindFindings() {}

  KindFindings(Finding.Kind kind, long threshold) {
    this.kind = kind;
    this.threshold = threshold;
  }

  /** Findings that crossed the threshold and are not listed. */
  public long unlisted() {
    return count - listed.length;
  }

  /** The sum of their magnitudes. */
  public long unlistedWeight() {
    long rest = weight;
    for (Finding finding : listed) {
      rest -= finding.magnitude;
    }
    // A sum that stopped at the end of a long may be less than its parts.
    return Math.max(0, rest);
  }

  /** Takes in those of another slice, or of none; not yet ranked. */
  void add(KindFindings other) {
    if (other != null) {
      count += other.count;
      weight = Saturating.add(weight, other.weight);
      int own = listed.length;
      listed = Arrays.copyOf(listed, own + other.listed.length);
      System.arraycopy(other.listed, 0, listed, own, other.listed.length);
    }
  }

  /** Numbers the findings by rank and keeps the first. */
  void rank(int kept) {
    Arrays.sort(listed, Finding.BY_RANK);
    listed = Arrays.copyOf(listed, kept);
    for (int i = 0; i < kept; i++) {
      listed[i].rank = i + 1;
    }
  }
}
