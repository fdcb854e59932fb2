package dev.atalaya.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The documents that a run has committed, read back as a reader of the sink would. */
final class OutputFiles {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<String> lines = new ArrayList<>();
  private final Map<String, Map<Long, JsonNode>> reports = new HashMap<>();
  private final Map<String, Map<Long, List<JsonNode>>> alerts = new HashMap<>();
  private final Map<String, JsonNode> ledgers = new HashMap<>();
  private final List<JsonNode> deadLetters = new ArrayList<>();

  private OutputFiles() {}

  static OutputFiles read(Path folder) throws IOException {
    OutputFiles output = new OutputFiles();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(OutputFiles::isCommitted).toList()) {
        for (String line : Files.readAllLines(file)) {
          output.add(line);
        }
      }
    }
    return output;
  }

  /** Parts still being written have another ending and a leading dot. */
  private static boolean isCommitted(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".jsonl") && !name.startsWith(".");
  }

  private void add(String line) throws IOException {
    JsonNode document = JSON.readTree(line);
    String detector = document.at("/rule/name").asText();
    switch (document.at("/event/action").asText()) {
      case "ledger" -> {
        // Accounts are published as time goes on; the last one counts.
        ledgers.merge(
            detector,
            document,
            (a, b) ->
                a.at("/Atalaya/revision").asLong() > b.at("/Atalaya/revision").asLong() ? a : b);
        return;
      }
      case "window_report" ->
          reports.computeIfAbsent(detector, d -> new TreeMap<>()).put(start(document), document);
      case "dead_letter" -> deadLetters.add(document);
      default ->
          alerts
              .computeIfAbsent(key(detector, document), k -> new TreeMap<>())
              .computeIfAbsent(start(document), s -> new ArrayList<>())
              .add(document);
    }
    lines.add(line);
  }

  private static String key(String detector, JsonNode alert) {
    return detector + "/" + alert.at("/event/action").asText();
  }

  private static long start(JsonNode document) {
    return Instant.parse(document.at("/event/start").asText()).toEpochMilli();
  }

  /** All documents but the accounts, whose times of publication depend on the run. */
  List<String> sortedLines() {
    return lines.stream().sorted().toList();
  }

  /** By the start of the window. */
  Map<Long, JsonNode> reports(String detector) {
    return reports.getOrDefault(detector, Map.of());
  }

  /** By the start of the window. */
  Map<Long, List<JsonNode>> alerts(String detector, String action) {
    return alerts.getOrDefault(detector + "/" + action, Map.of());
  }

  /** The last account of a detector. */
  JsonNode ledger(String detector) {
    return ledgers.get(detector).at("/Atalaya");
  }

  List<JsonNode> deadLetters() {
    return deadLetters;
  }
}
