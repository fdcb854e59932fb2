package dev.atalaya.job.detect;

import dev.atalaya.job.episode.EpisodeCounts;

/**
 * What all slices together say about one closed window of one detector: the findings that become
 * alerts, and the summary that becomes the report.
 */
public final class WindowFindings {

  /** Sums over the slices; the findings listed are those kept, ranked over all slices. */
  public SliceFindings summary;

  /** How many slices have spoken. */
  public int slices;

  /** The signals that the detector watches, in the order of their kinds, when there is a value. */
  public SignalValue[] signals = {};

  /** What the window did to the episodes, or null when each alert stands alone. */
  public EpisodeCounts episodes;

  /** One for each episode that the window closed: its key, what opened it, and the episode. */
  public Finding[] recovered = {};

  public WindowFindings() {}

  /** Findings of any kind that crossed a threshold and are not among the alerts. */
  public long unlisted() {
    long unlisted = 0;
    for (KindFindings found : summary.kinds) {
      unlisted += found.unlisted();
    }
    return unlisted;
  }
}
