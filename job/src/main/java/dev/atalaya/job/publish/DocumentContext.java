package dev.atalaya.job.publish;

import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.config.JobConfig;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/** What every document says alike: who wrote it, under which configuration, with which labels. */
final class DocumentContext implements Serializable {

  private final Map<String, DetectorConfig> detectors = new HashMap<>();
  private final Map<String, String> ecsFields;
  private final Map<String, String> labels;
  private final String configHash;
  private final String version;
  private final String guarantee;

  DocumentContext(JobConfig config, String configHash, String version) {
    config.detectors().forEach(detector -> detectors.put(detector.stateId(), detector));
    this.ecsFields = Map.copyOf(config.ecsFields());
    this.labels = new HashMap<>(config.labels());
    this.configHash = configHash;
    this.version = version;
    this.guarantee = config.source().exactlyOnce() ? "exactly_once" : "at_least_once";
  }

  /** The detector whose state has this id. */
  DetectorConfig detector(String stateId) {
    return detectors.get(stateId);
  }

  /** The ECS field that a field of the input is also written to, or null. */
  String ecsField(String field) {
    return ecsFields.get(field);
  }

  /** How often an event of the source is counted, whatever fails. */
  String guarantee() {
    return guarantee;
  }

  /** What comes last in every document. */
  void sign(DocumentTree document) {
    document.put("observer.product", "atalaya");
    document.put("observer.version", version);
    document.put("Atalaya.config_hash", configHash);
    labels.keySet().stream()
        .sorted()
        .forEach(label -> document.put("labels." + label, labels.get(label)));
  }
}
