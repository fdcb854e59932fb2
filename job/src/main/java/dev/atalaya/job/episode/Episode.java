package dev.atalaya.job.episode;

/**
 * What a finding is part of: windows, one behind the other, in which the same key was told. Public
 * fields and an empty constructor: Flink serializes it as a POJO.
 */
public final class Episode {

  /** What the finding makes of the episode. */
  public enum State {
    OPENED,
    ONGOING,
    GREW,
    CLOSED
  }

  public String id;
  public State state;

  /** Start of the first window. */
  public long startMillis;

  /** From the first window to this one or, when closed, to the last in which it was found. */
  public long windows;

  /** The largest value so far, and the start of its window. */
  public long peak;

  public long peakMillis;

  public Episode() {}
}
