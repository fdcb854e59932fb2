package dev.atalaya.job.detect;

/**
 * What one slice of one detector has to say about one closed window. Public fields and an empty
 * constructor: Flink serializes it as a POJO.
 */
public final class SliceFindings {

  /** The detector's state id. */
  public String detector;

  public int slice;
  public long startMillis;
  public long endMillis;

  /** Of the whole window, all slices: events folded, events its filter passed over. */
  public long events;

  public long filtered;

  /** The sum of absolute weights of the whole window, all slices. */
  public long total;

  public long baselineTotal;

  /** Whether there was no window before: changes cannot be told. */
  public boolean warmup;

  public boolean overflowed;
  public boolean exact;

  /** Of this slice. */
  public long distinctKeys;

  public long errorBound;

  /** The largest change that a key nobody stored can have made. */
  public long changeErrorBound;

  public long hitterThreshold;
  public long changerThreshold;

  /** The first by rank, no more than the detector's {@code max-alerts}. */
  public Finding[] hitters;

  public Finding[] changers;

  /** All that crossed the threshold, and the sum of their magnitudes, those above included. */
  public long hitterCount;

  public long hitterWeight;
  public long changerCount;
  public long changerWeight;

  public SliceFindings() {}
}
