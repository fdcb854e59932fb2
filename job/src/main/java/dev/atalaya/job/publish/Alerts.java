package dev.atalaya.job.publish;

import dev.atalaya.connectors.Document;
import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.detect.Finding;
import dev.atalaya.job.detect.SliceFindings;
import dev.atalaya.job.fold.CompositeKey;
import dev.atalaya.sketch.KeyId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Writes each finding as one alert in the Elastic Common Schema, our own fields under {@code
 * Atalaya}. Every field is explained in docs/alert.md.
 */
final class Alerts {

  private static final int REVISION = 0;

  private final DocumentContext context;

  Alerts(DocumentContext context) {
    this.context = context;
  }

  Document write(Finding finding, SliceFindings window) {
    DetectorConfig detector = context.detector(window);
    String action = finding.kind.name().toLowerCase(Locale.ROOT);
    String id =
        String.join(
            "-",
            Long.toString(window.endMillis),
            detector.name(),
            action,
            KeyId.hex128(finding.key, 0, finding.key.length),
            Integer.toString(REVISION));
    String[] values = CompositeKey.split(finding.key, detector.key().size());
    String key = String.join(" ", values);
    long score = score(finding);

    DocumentTree alert = new DocumentTree();
    alert.putTime("@timestamp", window.endMillis - 1);
    alert.put("message", Sentences.of(finding, window, detector, key));
    alert.put("event.kind", "alert");
    if (detector.category() != null) {
      alert.put("event.category", List.of(detector.category()));
    }
    alert.put("event.type", List.of("info"));
    alert.put("event.action", action);
    alert.put("event.id", id);
    alert.putTime("event.start", window.startMillis);
    alert.putTime("event.end", window.endMillis);
    alert.put("event.duration", (window.endMillis - window.startMillis) * 1_000_000);
    alert.put("event.severity", severity(score));
    alert.put("event.risk_score_norm", score);
    alert.put("event.reason", Sentences.reason(finding, detector));
    alert.put("rule.id", detector.name());
    alert.put("rule.name", detector.name());
    alert.put("rule.category", action);
    alert.put("rule.version", DocumentContext.ruleVersion(window));
    putKey(alert, detector, key, values);
    alert.put("Atalaya.measure", detector.measure());
    putValues(alert, finding, window);
    alert.put("Atalaya.rank", finding.rank);
    alert.put("Atalaya.warmup", window.warmup);
    alert.put("Atalaya.revision", REVISION);
    context.sign(alert, window);
    alert.put("tags", List.of("atalaya", action));
    return new Document(
        Document.Kind.ALERT, id, detector.name(), window.endMillis - 1, alert.toJson());
  }

  private void putKey(DocumentTree alert, DetectorConfig detector, String key, String[] values) {
    List<String> addresses = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      String ecsField = context.ecsField(detector.key().get(i));
      if (ecsField != null) {
        boolean port = ecsField.endsWith(".port") && values[i].matches("\\d{1,5}");
        alert.put(ecsField, port ? (Object) Integer.valueOf(values[i]) : values[i]);
        if (ecsField.endsWith(".ip")) {
          addresses.add(values[i]);
        }
      }
    }
    if (!addresses.isEmpty()) {
      alert.put("related.ip", addresses);
    }
    alert.put("Atalaya.key", key);
    alert.put("Atalaya.key_fields", detector.key());
    alert.put("Atalaya.key_values", List.of(values));
  }

  private static void putValues(DocumentTree alert, Finding finding, SliceFindings window) {
    alert.put("Atalaya.actual", finding.actual);
    alert.put("Atalaya.actual_lower", finding.actualLower);
    alert.put("Atalaya.actual_upper", finding.actualUpper);
    if (!window.warmup) {
      alert.put("Atalaya.expected", finding.expected);
      alert.put("Atalaya.expected_lower", finding.expectedLower);
      alert.put("Atalaya.expected_upper", finding.expectedUpper);
      alert.put("Atalaya.expected_kind", "previous_window");
      if (finding.deltaUpper > 0) {
        alert.put("Atalaya.direction", finding.up ? "up" : "down");
      }
      alert.put("Atalaya.delta", finding.delta);
      alert.put("Atalaya.delta_lower", finding.deltaLower);
      alert.put("Atalaya.delta_upper", finding.deltaUpper);
      if (finding.expected != 0) {
        alert.put("Atalaya.ratio", rounded((double) finding.actual / finding.expected, 1e4));
      }
    }
    alert.put("Atalaya.threshold", finding.threshold);
    alert.put("Atalaya.certainty", finding.certain ? "certain" : "possible");
    alert.put("Atalaya.error_bound", window.errorBound);
    alert.put("Atalaya.window_total", window.total);
    if (window.total > 0) {
      alert.put("Atalaya.share", rounded((double) finding.actual / window.total, 1e6));
    }
  }

  static double rounded(double value, double digits) {
    return Math.round(value * digits) / digits;
  }

  /** 0 at the threshold, 50 at twice, 90 at ten times, towards 100. */
  static long score(Finding finding) {
    double times = (double) finding.magnitude / finding.threshold;
    return times <= 1 ? 0 : Math.round(100 - 100 / times);
  }

  /** The four steps Elastic's own rules use. */
  private static int severity(long score) {
    return score < 30 ? 21 : score < 60 ? 47 : score < 85 ? 73 : 99;
  }
}
