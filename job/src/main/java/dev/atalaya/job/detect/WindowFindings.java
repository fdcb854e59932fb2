package dev.atalaya.job.detect;

/**
 * What all slices together say about one closed window of one detector: the findings that become
 * alerts, and the summary that becomes the report.
 */
public final class WindowFindings {

  /** Sums over the slices; its own arrays of findings are those kept, ranked over all slices. */
  public SliceFindings summary;

  /** How many slices have spoken. */
  public int slices;

  public WindowFindings() {}

  /** Hitters that crossed the threshold and are not among the alerts. */
  public long unlistedHitters() {
    return summary.hitterCount - summary.hitters.length;
  }

  /** Changers that crossed the threshold and are not among the alerts. */
  public long unlistedChangers() {
    return summary.changerCount - summary.changers.length;
  }

  /** The sum of the magnitudes of all findings less those listed. */
  static long unlistedWeight(long all, Finding[] listed) {
    long rest = all;
    for (Finding finding : listed) {
      rest -= finding.magnitude;
    }
    // A sum that stopped at the end of a long may be less than its parts.
    return Math.max(0, rest);
  }

  public long unlistedHitterWeight() {
    return unlistedWeight(summary.hitterWeight, summary.hitters);
  }

  public long unlistedChangerWeight() {
    return unlistedWeight(summary.changerWeight, summary.changers);
  }
}
