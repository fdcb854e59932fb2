package dev.atalaya.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atalaya.sketch.HeavyKeySketch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

/** The answers to a data set's questions by counting every key, without any of the job's code. */
final class Oracle {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final DataSet set;
  private final Map<String, Series> series = new LinkedHashMap<>();

  private Oracle(DataSet set) {
    this.set = set;
    set.questions().forEach(question -> series.put(question.detector(), new Series(question)));
  }

  /** One window of one question, and what came before it. */
  record Window(
      long start,
      long events,
      long total,
      Map<String, Long> values,
      Map<String, Long> previous,
      boolean first) {

    /** At least 1 % of the total, and at least 2. */
    Map<String, Long> hitters() {
      Map<String, Long> hitters = new TreeMap<>();
      values.forEach(
          (key, value) -> {
            if (value >= 2 && value * 100 >= total) {
              hitters.put(key, value);
            }
          });
      return hitters;
    }

    /** The values before and now of every key that changed so much; none in the first window. */
    Map<String, List<Long>> changesOfAtLeast(long delta) {
      Map<String, List<Long>> changes = new TreeMap<>();
      if (first) {
        return changes;
      }
      Map<String, Long> keys = new HashMap<>(previous);
      keys.putAll(values);
      for (String key : keys.keySet()) {
        long before = previous.getOrDefault(key, 0L);
        long now = values.getOrDefault(key, 0L);
        if (Math.abs(now - before) >= delta) {
          changes.put(key, List.of(before, now));
        }
      }
      return changes;
    }

    /** A key whose events add up to nothing is not stored. */
    long keysWithWeight() {
      return values.values().stream().filter(value -> value != 0).count();
    }

    long sumOfChanges() {
      return changesOfAtLeast(1).values().stream()
          .mapToLong(values -> Math.abs(values.get(0) - values.get(1)))
          .sum();
    }
  }

  /** All windows of one question. */
  static final class Series {
    private final DataSet.Question question;
    private final TreeMap<Long, Map<String, Long>> values = new TreeMap<>();
    private final Map<Long, Long> events = new HashMap<>();

    Series(DataSet.Question question) {
      this.question = question;
    }

    String detector() {
      return question.detector();
    }

    /** What a sketch needs to hold a tenth of the keys of the window that has most. */
    long memoryForATenth() {
      Map<String, Long> most = Collections.max(values.values(), Comparator.comparingInt(Map::size));
      int keyLength = (int) most.keySet().stream().mapToInt(String::length).average().orElse(0);
      long memory = HeavyKeySketch.MIN_MEMORY_BYTES;
      while (HeavyKeySketch.exactCapacity(memory, keyLength) < most.size() / 10) {
        memory += 256;
      }
      return memory;
    }

    /** An alert's key as the truth files write it. */
    String key(JsonNode alert) {
      List<String> parts = new ArrayList<>();
      alert.at("/Atalaya/key_values").forEach(part -> parts.add(part.asText()));
      return question.truthKey(parts);
    }

    /** Those with events; and behind each an empty one where nothing came. */
    List<Window> windows() {
      long size = question.windowSeconds() * 1000L;
      List<Window> windows = new ArrayList<>();
      for (Map.Entry<Long, Map<String, Long>> window : values.entrySet()) {
        long start = window.getKey();
        Map<String, Long> previous = values.getOrDefault(start - size, Map.of());
        boolean first = start == values.firstKey();
        windows.add(window(start, window.getValue(), previous, first));
        if (!values.containsKey(start + size) && start < values.lastKey()) {
          windows.add(window(start + size, Map.of(), window.getValue(), false));
        }
      }
      return windows;
    }

    private Window window(
        long start, Map<String, Long> now, Map<String, Long> previous, boolean first) {
      long total = now.values().stream().mapToLong(Long::longValue).sum();
      return new Window(start, events.getOrDefault(start, 0L), total, now, previous, first);
    }

