package dev.atalaya.job.rules;

/**
 * A record of the topic that rules come from. Public fields and an empty constructor: Flink
 * serializes it as a POJO.
 */
public final class RulesRecord {

  /** No longer than one byte above what is refused as too long. */
  public byte[] document;

  public String origin;
  public long timestampMillis;

  public RulesRecord() {}

  RulesRecord(byte[] document, String origin, long timestampMillis) {
    this.document = document;
    this.origin = origin;
    this.timestampMillis = timestampMillis;
  }
}
