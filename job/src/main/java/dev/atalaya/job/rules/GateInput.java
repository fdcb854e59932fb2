package dev.atalaya.job.rules;

/**
 * What the gate reads: new rules, or how far the events have come. One type for both, since an
 * operator of two inputs cannot keep to itself that they are idle. Public fields and an empty
 * constructor: Flink serializes it as a POJO.
 */
public final class GateInput {

  /** The newest event time that a fold has seen; {@link Long#MIN_VALUE} with rules. */
  public long newestMillis = Long.MIN_VALUE;

  /** Null when there are no rules; no longer than one byte above what is refused as too long. */
  public byte[] document;

  public String origin;

  /** When the rules were written. */
  public long timestampMillis;

  public GateInput() {}

  static GateInput time(long newestMillis) {
    GateInput time = new GateInput();
    time.newestMillis = newestMillis;
    return time;
  }

  static GateInput rules(byte[] document, String origin, long timestampMillis) {
    GateInput rules = new GateInput();
    rules.document = document;
    rules.origin = origin;
    rules.timestampMillis = timestampMillis;
    return rules;
  }
}
