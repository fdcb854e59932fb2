package dev.atalaya.job.ledger;

import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The account of one source at one moment. Public fields and an empty constructor: Flink serializes
 * it as a POJO.
 */
public final class LedgerState {

  public String source;

  /** The newest event time seen; {@link Long#MIN_VALUE} before any. */
  public long newestMillis = Long.MIN_VALUE;

  /** How many accounts have been published before this one. */
  public long revision;

  /** Whether something was entered since this was last published. */
  public boolean changed;

  public String[] terms = {};
  public long[] counts = {};

  public LedgerState() {}

  /** The counts by term, sorted. */
  public NavigableMap<String, Long> byTerm() {
    TreeMap<String, Long> byTerm = new TreeMap<>();
    for (int i = 0; i < terms.length; i++) {
      byTerm.put(terms[i], counts[i]);
    }
    return byTerm;
  }

  /** Adds an entry. */
  void add(LedgerEntry entry) {
    NavigableMap<String, Long> byTerm = byTerm();
    byTerm.merge(entry.term, entry.count, Long::sum);
    terms = byTerm.keySet().toArray(String[]::new);
    counts = byTerm.values().stream().mapToLong(Long::longValue).toArray();
    newestMillis = Math.max(newestMillis, entry.newestMillis);
    changed = true;
  }
}
