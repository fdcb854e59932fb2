package dev.atalaya.job.publish;

import dev.atalaya.connectors.Document;
import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.detect.Finding;
import dev.atalaya.job.detect.KindFindings;
import dev.atalaya.job.detect.SliceFindings;
import dev.atalaya.job.detect.WindowFindings;

/**
 * Writes the one report of a window: its totals, what was found and not listed, and the coverage
 * statement. Every field is explained in docs/alert.md.
 */
final class Reports {

  private final DocumentContext context;

  Reports(DocumentContext context) {
    this.context = context;
  }

  Document write(WindowFindings findings) {
    SliceFindings window = findings.summary;
    DetectorConfig detector = context.detector(window);
    String id = window.endMillis + "-" + detector.name() + "-window_report";

    DocumentTree report = new DocumentTree();
    report.putTime("@timestamp", window.endMillis - 1);
    report.put("message", coverage(findings, detector));
    report.put("event.kind", "metric");
    report.put("event.action", "window_report");
    report.put("event.id", id);
    report.putTime("event.start", window.startMillis);
    report.putTime("event.end", window.endMillis);
    report.put("event.duration", (window.endMillis - window.startMillis) * 1_000_000);
    report.put("rule.id", detector.name());
    report.put("rule.name", detector.name());
    if (context.rulesChange()) {
      report.put("rule.version", DocumentContext.ruleVersion(window));
    }
    report.put("Atalaya.measure", detector.measure());
    report.put("Atalaya.guarantee", context.guarantee());
    report.put("Atalaya.events", window.events);
    report.put("Atalaya.filtered", window.filtered);
    report.put("Atalaya.window_total", window.total);
    report.put("Atalaya.baseline_total", window.baselineTotal);
    report.put("Atalaya.distinct_keys", window.distinctKeys);
    report.put("Atalaya.exact", window.exact);
    report.put("Atalaya.warmup", window.warmup);
    report.put("Atalaya.overflow", window.overflowed);
    report.put("Atalaya.error_bound", window.errorBound);
    report.put("Atalaya.change_error_bound", window.changeErrorBound);
    put(report, "hitters", window.of(Finding.Kind.HEAVY_HITTER), window.errorBound, false);
    put(
        report,
        "changers",
        window.of(Finding.Kind.HEAVY_CHANGER),
        window.changeErrorBound,
        window.warmup);
    context.sign(report, window);
    return new Document(
        Document.Kind.REPORT, id, detector.name(), window.endMillis - 1, report.toJson());
  }

  private static void put(
      DocumentTree report, String name, KindFindings found, long errorBound, boolean warmup) {
    if (found == null) {
      return;
    }
    String object = "Atalaya." + name + ".";
    report.put(object + "threshold", found.threshold);
    report.put(object + "certified", !warmup && found.threshold > errorBound);
    report.put(object + "found", found.count);
    report.put(object + "found_weight", found.weight);
    report.put(object + "unlisted", found.unlisted());
    report.put(object + "unlisted_weight", found.unlistedWeight());
  }

  private static String coverage(WindowFindings findings, DetectorConfig detector) {
    SliceFindings window = findings.summary;
    KindFindings hitters = window.of(Finding.Kind.HEAVY_HITTER);
    KindFindings changers = window.of(Finding.Kind.HEAVY_CHANGER);
    StringBuilder sentence = new StringBuilder();
    if (hitters != null) {
      long from = Math.max(hitters.threshold, window.errorBound + 1);
      sentence.append("every key with ").append(from).append(' ').append(detector.measure());
      sentence.append(" or more was found");
    }
    if (changers != null) {
      if (sentence.length() > 0) {
        sentence.append("; ");
      }
      if (window.warmup) {
        sentence.append("no window before, so no change can be told");
      } else {
        long from = Math.max(changers.threshold, window.changeErrorBound + 1);
        sentence.append("every key whose ").append(detector.measure());
        sentence.append(" changed by ").append(from).append(" or more was found");
      }
    }
    long unlisted = findings.unlisted();
    if (unlisted > 0) {
      sentence.append("; ").append(unlisted).append(" of the findings are summed here, not listed");
    }
    return sentence.toString();
  }
}
