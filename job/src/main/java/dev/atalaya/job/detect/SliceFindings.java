package dev.atalaya.job.detect;

import dev.atalaya.job.config.DetectorConfig;

/**
 * What one slice of one detector has to say about one closed window. Public fields and an empty
 * constructor: Flink serializes it as a POJO.
 */
public final class SliceFindings {

  /** The detector's state id. */
  public String detector;

  /** What the window was judged by, or null when by the job's own configuration. */
  public RuleVersion rules;

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

  /** What the keys of this slice add to the entropy of all, or null when it is not watched. */
  public EntropyPart entropy;

  /** Findings that the detector's lists call expected: no alert. */
  public long allowed;

  /** Whether the window began in hours in which the detector finds nothing. */
  public boolean asleep;

  /** Of the kinds the detector looks for, in the order of {@link Finding.Kind}. */
  public KindFindings[] kinds = {};

  public SliceFindings() {}

  /**
   * The rules that the window was judged by.
   *
   * @param configured what the job's configuration says of the detector
   */
  public DetectorConfig judgedBy(DetectorConfig configured) {
    return rules == null ? configured : rules.detector();
  }

  /** The findings of a kind, or null when the detector does not look for it. */
  public KindFindings of(Finding.Kind kind) {
    for (KindFindings found : kinds) {
      if (found.kind == kind) {
        return found;
      }
    }
    return null;
  }
}
