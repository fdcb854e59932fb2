package dev.atalaya.job.rules;

/**
 * What the gate knows of the rules in force. Public fields and an empty constructor: Flink
 * serializes it as a POJO.
 */
public final class GateState {

  public int version = 1;

  /** Of the whole configuration with the rules in force in it. */
  public String configHash;

  /** The rules in force as they were written, or null when the job's configuration has them. */
  public byte[] document;

  public String origin;

  /** Of the detectors that the job's configuration had when rules were last taken. */
  public String stateIds;

  /** A digest of what was refused last, so that a file is not refused at each start. */
  public String refused;

  /** Whether the version has not been sent to the slices. */
  public boolean isUnsent;

  /** No window that starts behind this has been closed by any slice. */
  public long announcedMillis = Long.MIN_VALUE;

  /**
   * Whether the slices may have closed windows before there was a gate, so that until it has seen a
   * watermark it cannot say which.
   */
  public boolean isLate;

  public GateState() {}
}
