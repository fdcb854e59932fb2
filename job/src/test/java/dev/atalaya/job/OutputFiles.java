package dev.atalaya.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The documents that a run has committed, read back as a reader of the sink would, each of them as
 * its schema says.
 */
final class OutputFiles {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Lines, not trees: a run writes hundreds of thousands. By detector and action. */
  private final Map<String, List<String>> lines = new HashMap<>();

  private final Map<String, JsonNode> ledgers = new HashMap<>();

  private OutputFiles() {}

  static OutputFiles read(Path folder) throws IOException {
    return of(lines(folder));
  }

  /** The documents as they are, accounts among them. */
  static List<String> lines(Path folder) throws IOException {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(OutputFiles::isCommitted).toList()) {
        lines.addAll(Files.readAllLines(file));
      }
    }
    return lines;
  }

  /** The documents of another sink than files. */
  static OutputFiles of(List<String> documents) throws IOException {
    OutputFiles output = new OutputFiles();
    for (String line : documents) {
      output.add(line);
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
    DocumentSchemas.validate(document);
    String detector = document.at("/rule/name").asText();
    String action = document.at("/event/action").asText();
    if (action.equals("ledger")) {
      // Accounts are published as time goes on; the last one counts.
      ledgers.merge(detector, document, (a, b) -> revision(a) > revision(b) ? a : b);
    } else {
      lines.computeIfAbsent(detector + "/" + action, key -> new ArrayList<>()).add(line);
    }
  }

  private static long revision(JsonNode ledger) {
    return ledger.at("/Atalaya/revision").asLong();
  }

  private static long start(JsonNode document) {
    return Instant.parse(document.at("/event/start").asText()).toEpochMilli();
  }

  /** All documents but the accounts, whose times of publication depend on the run. */
  List<String> sortedLines() {
    return lines.values().stream().flatMap(List::stream).sorted().toList();
  }

  /** As {@link #sortedLines}, without the dead letters, whose origin depends on the source. */
  List<String> findings() {
    return lines.entrySet().stream()
        .filter(entry -> !entry.getKey().endsWith("/dead_letter"))
        .flatMap(entry -> entry.getValue().stream())
        .sorted()
        .toList();
  }

  /** The alerts and reports of the windows with this start. */
  List<String> linesOfWindow(long start) {
    return sortedLines().stream()
        .filter(line -> parse(line).at("/event").has("start") && start(parse(line)) == start)
        .toList();
  }

  /** By the start of the window. */
  Map<Long, JsonNode> reports(String detector) {
    Map<Long, JsonNode> reports = new TreeMap<>();
    documents(detector + "/window_report").forEach(report -> reports.put(start(report), report));
    return reports;
  }

  /** By the start of the window. */
  Map<Long, List<JsonNode>> alerts(String detector, String action) {
    Map<Long, List<JsonNode>> alerts = new TreeMap<>();
    for (JsonNode alert : documents(detector + "/" + action)) {
      alerts.computeIfAbsent(start(alert), start -> new ArrayList<>()).add(alert);
    }
    return alerts;
  }

  /** The last account of a detector. */
  JsonNode ledger(String detector) {
    return ledgers.getOrDefault(detector, MissingNode.getInstance()).at("/Atalaya");
  }

  List<JsonNode> deadLetters() {
    return documents("/dead_letter");
  }

  private List<JsonNode> documents(String key) {
    return lines.getOrDefault(key, List.of()).stream().map(OutputFiles::parse).toList();
  }

  private static JsonNode parse(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
