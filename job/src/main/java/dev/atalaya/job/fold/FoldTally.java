package dev.atalaya.job.fold;

import dev.atalaya.job.decode.DecodedRecord;
import dev.atalaya.job.decode.RejectReason;
import dev.atalaya.job.ledger.LedgerEntry;
import java.util.function.Consumer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/**
 * Counts what comes in, twice: for the metrics, from the start of the task, and for the ledger, from
 * one flush to the next. {@code eventsReceived = eventsDecoded + eventsSkewed + eventsRejected}.
 */
final class FoldTally {

  private static final RejectReason[] REASONS = RejectReason.values();

  private final Counter eventsReceived;
  private final Counter eventsDecoded;
  private final Counter eventsSkewed;
  private final Counter eventsRejected;
  private final Counter[] eventsRejectedByReason = new Counter[REASONS.length];

  private long received;
  private long skewed;
  private long truncatedFields;
  private final long[] rejected = new long[REASONS.length];
  private long newestMillis = Long.MIN_VALUE;

  FoldTally(MetricGroup metrics) {
    eventsReceived = metrics.counter("eventsReceived");
    eventsDecoded = metrics.counter("eventsDecoded");
    eventsSkewed = metrics.counter("eventsSkewed");
    eventsRejected = metrics.counter("eventsRejected");
    for (RejectReason reason : REASONS) {
      eventsRejectedByReason[reason.ordinal()] =
          metrics.addGroup("reason", reason.label()).counter("eventsRejected");
    }
  }

  void count(DecodedRecord decoded) {
    received++;
    eventsReceived.inc();
    switch (decoded.kind()) {
      case EVENT -> {
        eventsDecoded.inc();
        newestMillis = Math.max(newestMillis, decoded.timestampMillis());
        truncatedFields += decoded.truncatedFields();
      }
      case SKEWED -> {
        skewed++;
        eventsSkewed.inc();
      }
      case REJECTED -> {
        int reason = decoded.rejection().reason().ordinal();
        rejected[reason]++;
        eventsRejected.inc();
        eventsRejectedByReason[reason].inc();
      }
    }
  }

  /** The newest event time seen; {@link Long#MIN_VALUE} before any. */
  long newestMillis() {
    return newestMillis;
  }

  /** Hands over what was counted since the last time, and begins anew. */
  void drainTo(Consumer<LedgerEntry> ledger) {
    enter(LedgerEntry.RECEIVED, received, ledger);
    enter(LedgerEntry.SKEWED, skewed, ledger);
    enter(LedgerEntry.TRUNCATED, truncatedFields, ledger);
    for (RejectReason reason : REASONS) {
      enter(LedgerEntry.REJECTED + reason.label(), rejected[reason.ordinal()], ledger);
      rejected[reason.ordinal()] = 0;
    }
    received = 0;
    skewed = 0;
    truncatedFields = 0;
  }

  private void enter(String term, long count, Consumer<LedgerEntry> ledger) {
    if (count > 0) {
      ledger.accept(new LedgerEntry(term, count, newestMillis));
    }
  }
}
