package dev.atalaya.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Superspreaders of real captures and logs against counting every pair, and against the answers
 * that came with the data: the twenty largest of each window.
 */
class SpreadTruthIT {

  /** Keys with one peer are most of all keys, and say little. */
  private static final int LEAST = 2;

  @TempDir Path work;

  /** One question of the truth files. */
  private record Spread(String name, int window, List<String> key, List<String> distinct) {

    String detector() {
      return String.join("-", key) + "-of-" + String.join("-", distinct) + "-" + window;
    }

    String truthKey(List<String> values) {
      return String.join(">", values);
    }
  }

  private static List<Spread> questions(DataSet set) {
    List<Spread> questions = new ArrayList<>();
    // The shortest windows of a long span hold next to nothing.
    for (int window : Arrays.stream(set.windows()).skip(set.windows().length / 2).toArray()) {
      if (set.packets()) {
        questions.add(new Spread("src->dst", window, List.of("src"), List.of("dst")));
        questions.add(new Spread("dst<-src", window, List.of("dst"), List.of("src")));
        questions.add(
            new Spread("src->dport@dst", window, List.of("src", "dst"), List.of("dport")));
      } else {
        questions.add(new Spread("src->path", window, List.of("src"), List.of("path")));
        questions.add(new Spread("path<-src", window, List.of("path"), List.of("src")));
      }
    }
    return questions;
  }

  private static String yaml(DataSet set, Path out, int parallelism) {
    StringBuilder yaml = new StringBuilder(set.input(set.eventFile()));
    yaml.append("detectors:\n");
    for (Spread spread : questions(set)) {
      yaml.append("  - name: ").append(spread.detector()).append('\n');
      yaml.append("    key: ").append(spread.key()).append('\n');
      yaml.append("    distinct: ").append(spread.distinct()).append('\n');
      yaml.append("    window: ").append(spread.window()).append("s\n");
      yaml.append("    slices: 2\n");
      yaml.append("    max-alerts: 1000000\n");
      yaml.append("    spreaders: { count: ").append(LEAST).append(" }\n");
    }
    yaml.append("sinks: [ { files: { path: \"").append(out).append("\" } } ]\n");
    yaml.append("checkpoint: { interval: 100ms, dir: \"").append(out).append("-checkpoints\" }\n");
    yaml.append("parallelism: ").append(parallelism).append('\n');
    return yaml.toString();
  }

  @ParameterizedTest
  @EnumSource
  void everySpreadOfEveryWindowIsExact(DataSet set) throws Exception {
    Path out = work.resolve("out");
    TestRuns.run(yaml(set, out, 2));
    OutputFiles output = OutputFiles.read(out);
    Map<String, Map<Long, Map<String, Long>>> found = new HashMap<>();
    for (Spread spread : questions(set)) {
      Map<Long, Map<String, Long>> windows = found(spread, output);
      assertThat(windows).as(spread.detector()).isEqualTo(counted(set, spread));
      found.put(spread.name() + "/" + spread.window(), windows);
    }
    assertThat(assertAgreesWithTruthFile(set, found)).isPositive();
  }

  private static Map<Long, Map<String, Long>> found(Spread spread, OutputFiles output) {
    Map<Long, Map<String, Long>> windows = new TreeMap<>();
    output
        .alerts(spread.detector(), "superspreader")
        .forEach(
            (start, alerts) -> {
              Map<String, Long> values = new TreeMap<>();
              for (JsonNode alert : alerts) {
                JsonNode atalaya = alert.path("Atalaya");
                long actual = atalaya.path("actual").asLong();
                assertThat(atalaya.path("certainty").asText()).isEqualTo("certain");
                assertThat(atalaya.path("actual_lower").asLong()).isEqualTo(actual);
                assertThat(atalaya.path("actual_upper").asLong()).isEqualTo(actual);
                List<String> parts = new ArrayList<>();
                atalaya.path("key_values").forEach(part -> parts.add(part.asText()));
                values.put(spread.truthKey(parts), actual);
              }
              windows.put(start, values);
            });
    return windows;
  }

  private static Map<Long, Map<String, Long>> counted(DataSet set, Spread spread)
      throws IOException {
    long size = spread.window() * 1000L;
    Map<Long, Map<String, Set<List<String>>>> peers = new TreeMap<>();
    Oracle.events(
        set,
        event ->
            peers
                .computeIfAbsent(
                    Math.floorDiv(Long.parseLong(event.get("ts")), size) * size,
                    start -> new TreeMap<>())
                .computeIfAbsent(
                    spread.truthKey(spread.key().stream().map(event::get).toList()),
                    key -> new HashSet<>())
                .add(spread.distinct().stream().map(event::get).toList()));
    Map<Long, Map<String, Long>> counts = new TreeMap<>();
    peers.forEach(
        (start, keys) -> {
          Map<String, Long> ofWindow = new TreeMap<>();
          keys.forEach((key, met) -> ofWindow.put(key, (long) met.size()));
          ofWindow.values().removeIf(count -> count < LEAST);
          if (!ofWindow.isEmpty()) {
            counts.put(start, ofWindow);
          }
        });
    return counts;
  }

  /** Returns how many windows were compared. */
  private static int assertAgreesWithTruthFile(
      DataSet set, Map<String, Map<Long, Map<String, Long>>> found) throws IOException {
    int[] compared = {0};
    Oracle.lines(
        set.truthFile(),
        line -> {
          JsonNode truth = Oracle.parse(line);
          Map<Long, Map<String, Long>> windows =
              found.get(truth.path("spread").asText() + "/" + truth.path("w").asText());
          if (windows != null) {
            List<List<Object>> top = new ArrayList<>();
            for (JsonNode entry : truth.path("top")) {
              if (entry.get(1).asLong() >= LEAST) {
                top.add(List.of(entry.get(0).asText(), entry.get(1).asLong()));
              }
            }
            Map<String, Long> values = windows.getOrDefault(truth.path("t").asLong(), Map.of());
            assertThat(top(values, top.size())).isEqualTo(top);
            compared[0] += top.isEmpty() ? 0 : 1;
          }
        });
    return compared[0];
  }

  private static List<List<Object>> top(Map<String, Long> values, int count) {
    return values.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue()
                .reversed()
                .thenComparing(Comparator.comparing(Map.Entry::getKey)))
        .limit(count)
        .map(entry -> List.<Object>of(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** A vertical scan among eight weeks of a honeypot's connections, and nothing like it. */
  @Test
  void theScanOfTheHoneypotIsTheOneSuperspreader() throws Exception {
    Path out = work.resolve("out");
    TestRuns.run(
        DataSet.UQO_HONEYTRAP.input(DataSet.UQO_HONEYTRAP.eventFile())
            + """
            detectors:
              - name: scanners
                key: [src]
                distinct: [dst, dport]
                window: 1h
                spreaders: { count: 50 }
            sinks: [ { files: { path: "%s" } } ]
            parallelism: 2
            """
                .formatted(out));
    List<JsonNode> alerts =
        OutputFiles.read(out).alerts("scanners", "superspreader").values().stream()
            .flatMap(List::stream)
            .toList();
    assertThat(alerts).hasSize(1);
    assertThat(alerts.get(0).at("/Atalaya/actual").asLong()).isEqualTo(182);
    assertThat(alerts.get(0).at("/Atalaya/measure").asText()).isEqualTo("distinct dst dport");
    assertThat(alerts.get(0).at("/Atalaya/certainty").asText()).isEqualTo("certain");
  }
}
