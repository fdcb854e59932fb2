package dev.atalaya.job.episode;

/**
 * What a window did to a detector's episodes. Public fields and an empty constructor: Flink
 * serializes it as a POJO.
 */
public final class EpisodeCounts {

  /** Episodes open after the window. */
  public long open;

  public long opened;
  public long closed;

  /** Findings of the window that were not written: nothing new, not yet, or soon after a close. */
  public long suppressed;

  public EpisodeCounts() {}
}
