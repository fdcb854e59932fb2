package dev.atalaya.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.config.JobConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampleStreamTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static String text(long events, long seed) throws IOException, InterruptedException {
    StringBuilder out = new StringBuilder();
    new SampleStream(events, seed).forEachLine(line -> out.append(line).append('\n'));
    return out.toString();
  }

  @Test
  void aSeedMeansTheSameStreamOnEveryMachine() throws Exception {
    byte[] bytes = text(30_000, 1).getBytes(StandardCharsets.US_ASCII);
    assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)))
        .isEqualTo("787a3f26000efb4ca0ca16d7d3f6eb58dcd23c25634ee0027265e876f83ebb8a");
    assertThat(text(30_000, 2)).isNotEqualTo(text(30_000, 1));
  }

  @Test
  void itHasAboutAsManyEventsAsAskedFor() throws Exception {
    SampleStream stream = new SampleStream(100_000, 1);
    StringBuilder out = new StringBuilder();
    stream.forEachLine(line -> out.append(line).append('\n'));
    assertThat(stream.events()).isBetween(97_000L, 101_000L);
    assertThat(out.toString().lines().count())
        .isEqualTo(stream.events() + SampleStream.BROKEN_LINES.size());
  }

  @Test
  void tooFewEventsAreRefused() {
    assertThatThrownBy(() -> new SampleStream(29_999, 1))
        .hasMessageContaining("events must be >= 30000, got 29999");
  }

  /** The rules of the demo, applied exactly to every event: what is planted is what there is. */
  @ParameterizedTest
  @CsvSource({"30000,1", "30000,2", "30000,3", "50000,4", "200000,1"})
  void countedExactlyWhatStandsOutIsWhatWasPlanted(long events, long seed) throws Exception {
    JobConfig config = DemoCommand.configIn(Path.of("somewhere"));
    List<JsonNode> stream = parsed(text(events, seed));
    List<Planted> found = new ArrayList<>();
    for (DetectorConfig detector : config.detectors()) {
      Map<Long, Map<String, Long>> windows = windowsOf(detector, stream);
      Map<String, Long> before = null;
      for (Map.Entry<Long, Map<String, Long>> window : windows.entrySet()) {
        findHitters(detector, window.getKey(), window.getValue(), found);
        if (before != null) {
          findChangers(detector, window.getKey(), before, window.getValue(), found);
        }
        before = window.getValue();
      }
    }
    found.sort(null);
    assertThat(found).isEqualTo(SampleStream.planted());
  }

  private static List<JsonNode> parsed(String text) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    for (String line : text.lines().toList()) {
      if (!SampleStream.BROKEN_LINES.contains(line)) {
        events.add(JSON.readTree(line));
      }
    }
    return events;
  }

  private static Map<Long, Map<String, Long>> windowsOf(
      DetectorConfig detector, List<JsonNode> events) {
    Map<Long, Map<String, Long>> windows = new TreeMap<>();
    for (JsonNode event : events) {
      long time = event.get("ts").asLong();
      boolean inTime = time < SampleStream.START_MILLIS + 366L * 86_400_000;
      boolean passes =
          detector.filter().stream()
              .allMatch(
                  condition ->
                      condition.values().contains(event.get(condition.field()).asText())
                          != condition.negated());
      if (inTime && passes) {
        long weight = detector.weight() == null ? 1 : event.get(detector.weight()).asLong();
        windows
            .computeIfAbsent(time - time % detector.windowMillis(), start -> new HashMap<>())
            .merge(event.get(detector.key().get(0)).asText(), weight, Long::sum);
      }
    }
    return windows;
  }

  private static void findHitters(
      DetectorConfig detector, long start, Map<String, Long> window, List<Planted> found) {
    if (detector.hitters() == null) {
      return;
    }
    long threshold = detector.hitters().share().of(total(window));
    window.forEach(
        (key, value) -> {
          if (value >= threshold) {
            found.add(new Planted(start, detector.name(), key, Planted.HEAVY_HITTER, null));
          }
        });
  }

  private static void findChangers(
      DetectorConfig detector,
      long start,
      Map<String, Long> before,
      Map<String, Long> window,
      List<Planted> found) {
    long threshold = detector.changers().share().of(Math.max(total(before), total(window)));
    Set<String> keys = new TreeSet<>(before.keySet());
    keys.addAll(window.keySet());
    for (String key : keys) {
      long old = before.getOrDefault(key, 0L);
      long now = window.getOrDefault(key, 0L);
      double ratio = (double) Math.max(old, now) / Math.min(old, now);
      if (Math.abs(now - old) >= threshold && ratio >= detector.changers().ratio()) {
        found.add(
            new Planted(
                start, detector.name(), key, Planted.HEAVY_CHANGER, now > old ? "up" : "down"));
      }
    }
  }

  private static long total(Map<String, Long> window) {
    return window.values().stream().mapToLong(Long::longValue).sum();
  }
}
