package dev.atalaya.job.baseline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.job.config.DetectorConfig.BaselineKind;
import dev.atalaya.sketch.HeavyKeySketch;
import dev.atalaya.sketch.KeyHash;
import dev.atalaya.sketch.WeightSummary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class KeyBaselinesTest {

  private static final KeyHash HASH = new KeyHash(5, 6);
  private static final long WINDOW = 60_000;
  private static final Learning LEARNING = LearningCurves.usual(WINDOW);

  private final KeyBaselinesSerializer serializer = new KeyBaselinesSerializer();
  private KeyBaselines baselines = new KeyBaselines(LEARNING, 8);

  /** Each key on its own, all keys kept, the smallest of which are then cut off. */
  @Test
  void everyKnownKeyLearnsFromEveryWindowAndTheLargestAreKept() throws IOException {
    Random random = new Random(4);
    Map<String, Series> truth = new HashMap<>();
    Series unknown = new Series(LEARNING);
    long start = 0;
    for (int window = 0; window < 400; window++, start += WINDOW) {
      if (window % 37 == 36) {
        int gap = 1 + random.nextInt(5);
        long from = start;
        truth.values().forEach(series -> series.addZeros(from, gap));
        unknown.addZeros(from, gap);
        start += gap * WINDOW;
      }
      Map<String, Long> values = new TreeMap<>();
      for (int i = 0; i < random.nextInt(20); i++) {
        values.put("k" + (int) Math.abs(6 * random.nextGaussian()), 1L + random.nextInt(90));
      }
      check(truth, unknown, start);
      baselines.add(start, summary(values));
      learn(truth, unknown, start, values);
      if (window % 10 == 0) {
        baselines = restored(baselines);
      }
    }
    assertThat(baselines.size()).isEqualTo(8);
  }

  private void check(Map<String, Series> truth, Series unknown, long start) {
    baselines.skipTo(start);
    TreeSet<String> visited = new TreeSet<>();
    baselines.forEachKey(
        start,
        (hash, keys, offset, length, lower, upper) -> {
          String key = new String(keys, offset, length, StandardCharsets.UTF_8);
          visited.add(key);
          assertThat(hash).isEqualTo(hash(key));
          assertThat(lower).isEqualTo(Math.round(truth.get(key).expected(start)));
        });
    assertThat(visited).isEqualTo(new TreeSet<>(truth.keySet()));
    for (int i = 0; i < 30; i++) {
      Series series = truth.get("k" + i);
      double expected = series == null ? 0 : series.expected(start);
      double own = series == null ? 1 : series.deviation(start);
      double others = unknown.expected(start) - expected;
      double deviation = others > 0 ? Math.max(own, root(others, unknown.deviation(start))) : own;
      assertThat(baselines.expected(hash("k" + i), start)).isEqualTo(expected);
      assertThat(baselines.deviation(hash("k" + i), start)).isEqualTo(deviation);
    }
  }

  private static double root(double a, double b) {
    return Math.sqrt(b * b + a * a);
  }

  private static void learn(
      Map<String, Series> truth, Series unknown, long start, Map<String, Long> values) {
    long largest = 0;
    for (Map.Entry<String, Long> value : values.entrySet()) {
      if (!truth.containsKey(value.getKey())) {
        largest = Math.max(largest, value.getValue());
      }
    }
    for (Map.Entry<String, Series> known : truth.entrySet()) {
      known.getValue().add(start, values.getOrDefault(known.getKey(), 0L));
    }
    long before = unknown.windows() + 1;
    values.entrySet().stream()
        .filter(value -> !truth.containsKey(value.getKey()))
        .sorted(
            Map.Entry.<String, Long>comparingByValue()
                .thenComparing(Map.Entry.comparingByKey())
                .reversed())
        .limit(8)
        .toList()
        .forEach(
            value -> {
              Series series = new Series(LEARNING, start == 0 ? 0 : before);
              series.addFirst(start, value.getValue());
              truth.put(value.getKey(), series);
            });
    if (start > 0) {
      unknown.add(start, (double) largest);
    }
    truth.values().removeIf(series -> series.level() < 0.01);
    List<String> bySize =
        truth.keySet().stream()
            .sorted(
                Comparator.comparingDouble((String key) -> truth.get(key).level())
                    .thenComparing(Comparator.naturalOrder()))
            .toList();
    bySize.subList(0, Math.max(0, bySize.size() - 8)).forEach(truth::remove);
  }

  @Test
  void aKeyThatNobodyKnowsIsJudgedByWhatOthersBringThatComeForTheFirstTime() {
    baselines = new KeyBaselines(LEARNING, 1_000);
    for (int window = 0; window < 200; window++) {
      baselines.add(window * WINDOW, summary(Map.of("new" + window, 50L, "known", 10_000L)));
    }
    long start = 200 * WINDOW;
    assertThat(baselines.deviation(hash("stranger"), start)).isBetween(50.0, 60.0);
    assertThat(baselines.deviation(hash("known"), start)).isEqualTo(500);
  }

  @Test
  void anHourWithoutEventsCountsAsOne() {
    KeyBaselines yesterday =
        new KeyBaselines(LearningCurves.of(BaselineKind.SAME_HOUR_YESTERDAY, WINDOW), 10);
    yesterday.add(0, summary(Map.of("a", 5L)));
    long day = 24 * 3_600_000L;
    yesterday.skipTo(day - WINDOW);
    assertThat(yesterday.isWarm()).isFalse();
    yesterday.skipTo(day);
    assertThat(yesterday.isWarm()).isTrue();
    assertThat(yesterday.expected(hash("a"), day)).isLessThan(0.1);
  }

  private KeyBaselines restored(KeyBaselines from) throws IOException {
    KeyBaselines read = serializer.deserialize(new DataInputDeserializer(bytes(from)));
    assertThat(bytes(read)).isEqualTo(bytes(from));
    assertThat(bytes(serializer.copy(from))).isEqualTo(bytes(from));
    return read;
  }

  private byte[] bytes(KeyBaselines from) throws IOException {
    DataOutputSerializer target = new DataOutputSerializer(1_000);
    serializer.serialize(from, target);
    return target.getCopyOfBuffer();
  }

  private static WeightSummary summary(Map<String, Long> values) {
    WeightSummary summary = HeavyKeySketch.create(1 << 16, HASH);
    values.forEach(
        (key, value) -> summary.update(HASH, key.getBytes(StandardCharsets.UTF_8), value));
    return summary;
  }

  private static long hash(String key) {
    return HASH.hash(key.getBytes(StandardCharsets.UTF_8));
  }
}
