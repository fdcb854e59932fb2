package dev.atalaya.job.fold;

import dev.atalaya.job.decode.DecodedRecord;
import dev.atalaya.job.decode.RejectReason;
import dev.atalaya.job.ledger.LedgerEntry;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/**
 * Counts what comes in, twice: for the metrics, from the start of the task, and for the ledger,
 * from one flush to the next. {@code eventsReceived = eventsDecoded + eventsSkewed + eventsRejected
 * + eventsDuplicate}.
 */
final class FoldTally {

  private final Counter eventsReceived;
  private final Counter eventsDecoded;
  private final Counter eventsSkewed;
  private final Counter eventsDuplicate;
  private final Counter eventsRejected;
  private final Map<RejectReason, Counter> eventsRejectedByReason =
      new EnumMap<>(RejectReason.class);

  private long received;
  private long skewed;
  private long duplicate;
  private long truncatedFields;
  private final Map<RejectReason, Long> rejected = new EnumMap<>(RejectReason.class);
  private long newestMillis = Long.MIN_VALUE;

  FoldTally(MetricGroup metrics) {
    eventsReceived = metrics.counter("eventsReceived");
    eventsDecoded = metrics.counter("eventsDecoded");
    eventsSkewed = metrics.counter("eventsSkewed");
    eventsDuplicate = metrics.counter("eventsDuplicate");
    eventsRejected = metrics.counter("eventsRejected");
    for (RejectReason reason : RejectReason.values()) {
      eventsRejectedByReason.put(
          reason, metrics.addGroup("reason", reason.label()).counter("eventsRejected"));
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
      case DUPLICATE -> {
        duplicate++;
        eventsDuplicate.inc();
      }
      case REJECTED -> {
        RejectReason reason = decoded.rejection().reason();
        rejected.merge(reason, 1L, Long::sum);
        eventsRejected.inc();
        eventsRejectedByReason.get(reason).inc();
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
    enter(LedgerEntry.DUPLICATE, duplicate, ledger);
    enter(LedgerEntry.TRUNCATED, truncatedFields, ledger);
    rejected.forEach(
        (reason, count) -> enter(LedgerEntry.REJECTED + reason.label(), count, ledger));
    rejected.clear();
    received = 0;
    skewed = 0;
    duplicate = 0;
    truncatedFields = 0;
  }

  private void enter(String term, long count, Consumer<LedgerEntry> ledger) {
    if (count > 0) {
      ledger.accept(new LedgerEntry(term, count, newestMillis));
    }
  }
}
