package dev.atalaya.job.publish;

import dev.atalaya.connectors.Document;
import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.config.DetectorConfig.BaselineKind;
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
    for (KindFindings found : window.kinds) {
      put(report, found, window, detector);
    }
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

  /** Whether each key has a threshold of its own. */
  private static boolean isLearned(Finding.Kind kind, DetectorConfig detector) {
    DetectorConfig.Changers changers = detector.changers();
    DetectorConfig.Spreaders spreaders = detector.spreaders();
    return switch (kind) {
      case HEAVY_CHANGER -> changers != null && changers.sensitivity() != null;
      case SUPERSPREADER -> spreaders != null && spreaders.sensitivity() != null;
      default -> false;
    };
  }

  private static void put(
      DocumentTree report, KindFindings found, SliceFindings window, DetectorConfig detector) {
    String name =
        switch (found.kind) {
          case HEAVY_HITTER -> "hitters";
          case HEAVY_CHANGER -> "changers";
          case SUPERSPREADER -> "spreaders";
          case FIRST_SEEN -> "first_seen";
          case UNUSUAL_TOTAL, UNUSUAL_DISTINCT, UNUSUAL_ENTROPY, SILENCE -> null;
        };
    if (name == null) {
      return;
    }
    String object = "Atalaya." + name + ".";
    if (!isLearned(found.kind, detector)) {
      report.put(object + "threshold", found.threshold);
    }
    report.put(
        object + "certified",
        isJudged(found.kind, window, detector) && found.threshold > bound(found, window));
    report.put(object + "found", found.count);
    report.put(object + "found_weight", found.weight);
    report.put(object + "unlisted", found.unlisted());
    report.put(object + "unlisted_weight", found.unlistedWeight());
  }

  /** Whether the window could be compared with what the kind needs. */
  private static boolean isJudged(
      Finding.Kind kind, SliceFindings window, DetectorConfig detector) {
    return switch (kind) {
      case HEAVY_CHANGER -> !window.warmup;
      case SUPERSPREADER -> !window.warmup || !isCompared(detector.spreaders());
      // The first window only teaches; in a longer warm-up there are windows before.
      case FIRST_SEEN -> !window.warmup || window.baselineTotal > 0;
      default -> true;
    };
  }

  private static boolean isCompared(DetectorConfig.Spreaders rule) {
    return rule != null && (rule.ratio() > 0 || rule.sensitivity() != null);
  }

  /** Whether a key that reaches the threshold need not be a finding. */
  private static boolean hasFurtherConditions(Finding.Kind kind, DetectorConfig detector) {
    if (!detector.also().isEmpty()
        || detector.allow().stream().anyMatch(allow -> detector.key().contains(allow.field()))) {
      return true;
    }
    return switch (kind) {
      case HEAVY_HITTER -> detector.overrides().stream().anyMatch(one -> one.hitters() != null);
      case HEAVY_CHANGER -> detector.overrides().stream().anyMatch(one -> one.changers() != null);
      case SUPERSPREADER ->
          (detector.spreaders() != null && detector.spreaders().ratio() > 0)
              || detector.overrides().stream().anyMatch(one -> one.spreaders() != null);
      default -> false;
    };
  }

  /** The largest value or change of a key whose name was not kept. */
  private static long bound(KindFindings found, SliceFindings window) {
    return found.kind == Finding.Kind.HEAVY_CHANGER ? window.changeErrorBound : window.errorBound;
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
      if (found.kind.isOfKey()) {
        parts.add(covered(found, window, detector));
      }
    }
    if (parts.isEmpty()) {
      parts.add("the window was looked at as a whole");
    }
    long unlisted = findings.unlisted();
    if (unlisted > 0) {
      parts.add(unlisted + " of the findings are summed here, not listed");
    }
    return String.join("; ", parts);
  }

  private static String covered(KindFindings found, SliceFindings window, DetectorConfig detector) {
    if (!isJudged(found.kind, window, detector)) {
      if (found.kind == Finding.Kind.FIRST_SEEN) {
        return "no window before, so no key can be told to be new";
      }
      return detector.baseline().kind() == BaselineKind.PREVIOUS_WINDOW
          ? "no window before, so no change can be told"
          : "in warm-up, so no change can be told";
    }
    String measure = detector.measure();
    long from = Math.max(found.threshold, bound(found, window) + 1);
    String usual =
        (isLearned(found.kind, detector) ? " and is not usual" : "")
            + (hasFurtherConditions(found.kind, detector)
                ? " that meets the rule's other conditions"
                : "");
    return switch (found.kind) {
      case HEAVY_CHANGER ->
          "every key whose " + measure + " changed by " + from + " or more" + usual + " was found";
      case FIRST_SEEN ->
          "every key with "
              + from
              + " "
              + measure
              + " or more that was never seen"
              + usual
              + " was found";
      default -> "every key with " + from + " " + measure + " or more" + usual + " was found";
    };
  }
}
