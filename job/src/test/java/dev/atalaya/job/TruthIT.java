package dev.atalaya.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atalaya.job.Oracle.Series;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The shipped job on real captures and logs, from the input files to the written documents, against
 * answers by brute force.
 *
 * <p>The truth files hold, for each window, the hitters (1 % of the window's total and at least 2)
 * and the changers (1 % of the sum of all changes and at least 2). The job reports every change of
 * 2 or more, of which the test takes those that the truth calls changers: both must be equal,
 * values included, and the {@link Oracle} checks every other key.
 */
class TruthIT {

  /** Bytes of a sketch that holds every key of every window. */
  private static final long AMPLE = 4 << 20;

  @TempDir Path work;

  @ParameterizedTest
  @EnumSource
  void exactWindowsEqualTheTruthAtAnyParallelism(DataSet set) throws Exception {
    Oracle oracle = Oracle.of(set);
    oracle.assertAgreesWithTruthFile();

    OutputFiles alone = run(set, question -> AMPLE, 1);
    for (Series series : oracle.series()) {
      assertEqual(series, alone);
    }
    // Not the lines themselves: of the largest set three times would not fit.
    List<UUID> documents = digests(alone);
    assertThat(digests(run(set, question -> AMPLE, 2))).isEqualTo(documents);
    assertThat(digests(run(set, question -> AMPLE, 3))).isEqualTo(documents);
  }

  private static List<UUID> digests(OutputFiles output) {
    return output.sortedLines().stream()
        .map(line -> UUID.nameUUIDFromBytes(line.getBytes(StandardCharsets.UTF_8)))
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void withATenthOfTheMemoryNothingAboveTheErrorBoundIsMissedAndEveryBoundHolds(DataSet set)
      throws Exception {
    Oracle oracle = Oracle.of(set);
    Map<String, Long> tenth = new HashMap<>();
    oracle.series().forEach(series -> tenth.put(series.detector(), series.memoryForATenth()));
    OutputFiles output = run(set, question -> tenth.get(question.detector()), 2);
    int bounded = 0;
    for (Series series : oracle.series()) {
      bounded += assertBounded(series, output);
    }
    assertThat(bounded).as("windows beyond their memory").isPositive();
  }

  private OutputFiles run(DataSet set, ToLongFunction<DataSet.Question> memory, int parallelism)
      throws Exception {
    Path out = work.resolve("parallelism-" + parallelism);
    TestRuns.run(set.yaml(out, memory, parallelism));
    return OutputFiles.read(out);
  }

  private static void assertEqual(Series series, OutputFiles output) {
    Map<Long, JsonNode> reports = output.reports(series.detector());
    Map<Long, List<JsonNode>> hitters = output.alerts(series.detector(), "heavy_hitter");
    Map<Long, List<JsonNode>> changers = output.alerts(series.detector(), "heavy_changer");
    for (Oracle.Window window : series.windows()) {
      String where = series.detector() + " at " + window.start();
      JsonNode report = reports.get(window.start());
      assertThat(report).as(where).isNotNull();
      assertThat(report.at("/Atalaya/exact").asBoolean()).as(where).isTrue();
      assertThat(report.at("/Atalaya/events").asLong()).as(where).isEqualTo(window.events());
      assertThat(report.at("/Atalaya/window_total").asLong()).as(where).isEqualTo(window.total());
      assertThat(report.at("/Atalaya/distinct_keys").asLong())
          .as(where)
          .isEqualTo(window.keysWithWeight());

      Map<String, Long> found = new TreeMap<>();
      for (JsonNode alert : hitters.getOrDefault(window.start(), List.of())) {
        found.put(series.key(alert), alert.at("/Atalaya/actual").asLong());
        assertThat(alert.at("/Atalaya/certainty").asText()).as(where).isEqualTo("certain");
      }
      assertThat(found).as("hitters of " + where).isEqualTo(window.hitters());

      Map<String, List<Long>> changed = new TreeMap<>();
      for (JsonNode alert : changers.getOrDefault(window.start(), List.of())) {
        changed.put(
            series.key(alert),
            List.of(alert.at("/Atalaya/expected").asLong(), alert.at("/Atalaya/actual").asLong()));
      }
      assertThat(changed).as("changers of " + where).isEqualTo(window.changesOfAtLeast(2));
    }
  }

  /** How many windows were beyond their memory. */
  private static int assertBounded(Series series, OutputFiles output) {
    Map<Long, JsonNode> reports = output.reports(series.detector());
    Map<Long, List<JsonNode>> hitters = output.alerts(series.detector(), "heavy_hitter");
    Map<Long, List<JsonNode>> changers = output.alerts(series.detector(), "heavy_changer");
    int bounded = 0;
    for (Oracle.Window window : series.windows()) {
      String where = series.detector() + " at " + window.start();
      JsonNode report = reports.get(window.start());
      bounded += report.at("/Atalaya/exact").asBoolean() ? 0 : 1;
      List<JsonNode> alerts = new ArrayList<>(hitters.getOrDefault(window.start(), List.of()));
      Map<String, JsonNode> byKey = byKey(series, alerts);
      List<JsonNode> changes = changers.getOrDefault(window.start(), List.of());
      Map<String, JsonNode> changesByKey = byKey(series, changes);
      alerts.addAll(changes);
      for (JsonNode alert : alerts) {
        assertBoundsHold(where, alert, window, series.key(alert));
      }
      long errorBound = report.at("/Atalaya/error_bound").asLong();
      window
          .hitters()
          .forEach(
              (key, value) -> {
                if (value > errorBound) {
                  assertThat(byKey).as("hitters of " + where).containsKey(key);
                }
              });
      long changeErrorBound = report.at("/Atalaya/change_error_bound").asLong();
      window
          .changesOfAtLeast(2)
          .forEach(
              (key, values) -> {
                if (Math.abs(values.get(0) - values.get(1)) > changeErrorBound) {
                  assertThat(changesByKey).as("changers of " + where).containsKey(key);
                }
              });
    }
    return bounded;
  }

  private static Map<String, JsonNode> byKey(Series series, List<JsonNode> alerts) {
    Map<String, JsonNode> byKey = new TreeMap<>();
    alerts.forEach(alert -> byKey.put(series.key(alert), alert));
    return byKey;
  }

  private static void assertBoundsHold(
      String where, JsonNode alert, Oracle.Window window, String key) {
    long actual = window.values().getOrDefault(key, 0L);
    assertThat(actual)
        .as("%s in %s", key, where)
        .isBetween(
            alert.at("/Atalaya/actual_lower").asLong(), alert.at("/Atalaya/actual_upper").asLong());
    if (alert.at("/Atalaya/expected_upper").isMissingNode()) {
      return;
    }
    long before = window.previous().getOrDefault(key, 0L);
    assertThat(before)
        .as("%s before %s", key, where)
        .isBetween(
            alert.at("/Atalaya/expected_lower").asLong(),
            alert.at("/Atalaya/expected_upper").asLong());
    assertThat(Math.abs(actual - before))
        .as("change of %s in %s", key, where)
        .isBetween(
            alert.at("/Atalaya/delta_lower").asLong(), alert.at("/Atalaya/delta_upper").asLong());
  }
}