    private void add(long time, List<String> keyValues, long weight) {
      long size = question.windowSeconds() * 1000L;
      long start = Math.floorDiv(time, size) * size;
      values
          .computeIfAbsent(start, s -> new HashMap<>())
          .merge(question.truthKey(keyValues), weight, Long::sum);
      events.merge(start, 1L, Long::sum);
    }
  }

  static Oracle of(DataSet set) throws IOException {
    Oracle oracle = new Oracle(set);
    events(set, oracle::add);
    return oracle;
  }

  /** Every event of a set, by field. */
  static void events(DataSet set, Consumer<Map<String, String>> each) throws IOException {
    List<String> header = new ArrayList<>();
    lines(
        set.eventFile(),
        line -> {
          if (!set.packets()) {
            each.accept(webEvent(line));
          } else if (header.isEmpty()) {
            header.addAll(Arrays.asList(line.split(",", -1)));
          } else {
            each.accept(packet(header, line));
          }
        });
  }

  private static Map<String, String> webEvent(String line) {
    Map<String, String> event = new HashMap<>();
    parse(line).properties().forEach(f -> event.put(f.getKey(), f.getValue().asText()));
    return event;
  }

  private static Map<String, String> packet(List<String> header, String line) {
    String[] columns = line.split(",", -1);
    Map<String, String> event = new HashMap<>();
    for (int i = 0; i < columns.length; i++) {
      event.put(header.get(i), columns[i]);
    }
    return event;
  }

  private void add(Map<String, String> event) {
    for (Series each : series.values()) {
      DataSet.Question question = each.question;
      each.add(
          Long.parseLong(event.get("ts")),
          question.fields().stream().map(event::get).toList(),
          question.weight() == null ? 1 : Long.parseLong(event.get(question.weight())));
    }
  }

  List<Series> series() {
    return List.copyOf(series.values());
  }

  /** Holds this oracle against the answers that came with the data. */
  void assertAgreesWithTruthFile() throws IOException {
    Map<String, Window> windows = new HashMap<>();
    series
        .values()
        .forEach(s -> s.windows().forEach(w -> windows.put(s.detector() + "@" + w.start(), w)));
    int[] checked = {0};
    lines(
        set.truthFile(),
        line -> {
          JsonNode truth = parse(line);
          if (!truth.has("key")) {
            return;
          }
          String name =
              String.join(
                      "-",
                      truth.path("key").asText(),
                      truth.path("m").asText(),
                      truth.path("w").asText())
                  .replace('_', '-');
          if (series.containsKey(name)) {
            assertEqual(truth, windows.get(name + "@" + truth.path("t").asLong()), name);
            checked[0]++;
          }
        });
    // A truth file of a long span leaves out windows with few events.
    assertThat(checked[0]).as("windows in the truth file").isGreaterThan(50);
  }

  private static void assertEqual(JsonNode truth, Window window, String name) {
    assertThat(window).as(name).isNotNull();
    assertThat(window.total()).as(name).isEqualTo(truth.path("n").asLong());
    assertThat(window.values()).as(name).hasSize(truth.path("distinct").asInt());
    Map<String, Long> hitters = new TreeMap<>();
    truth.path("hh").forEach(hitter -> hitters.put(hitter.get(0).asText(), hitter.get(1).asLong()));
    assertThat(window.hitters()).as(name).isEqualTo(hitters);
    long sumOfChanges = truth.path("D").asLong();
    assertThat(window.sumOfChanges()).as(name).isEqualTo(sumOfChanges);
    Map<String, List<Long>> changers = new TreeMap<>();
    truth
        .path("hc")
        .forEach(
            changer ->
                changers.put(
                    changer.get(0).asText(),
                    List.of(changer.get(1).asLong(), changer.get(2).asLong())));
    long onePercent = Math.max(2, (sumOfChanges + 99) / 100);
    assertThat(window.changesOfAtLeast(onePercent)).as(name).isEqualTo(changers);
  }

  static JsonNode parse(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new IllegalArgumentException(line, e);
    }
  }

  static void lines(Path gzip, Consumer<String> each) throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(gzip)), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        each.accept(line);
      }
    }
  }
}
