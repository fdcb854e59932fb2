package dev.atalaya.job.publish;

import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.detect.SliceFindings;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** What every document says alike: who wrote it, under which configuration, with which labels. */
final class DocumentContext implements Serializable {

  private final Map<String, DetectorConfig> detectors = new HashMap<>();
  private final Map<String, String> ecsFields;
  private final Map<String, String> labels;
  private final String configHash;
  private final String version;
  private final String guarantee;
  private final boolean rulesChange;

  DocumentContext(JobConfig config, String configHash, String version) {
    config.detectors().forEach(detector -> detectors.put(detector.stateId(), detector));
    this.ecsFields = Map.copyOf(config.ecsFields());
    this.labels = new HashMap<>(config.labels());
    this.configHash = configHash;
    this.version = version;
    this.guarantee = config.source().guarantee().name().toLowerCase(Locale.ROOT);
    this.rulesChange = config.rules() != null;
  }

  /** The detector as it judged a window. */
  DetectorConfig detector(SliceFindings window) {
    return window.judgedBy(detectors.get(window.detector));
  }

  /** The version of the rules that judged a window. */
  static String ruleVersion(SliceFindings window) {
    return window.rules == null ? "1" : Integer.toString(window.rules.number());
  }

  /** Whether windows of one run may be judged by different versions of the rules. */
  boolean rulesChange() {
    return rulesChange;
  }

  /** The ECS field that a field of the input is also written to, or null. */
  String ecsField(String field) {
    return ecsFields.get(field);
  }

  /** How often an event of the source is counted, whatever fails. */
  String guarantee() {
    return guarantee;
  }

  /** What comes last in the documents of a window. */
  void sign(DocumentTree document, SliceFindings window) {
    sign(document, window.rules == null ? configHash : window.rules.configHash());
  }

  /** What comes last in every other document. */
  void sign(DocumentTree document) {
    sign(document, configHash);
  }

  private void sign(DocumentTree document, String hash) {
    document.put("observer.product", "atalaya");
    document.put("observer.version", version);
    document.put("Atalaya.config_hash", hash);
    labels.keySet().stream()
        .sorted()
        .forEach(label -> document.put("labels." + label, labels.get(label)));
  }
}
