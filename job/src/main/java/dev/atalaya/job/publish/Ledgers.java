package dev.atalaya.job.publish;

import dev.atalaya.connectors.Document;
import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.ledger.LedgerEntry;
import dev.atalaya.job.ledger.LedgerState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/**
 * Writes the account of a source, one document for each detector: {@code received = counted + late
 * + skewed + rejected + duplicate}. While events are under way between the stages, {@code pending}
 * holds the difference; at the end of a bounded input it is 0.
 */
final class Ledgers {

  private final DocumentContext context;
  private final List<DetectorConfig> detectors;

  Ledgers(DocumentContext context, List<DetectorConfig> detectors) {
    this.context = context;
    this.detectors = List.copyOf(detectors);
  }

  List<Document> write(LedgerState account) {
    List<Document> documents = new ArrayList<>();
    for (DetectorConfig detector : detectors) {
      documents.add(write(account, detector));
    }
    return documents;
  }

  private Document write(LedgerState account, DetectorConfig detector) {
    NavigableMap<String, Long> terms = account.byTerm();
    long received = terms.getOrDefault(LedgerEntry.RECEIVED, 0L);
    long counted = terms.getOrDefault(LedgerEntry.COUNTED + detector.name(), 0L);
    long late = terms.getOrDefault(LedgerEntry.LATE + detector.name(), 0L);
    long skewed = terms.getOrDefault(LedgerEntry.SKEWED, 0L);
    long duplicate = terms.getOrDefault(LedgerEntry.DUPLICATE, 0L);
    Map<String, Long> reasons =
        terms.subMap(LedgerEntry.REJECTED, LedgerEntry.REJECTED + Character.MAX_VALUE);
    long rejected = reasons.values().stream().mapToLong(Long::longValue).sum();
    boolean dated = account.newestMillis != Long.MIN_VALUE;
    String id =
        (dated ? account.newestMillis + "-" : "")
            + detector.name()
            + "-ledger-"
            + account.source
            + "-"
            + account.revision;

    DocumentTree ledger = new DocumentTree();
    if (dated) {
      ledger.putTime("@timestamp", account.newestMillis);
    }
    ledger.put(
        "message",
        received
            + " received from "
            + account.source
            + ": "
            + counted
            + " counted, "
            + late
            + " late, "
            + skewed
            + " skewed, "
            + rejected
            + " rejected, "
            + duplicate
            + " duplicate");
    ledger.put("event.kind", "metric");
    ledger.put("event.action", "ledger");
    ledger.put("event.id", id);
    ledger.put("rule.id", detector.name());
    ledger.put("rule.name", detector.name());
    ledger.put("Atalaya.source", account.source);
    ledger.put("Atalaya.guarantee", context.guarantee());
    ledger.put("Atalaya.revision", account.revision);
    ledger.put("Atalaya.received", received);
    ledger.put("Atalaya.counted", counted);
    ledger.put("Atalaya.late", late);
    ledger.put("Atalaya.skewed", skewed);
    ledger.put("Atalaya.rejected", rejected);
    ledger.put("Atalaya.duplicate", duplicate);
    ledger.put("Atalaya.pending", received - counted - late - skewed - rejected - duplicate);
    ledger.put("Atalaya.truncated_fields", terms.getOrDefault(LedgerEntry.TRUNCATED, 0L));
    reasons.forEach(
        (term, count) ->
            ledger.put(
                "Atalaya.reject_reasons."
                    + term.substring(LedgerEntry.REJECTED.length()).replace('-', '_'),
                count));
    context.sign(ledger);
    return new Document(
        Document.Kind.REPORT,
        id,
        detector.name(),
        dated ? account.newestMillis : Document.UNDATED,
        ledger.toJson());
  }
}
