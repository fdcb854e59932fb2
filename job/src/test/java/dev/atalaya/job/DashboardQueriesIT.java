package dev.atalaya.job;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atalaya.fixtures.SearchStore;
import dev.atalaya.job.dashboards.PanelSearch;
import dev.atalaya.job.dashboards.Panels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the shipped dashboards ask a real store, and what it answers after a run, against what the
 * documents that the same run wrote to files say.
 */
class DashboardQueriesIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Two minutes around the end of a month, so that each alias is of two indices. */
  private static final long START = Instant.parse("2025-01-31T23:59:00Z").toEpochMilli();

  private static final long MINUTE = 60_000;
  private static final int WINDOWS = 12;
  private static final int EVENTS = 3000;

  /** Of dead letters the time is that of the test: one bar for all. */
  private static final String CENTURY = "36500d";

  @TempDir static Path work;

  private static SearchStore store;
  private static Truth truth;

  @BeforeAll
  static void fill() throws Exception {
    store = SearchStore.opensearch();
    Files.createDirectories(work.resolve("in"));
    Files.write(work.resolve("in/events.jsonl"), events());
    String yaml =
        """
        seed: 000102030405060708090a0b0c0d0e0f
        source: { files: { path: "%1$s/in" } }
        format: { json: { fields: { src: { type: ip } } } }
        time: { field: ts, unit: ms, out-of-orderness: 0s }
        window: 10s
        detectors:
          - { name: senders, key: [src], weight: bytes, hitters: { share: 5%% }, changers: { share: 3%%, ratio: 2 } }
          - { name: talks, key: [src, port], weight: bytes, memory: 16kb, hitters: { share: 0.2%% } }
        ecs: { src: source.ip }
        sinks: [ { files: { path: "%1$s/out" } }, { opensearch: { url: "%2$s" } } ]
        parallelism: 1
        """
            .formatted(work, store.url());
    StoredDocuments.setUp(yaml);
    TestRuns.run(yaml);
    store.request("POST", "/atalaya-*/_refresh", "");
    List<JsonNode> documents = new ArrayList<>();
    for (String line : OutputFiles.read(work.resolve("out")).sortedLines()) {
      documents.add(JSON.readTree(line));
    }
    truth = new Truth(documents);
  }

  @AfterAll
  static void close() {
    if (store != null) {
      store.close();
    }
  }

  @Test
  void kibanaAndOpenSearchDashboardsShowTheTruth() throws IOException {
    assertShown(PanelSearch.ofSavedObjects());
  }

  @Test
  void grafanaShowsTheTruth() throws IOException {
    Map<String, JsonNode> sources = new HashMap<>();
    for (JsonNode source : Panels.grafanaSources()) {
      sources.put(source.get("uid").asText(), source.get("jsonData"));
    }
    assertShown(PanelSearch.ofGrafana(sources));
  }

  private static void assertShown(List<PanelSearch> panels) {
    assertThat(panels)
        .extracting(PanelSearch::title)
        .containsExactlyInAnyOrderElementsOf(truth.tables().keySet());
    for (PanelSearch panel : panels) {
      String interval = panel.index().equals("atalaya-dead-letters") ? CENTURY : "1m";
      JsonNode answer =
          store.request("POST", "/" + panel.index() + "/_search", panel.body(interval).toString());
      Map<List<String>, List<Double>> shown =
          panel.isList() ? rows(panel, answer) : panel.table(answer);
      assertThat(shown)
          .as(panel.title())
          .isNotEmpty()
          .containsExactlyInAnyOrderEntriesOf(truth.tables().get(panel.title()));
    }
  }

  /** The documents of a list as the keys, in their order. */
  private static Map<List<String>, List<Double>> rows(PanelSearch panel, JsonNode answer) {
    List<List<String>> rows = new ArrayList<>();
    answer.at("/hits/hits").forEach(hit -> rows.add(texts(hit.get("_source"), panel.columns())));
    List<Long> times = new ArrayList<>();
    answer.at("/hits/hits").forEach(hit -> times.add(Truth.time(hit.get("_source"))));
    assertThat(times).as(panel.title()).isSortedAccordingTo(Comparator.reverseOrder());
    return rows.stream().collect(toMap(row -> row, row -> List.of()));
  }

  private static List<String> texts(JsonNode document, List<String> fields) {
    return fields.stream().map(field -> Truth.text(document, field)).toList();
  }

  /** What the panels must show, counted from the documents without a store. */
  private record Truth(List<JsonNode> documents) {

    Map<String, Map<List<String>, List<Double>>> tables() {
      List<JsonNode> alerts = of("event.kind", "alert");
      List<JsonNode> changes = of("event.action", "heavy_changer");
      List<JsonNode> reports = of("event.action", "window_report");
      List<JsonNode> deadLetters = of("event.action", "dead_letter");
      Map<String, Map<List<String>, List<Double>>> tables = new HashMap<>();
      tables.put("Alerts by detector", counted(alerts, "rule.name", Truth::minute));
      tables.put("Alerts by kind", counted(alerts, "event.action", Truth::minute));
      tables.put("Changes up and down", counted(changes, "Atalaya.direction", Truth::minute));
      tables.put("Dead letters by reason", counted(deadLetters, "Atalaya.reason", letter -> "0"));
      tables.put("Window total", largest(reports, "Atalaya.window_total"));
      tables.put("Distinct keys", largest(reports, "Atalaya.distinct_keys"));
      tables.put(
          "Certainty",
          table(alerts, alert -> List.of(text(alert, "Atalaya.certainty")), Truth::count));
      tables.put("Top keys", topKeys(alerts));
      tables.put(
          "Newest alerts",
          table(
              alerts,
              alert -> texts(alert, List.of("message", "rule.name", "event.risk_score_norm")),
              ignored -> List.of()));
      return tables;
    }

    private List<JsonNode> of(String field, String value) {
      return documents.stream().filter(document -> text(document, field).equals(value)).toList();
    }

    private static Map<List<String>, List<Double>> table(
        List<JsonNode> documents,
        Function<JsonNode, List<String>> key,
        Function<List<JsonNode>, List<Double>> values) {
      Map<List<String>, List<Double>> table = new HashMap<>();
      documents.stream()
          .collect(groupingBy(key))
          .forEach((k, group) -> table.put(k, values.apply(group)));
      return table;
    }

    private static Map<List<String>, List<Double>> counted(
        List<JsonNode> documents, String by, Function<JsonNode, String> time) {
      return table(documents, d -> List.of(text(d, by), time.apply(d)), Truth::count);
    }

    private static Map<List<String>, List<Double>> largest(List<JsonNode> reports, String field) {
      return table(
          reports,
          report -> List.of(text(report, "rule.name"), minute(report)),
          group -> List.of(max(group, report -> Double.parseDouble(text(report, field)))));
    }

    /** The twenty with most alerts, of equals the first in the alphabet. */
    private static Map<List<String>, List<Double>> topKeys(List<JsonNode> alerts) {
      Map<List<String>, List<Double>> all =
          table(
              alerts,
              alert -> List.of(text(alert, "Atalaya.key")),
              group ->
                  List.of(
                      (double) group.size(),
                      max(group, a -> Double.parseDouble(text(a, "event.risk_score_norm"))),
                      max(group, a -> (double) time(a))));
      assertThat(all).as("keys, of which 20 are shown").hasSizeGreaterThan(20);
      Comparator<Map.Entry<List<String>, List<Double>>> mostFirst =
          Comparator.comparing(entry -> -entry.getValue().get(0));
      return all.entrySet().stream()
          .sorted(mostFirst.thenComparing(entry -> entry.getKey().get(0)))
          .limit(20)
          .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static List<Double> count(List<JsonNode> group) {
      return List.of((double) group.size());
    }

    private static double max(List<JsonNode> group, Function<JsonNode, Double> value) {
      return group.stream().map(value).max(Comparator.naturalOrder()).orElseThrow();
    }

    private static String text(JsonNode document, String field) {
      return document.at("/" + field.replace('.', '/')).asText();
    }

    private static long time(JsonNode document) {
      return Instant.parse(text(document, "@timestamp")).toEpochMilli();
    }

    private static String minute(JsonNode document) {
      return Long.toString(time(document) / MINUTE * MINUTE);
    }
  }

  /**
   * A crowd of senders, one that floods two windows, one that falls silent, and lines that are no
   * events.
   */
  private static List<String> events() {
    Random random = new Random(5);
    List<String> lines = new ArrayList<>();
    for (int window = 0; window < WINDOWS; window++) {
      for (int i = 0; i < EVENTS; i++) {
        long time = START + (long) window * 10_000 + i * 10_000L / EVENTS;
        int sender = random.nextInt(250);
        if (i % 10 == 0 && (window == 3 || window == 7)) {
          sender = 250 + window;
        } else if (i % 12 == 0 && window < 9) {
          sender = 251;
        }
        int port = (int) Math.pow(4000, random.nextDouble());
        lines.add(
            String.format(
                Locale.ROOT,
                "{\"ts\":%d,\"src\":\"192.0.2.%d\",\"port\":%d,\"bytes\":%d}",
                time,
                sender % 256,
                port,
                100 + random.nextInt(1000)));
      }
    }
    Stream.of("no JSON", "{\"ts\":1,", "[1]", "{\"ts\":" + START + ",\"port\":1,\"bytes\":1}")
        .forEach(lines::add);
    lines.add("{\"ts\":" + START + ",\"src\":\"192.0.2.300\",\"port\":1,\"bytes\":1}");
    return lines;
  }
}
