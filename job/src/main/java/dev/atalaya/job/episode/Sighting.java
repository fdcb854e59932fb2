package dev.atalaya.job.episode;

/** A key that was found in a window, and what that makes of its episode. Not thread-safe. */
public final class Sighting {

  final byte[] key;
  final String kind;
  final String measure;
  final long value;
  final boolean once;

  private Episode episode;

  /**
   * @param kind what was found: the first of each in an episode is told
   * @param measure what the value is of; only values of the same are compared
   * @param once whether it is found in one window and not in those that follow, whatever goes on
   */
  public Sighting(byte[] key, String kind, String measure, long value, boolean once) {
    this.key = key;
    this.kind = kind;
    this.measure = measure;
    this.value = value;
    this.once = once;
  }

  public byte[] key() {
    return key;
  }

  /** What was found or, when the episode is closed, what opened it. */
  public String kind() {
    return kind;
  }

  /** The episode as it is to be told, or null when there is nothing to tell. */
  public Episode episode() {
    return episode;
  }

  Sighting tell(Episode told) {
    episode = told;
    return this;
  }
}
