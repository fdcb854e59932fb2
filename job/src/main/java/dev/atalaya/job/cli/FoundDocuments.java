package dev.atalaya.job.cli;

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
import java.util.stream.Stream;

/**
 * What a job has written to its files.
 *
 * @param alerts in the order of time
 * @param deadLetters how many there are
 * @param accounts the last one of each detector
 */
record FoundDocuments(List<Planted> alerts, long deadLetters, List<Account> accounts) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Where every received line went. */
  record Account(
      long received, long counted, long late, long skewed, long rejected, long duplicate) {

    boolean balances() {
      return received == counted + late + skewed + rejected + duplicate;
    }
  }

  /** Reads all under a files sink's path. */
  static FoundDocuments read(Path sink) throws IOException {
    List<Planted> alerts = new ArrayList<>();
    for (JsonNode document : documents(sink.resolve("alerts"))) {
      alerts.add(alert(document));
    }
    alerts.sort(null);
    Map<String, JsonNode> ledgers = new HashMap<>();
    for (JsonNode document : documents(sink.resolve("reports"))) {
      if (text(document, "event.action").equals("ledger")) {
        ledgers.merge(text(document, "rule.name"), document, FoundDocuments::later);
      }
    }
    return new FoundDocuments(
        List.copyOf(alerts),
        documents(sink.resolve("dead-letters")).size(),
        ledgers.values().stream().map(FoundDocuments::account).toList());
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

  private static JsonNode later(JsonNode one, JsonNode other) {
    return number(one, "revision") > number(other, "revision") ? one : other;
  }

  private static Account account(JsonNode ledger) {
    return new Account(
        number(ledger, "received"),
        number(ledger, "counted"),
        number(ledger, "late"),
        number(ledger, "skewed"),
        number(ledger, "rejected"),
        number(ledger, "duplicate"));
  }

  private static String text(JsonNode document, String name) {
    return field(document, name).asText();
  }

  private static long number(JsonNode document, String name) {
    return field(document, "Atalaya." + name).asLong();
  }

  /** A field whose name is written with dots, or as objects in objects. */
  private static JsonNode field(JsonNode document, String name) {
    JsonNode flat = document.get(name);
    return flat != null ? flat : document.at("/" + name.replace('.', '/'));
  }

  private static List<JsonNode> documents(Path folder) throws IOException {
    List<JsonNode> documents = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(FoundDocuments::isFinished).sorted().toList()) {
          for (String line : Files.readAllLines(file)) {
            documents.add(JSON.readTree(line));
          }
        }
      }
    }
    return documents;
  }

  /** Files still being written are hidden ones. */
  private static boolean isFinished(Path file) {
    return Files.isRegularFile(file) && !file.getFileName().toString().startsWith(".");
  }
}
