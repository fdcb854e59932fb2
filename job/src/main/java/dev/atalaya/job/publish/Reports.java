package dev.atalaya.job.publish;

import dev.atalaya.connectors.Document;
import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.detect.Finding;
import dev.atalaya.job.detect.KindFindings;
import dev.atalaya.job.detect.SignalValue;
import dev.atalaya.job.detect.SliceFindings;
import dev.atalaya.job.detect.WindowFindings;
import java.util.ArrayList;
import java.util.List;

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
    put(report, "spreaders", window.of(Finding.Kind.SUPERSPREADER), window.errorBound, false);
    put(report, "first_seen", window.of(Finding.Kind.FIRST_SEEN), window.errorBound, window.warmup);
    if (detector.allow().stream().anyMatch(allow -> detector.key().contains(allow.field()))) {
      report.put("Atalaya.allowed", window.allowed);
    }
    if (!detector.sleep().isEmpty()) {
      report.put("Atalaya.asleep", window.asleep);
    }
    for (SignalValue signal : findings.signals) {
      put(report, signal);
    }
    if (findings.episodes != null) {
      report.put("Atalaya.episodes.open", findings.episodes.open);
      report.put("Atalaya.episodes.opened", findings.episodes.opened);
      report.put("Atalaya.episodes.closed", findings.episodes.closed);
      report.put("Atalaya.episodes.suppressed", findings.episodes.suppressed);
    }
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

  private static void put(DocumentTree report, SignalValue signal) {
    String object =
        switch (signal.kind) {
          case UNUSUAL_TOTAL -> "Atalaya.signals.total.";
          case UNUSUAL_DISTINCT -> "Atalaya.signals.distinct_keys.";
          case UNUSUAL_ENTROPY -> "Atalaya.signals.entropy.";
          default -> throw new IllegalArgumentException(signal.kind + " has no value");
        };
    report.put(object + "actual", signal.actual);
    report.put(object + "lower", signal.lower);
    report.put(object + "upper", signal.upper);
    if (signal.threshold > 0) {
      report.put(object + "expected", signal.expected);
      report.put(object + "threshold", signal.threshold);
    }
  }

  private static String coverage(WindowFindings findings, DetectorConfig detector) {
    SliceFindings window = findings.summary;
    if (window.asleep) {
      return "nothing was looked for: the detector sleeps";
    }
    List<String> parts = new ArrayList<>();
    for (KindFindings found : window.kinds) {
      String covered = covered(found, window, detector.measure());
      if (covered != null) {
        parts.add(covered);
      }
    }
    long unlisted = findings.unlisted();
    if (unlisted > 0) {
      parts.add(unlisted + " of the findings are summed here, not listed");
    }
    return String.join("; ", parts);
  }

  /** Null for a kind that is not about keys: it is found whenever it is there. */
  private static String covered(KindFindings found, SliceFindings window, String measure) {
    long from = Math.max(found.threshold, window.errorBound + 1);
    return switch (found.kind) {
      case HEAVY_HITTER, SUPERSPREADER ->
          "every key with " + from + " " + measure + " or more was found";
      case HEAVY_CHANGER -> {
        if (window.warmup) {
          yield "no window before, so no change can be told";
        }
        yield "every key whose "
            + measure
            + " changed by "
            + Math.max(found.threshold, window.changeErrorBound + 1)
            + " or more was found";
      }
      case FIRST_SEEN ->
          window.warmup
              ? "no window before, so no key can be told to be new"
              : "every key with " + from + " " + measure + " or more that was never seen was found";
      case UNUSUAL_TOTAL, UNUSUAL_DISTINCT, UNUSUAL_ENTROPY, SILENCE -> null;
    };
  }
}
