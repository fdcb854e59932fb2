package dev.atalaya.job.config;

import dev.atalaya.connectors.kafka.KafkaSettings;
import dev.atalaya.connectors.kafka.KafkaSettings.LostOffsets;
import java.util.List;
import java.util.Map;

/** Reads {@code rules}: from where the detectors change while the job runs. */
final class RulesReader {

  /** For the eyes of lag monitors: positions are part of checkpoints. */
  private static final String GROUP = "atalaya-rules";

  private RulesReader() {}

  /** Null when they never change. */
  static RulesConfig read(
      Section root,
      SourceConfig source,
      FormatConfig format,
      long windowMillis,
      List<DetectorConfig> detectors) {
    Section section = root.section("rules");
    String file = section.value("file", null, LocalPath::checked);
    long check = section.duration("check", "5s", "100ms", "1h");
    Section topic = section.section("kafka");
    KafkaSettings kafka =
        section.has("kafka") || root.reading().isCatalogue() ? kafka(topic, source) : null;
    section.close();
    if (section.has("file") == section.has("kafka") && root.has("rules")) {
      section.problem("give either 'file' or 'kafka': where the rules come from");
    }
    // Detectors that are refused lack what makes them detectors; nothing is asked of them.
    boolean isFine = root.reading().problems().isEmpty();
    boolean anyList = isFine && anyList(detectors);
    if (!root.has("rules") && !anyList) {
      return null;
    }
    return new RulesConfig(
        file == null ? null : LocalPath.absolute(file),
        check,
        kafka,
        new RulesDocumentReader(
            format, windowMillis, isFine ? detectors : List.of(), root.written("detectors")));
  }

  private static boolean anyList(List<DetectorConfig> detectors) {
    return !RulesConfig.listsOfKeys(detectors).isEmpty();
  }

  private static KafkaSettings kafka(Section section, SourceConfig source) {
    List<String> servers = ServersReader.read(section, "localhost:9092");
    String topic = section.required("topic", KafkaReader::topic);
    KafkaSettings.Security security = KafkaReader.security(section);
    section.close();
    if (source != null && source.bounded()) {
      section.problem("has no end, and the source has one, so the job had none; use rules.file");
    }
    String all = String.join(",", servers);
    if (source instanceof SourceConfig.Kafka input
        && topic != null
        && KafkaSinkReader.reads(input.settings(), all, topic)) {
      section.problem("topic", "is a topic that the source reads; give the rules their own");
    }
    return new KafkaSettings(
        all,
        topic == null ? List.of() : List.of(topic),
        null,
        GROUP,
        "earliest",
        null,
        0,
        // Older rules that the broker no longer keeps have been superseded.
        LostOffsets.CONTINUE,
        security,
        Map.of());
  }
}
