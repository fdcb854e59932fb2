package dev.atalaya.job.ledger;

/**
 * So many records met one fate. Public fields and an empty constructor: Flink serializes it as a
 * POJO.
 */
public final class LedgerEntry {

  public static final String RECEIVED = "received";
  public static final String SKEWED = "skewed";
  public static final String DUPLICATE = "duplicate";

  /** Followed by the reason. */
  public static final String REJECTED = "rejected.";

  /** Followed by the detector. */
  public static final String COUNTED = "counted.";

  /** Followed by the detector. */
  public static final String LATE = "late.";

  /** Fields that were cut to the key limit; such a record is counted all the same. */
  public static final String TRUNCATED = "truncated-fields";

  public String term;
  public long count;

  /** The newest event time seen where this was counted; {@link Long#MIN_VALUE} before any. */
  public long newestMillis;

  public LedgerEntry() {}

  public LedgerEntry(String term, long count, long newestMillis) {
    this.term = term;
    this.count = count;
    this.newestMillis = newestMillis;
  }
}
