package dev.atalaya.job.publish;

import dev.atalaya.connectors.Document;
import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.detect.Finding;
import dev.atalaya.job.detect.SliceFindings;
import dev.atalaya.job.episode.Episode;
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
    Subject subject = Subject.of(finding, detector);
    String action = subject.action();
    String id =
        String.join(
            "-",
            Long.toString(window.endMillis),
            detector.name(),
            action,
            KeyId.hex128(finding.key, 0, finding.key.length),
            Integer.toString(REVISION));
    long score = subject.isOver() ? 0 : score(finding);

    DocumentTree alert = new DocumentTree();
    alert.putTime("@timestamp", window.endMillis - 1);
    alert.put("message", Sentences.of(finding, window, detector, subject));
    alert.put("event.kind", "alert");
    if (detector.category() != null) {
      alert.put("event.category", List.of(detector.category()));
    }
    alert.put("event.type", List.of(subject.isOver() ? "end" : "info"));
    alert.put("event.action", action);
    alert.put("event.id", id);
    alert.putTime("event.start", window.startMillis);
    alert.putTime("event.end", window.endMillis);
    alert.put("event.duration", (window.endMillis - window.startMillis) * 1_000_000);
    alert.put("event.severity", severity(score));
    alert.put("event.risk_score_norm", score);
    alert.put("event.reason", Sentences.reason(finding, detector, subject));
    alert.put("rule.id", detector.name());
    alert.put("rule.name", detector.name());
    alert.put("rule.category", action);
    alert.put("rule.version", DocumentContext.ruleVersion(window));
    if (!subject.values().isEmpty()) {
      putKey(alert, detector, subject, finding.prefix);
    }
    alert.put("Atalaya.measure", subject.measure());
    if (subject.isOver()) {
      alert.put("Atalaya.window_total", window.total);
    } else {
      putValues(alert, finding, window);
      putAlso(alert, finding, detector);
      Contributors.put(alert, finding);
      alert.put("Atalaya.rank", finding.rank);
    }
    if (finding.episode != null) {
      putEpisode(alert, finding.episode, window);
    }
    alert.put("Atalaya.warmup", window.warmup);
    alert.put("Atalaya.revision", REVISION);
    context.sign(alert, window);
    alert.put("tags", List.of("atalaya", action));
    return new Document(
        Document.Kind.ALERT, id, detector.name(), window.endMillis - 1, alert.toJson());
  }

  private void putKey(
      DocumentTree alert, DetectorConfig detector, Subject subject, boolean isPrefix) {
    if (!isPrefix) {
      putEcsFields(alert, detector, subject.values());
    }
    alert.put("Atalaya.key", subject.key());
    alert.put("Atalaya.key_fields", detector.key());
    alert.put("Atalaya.key_values", subject.values());
    if (isPrefix) {
      alert.put("Atalaya.prefix", subject.key());
    }
  }

  private void putEcsFields(DocumentTree alert, DetectorConfig detector, List<String> values) {
    List<String> addresses = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      String ecsField = context.ecsField(detector.key().get(i));
      String value = values.get(i);
      if (ecsField != null) {
        boolean port = ecsField.endsWith(".port") && value.matches("\\d{1,5}");
        alert.put(ecsField, port ? (Object) Integer.valueOf(value) : value);
        if (ecsField.endsWith(".ip")) {
          addresses.add(value);
        }
      }
    }
    if (!addresses.isEmpty()) {
      alert.put("related.ip", addresses);
    }
  }

  private static void putValues(DocumentTree alert, Finding finding, SliceFindings window) {
    alert.put("Atalaya.actual", finding.actual);
    alert.put("Atalaya.actual_lower", finding.actualLower);
    alert.put("Atalaya.actual_upper", finding.actualUpper);
    // What was not there before has nothing to be compared with.
    if (!window.warmup && finding.kind != Finding.Kind.FIRST_SEEN) {
      alert.put("Atalaya.expected", finding.expected);
      alert.put("Atalaya.expected_lower", finding.expectedLower);
      alert.put("Atalaya.expected_upper", finding.expectedUpper);
      alert.put("Atalaya.expected_kind", finding.expectedKind.name().toLowerCase(Locale.ROOT));
      if (finding.deltaUpper > 0) {
        alert.put("Atalaya.direction", finding.up ? "up" : "down");
      }
      alert.put("Atalaya.delta", finding.delta);
      alert.put("Atalaya.delta_lower", finding.deltaLower);
      alert.put("Atalaya.delta_upper", finding.deltaUpper);
      if (finding.expected != 0) {
        alert.put("Atalaya.ratio", rounded((double) finding.actual / finding.expected, 1e4));
      }
      if (finding.deviations > 0) {
        alert.put("Atalaya.deviations", rounded(finding.deviations, 1e2));
      }
    }
    alert.put("Atalaya.threshold", finding.threshold);
    alert.put("Atalaya.certainty", finding.certain ? "certain" : "possible");
    alert.put("Atalaya.error_bound", window.errorBound);
    alert.put("Atalaya.window_total", window.total);
    if (window.total > 0 && finding.kind.isOfKey()) {
      alert.put("Atalaya.share", rounded((double) finding.actual / window.total, 1e6));
    }
  }

  private static void putAlso(DocumentTree alert, Finding finding, DetectorConfig detector) {
    if (finding.also.length == 0) {
      return;
    }
    List<Finding.Also> also = List.of(finding.also);
    alert.put(
        "Atalaya.also_measures",
        detector.also().stream().map(DetectorConfig.Also::measure).toList());
    alert.put("Atalaya.also_values", also.stream().map(measure -> measure.value).toList());
    alert.put("Atalaya.also_lower", also.stream().map(measure -> measure.lower).toList());
    alert.put("Atalaya.also_upper", also.stream().map(measure -> measure.upper).toList());
    alert.put("Atalaya.also_thresholds", also.stream().map(measure -> measure.threshold).toList());
  }

  private static void putEpisode(DocumentTree alert, Episode episode, SliceFindings window) {
    long windowNanos = (window.endMillis - window.startMillis) * 1_000_000;
    alert.put("Atalaya.episode_id", episode.id);
    alert.put("Atalaya.episode_state", episode.state.name().toLowerCase(Locale.ROOT));
    alert.putTime("Atalaya.episode_start", episode.startMillis);
    alert.put("Atalaya.episode_windows", episode.windows);
    alert.put("Atalaya.episode_duration", episode.windows * windowNanos);
    alert.put("Atalaya.episode_peak", episode.peak);
    alert.putTime("Atalaya.episode_peak_time", episode.peakMillis);
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
