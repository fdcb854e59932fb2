package dev.atalaya.job;

import dev.atalaya.fixtures.SharedData;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * The shared captures and logs whose answers are known, and the configuration that asks for them.
 */
enum DataSet {
  MIX_DEV("mix-dev", "mix-dev.csv.gz", "mix-dev", 43_097, "1 10 60"),
  SURICATA_VERIFY("suricata-verify", "denial6-5.csv.gz", "denial6-5", 35_720, "1 10 60"),
  NASA("nasa-19950801", "nasa_19950801.jsonl.gz", "nasa_19950801", 30_969, "10 60 3600"),
  // Every time stamp of this log has minute 05: windows of an hour only.
  ELASTIC_APACHE("elastic-apache", "apache_logs.jsonl.gz", "apache_logs", 10_000, "3600"),
  UQO_COWRIE(
      "uqo-honeypot", "cowrie_sessions_20k.csv.gz", "cowrie_sessions_20k", 19_997, "10 60 3600"),
  UQO_DIONAEA("uqo-honeypot", "dionaea_20k.csv.gz", "dionaea_20k", 20_799, "10 60 3600"),
  UQO_HONEYTRAP("uqo-honeypot", "honeytrap_5k.csv.gz", "honeytrap_5k", 4_314, "10 60 3600");

  private static final Map<String, List<String>> PACKET_KEYS = new LinkedHashMap<>();
  private static final Map<String, List<String>> WEB_KEYS = new LinkedHashMap<>();

  static {
    PACKET_KEYS.put("src", List.of("src"));
    PACKET_KEYS.put("dst", List.of("dst"));
    PACKET_KEYS.put("pair", List.of("src", "dst"));
    PACKET_KEYS.put("flow5", List.of("src", "sport", "dst", "dport", "proto"));
    PACKET_KEYS.put("dport", List.of("dport", "proto"));
    PACKET_KEYS.put("service", List.of("dst", "dport", "proto"));
    WEB_KEYS.put("src", List.of("src"));
    WEB_KEYS.put("path", List.of("path"));
    WEB_KEYS.put("url", List.of("url"));
    WEB_KEYS.put("src_path", List.of("src", "path"));
    WEB_KEYS.put("status", List.of("status"));
    WEB_KEYS.put("ua", List.of("ua"));
  }

  private final String folder;
  private final String events;
  private final String truth;
  final int records;

  /** Lengths of the windows, with spaces between. */
  private final String windowSeconds;

  DataSet(String folder, String events, String truth, int records, String windowSeconds) {
    this.folder = folder;
    this.events = events;
    this.truth = truth;
    this.records = records;
    this.windowSeconds = windowSeconds;
  }

  /** One question that a truth file answers for every window. */
  record Question(int windowSeconds, String key, List<String> fields, String weight) {

    String detector() {
      return String.join(
              "-", key, weight == null ? "count" : weight, Integer.toString(windowSeconds))
          .replace('_', '-');
    }

    /** The key as the truth files write it. */
    String truthKey(List<String> values) {
      return switch (key) {
        case "pair" -> values.get(0) + ">" + values.get(1);
        case "flow5" ->
            String.format(
                Locale.ROOT,
                "%s:%s>%s:%s/%s",
                values.get(0),
                values.get(1),
                values.get(2),
                values.get(3),
                values.get(4));
        case "dport" -> values.get(0) + "/" + values.get(1);
        case "service" -> values.get(0) + ":" + values.get(1) + "/" + values.get(2);
        default -> String.join(" ", values);
      };
    }
  }

  boolean packets() {
    return events.endsWith(".csv.gz");
  }

  Path eventFile() {
    return SharedData.path(folder + "/events/" + events);
  }

  Path truthFile() {
    return SharedData.path(folder + "/truth/" + truth + ".truth.jsonl.gz");
  }

  List<Question> questions() {
    List<Question> questions = new ArrayList<>();
    for (int window : windows()) {
      (packets() ? PACKET_KEYS : WEB_KEYS)
          .forEach(
              (key, fields) -> {
                questions.add(new Question(window, key, fields, null));
                if (packets()) {
                  questions.add(new Question(window, key, fields, "bytes"));
                }
              });
    }
    return questions;
  }

  /**
   * A configuration with a detector for every question.
   *
   * @param memory of each question's sketch, bytes
   */
  String yaml(Path out, ToLongFunction<Question> memory, int parallelism) {
    return yaml(eventFile(), "files: { path: \"" + out + "\" }", memory, parallelism)
        + "checkpoint: { interval: 1s, dir: \""
        + out
        + "-checkpoints\" }\n";
  }

  /**
   * As {@link #yaml(Path, ToLongFunction, int)}, to any sink, without checkpoints of its own.
   *
   * @param in the events, a file or a folder
   */
  String yaml(Path in, String sink, ToLongFunction<Question> memory, int parallelism) {
    StringBuilder yaml = new StringBuilder(input(in));
    yaml.append("detectors:\n");
    for (Question question : questions()) {
      yaml.append("  - name: ").append(question.detector()).append('\n');
      yaml.append("    key: ").append(question.fields()).append('\n');
      if (question.weight() != null) {
        yaml.append("    weight: ").append(question.weight()).append('\n');
      }
      yaml.append("    window: ").append(question.windowSeconds()).append("s\n");
      yaml.append("    memory: ").append(memory.applyAsLong(question)).append("b\n");
      yaml.append("    max-alerts: 1000000\n");
      yaml.append("    hitters: { share: 1%, count: 2 }\n");
      yaml.append("    changers: { delta: 2 }\n");
    }
    yaml.append("sinks: [ { ").append(sink).append(" } ]\n");
    yaml.append("parallelism: ").append(parallelism).append('\n');
    return yaml.toString();
  }

  /** Source, format and time: what all configurations for this set have alike. */
  String input(Path in) {
    StringBuilder yaml = new StringBuilder();
    yaml.append("source: { files: { path: \"").append(in).append("\" } }\n");
    yaml.append("format: { ").append(packets() ? "csv" : "json").append(": { fields: {");
    for (String field :
        packets()
            ? List.of("src", "sport", "dst", "dport", "proto")
            : List.of("src", "path", "url", "status", "ua")) {
      yaml.append(field).append(": { allow-empty: true },");
    }
    yaml.append("} }, max-key-bytes: 16kb }\n");
    yaml.append("time: { field: ts, unit: ms, out-of-orderness: 0s }\n");
    return yaml.toString();
  }

  int[] windows() {
    return List.of(windowSeconds.split(" ")).stream().mapToInt(Integer::parseInt).toArray();
  }
}
