package dev.atalaya.job.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a job has written to its files. */
final class FoundAlerts {

  private static final ObjectMapper JSON = new ObjectMapper();

  private FoundAlerts() {}

  /** The alerts under a files sink's path, in the order of time. */
  static List<Planted> read(Path sink) throws IOException {
    List<Planted> found = new ArrayList<>();
    for (String line : lines(sink.resolve("alerts"))) {
      found.add(alert(JSON.readTree(line)));
    }
    found.sort(null);
    return found;
  }

  static long countDeadLetters(Path sink) throws IOException {
    return lines(sink.resolve("dead-letters")).size();
  }

  private static Planted alert(JsonNode document) {
    String action = text(document, "event.action");
    return new Planted(
        Instant.parse(text(document, "event.start")).toEpochMilli(),
        text(document, "rule.name"),
        text(document, "Atalaya.key"),
        action,
        action.equals(Planted.HEAVY_CHANGER) ? text(document, "Atalaya.direction") : null);
  }

  /** A field whose name is written with dots, or as objects in objects. */
  private static String text(JsonNode document, String name) {
    JsonNode flat = document.get(name);
    JsonNode value = flat != null ? flat : document.at("/" + name.replace('.', '/'));
    return value.asText();
  }

  private static List<String> lines(Path folder) throws IOException {
    List<String> lines = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(FoundAlerts::isFinished).sorted().toList()) {
          lines.addAll(Files.readAllLines(file));
        }
      }
    }
    return lines;
  }

  /** Files still being written are hidden ones. */
  private static boolean isFinished(Path file) {
    return Files.isRegularFile(file) && !file.getFileName().toString().startsWith(".");
  }
}
