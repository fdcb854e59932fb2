package dev.atalaya.job.window;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.job.Detectors;
import dev.atalaya.job.baseline.KeyBaselines;
import dev.atalaya.job.baseline.Learning;
import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.config.DetectorConfig.Baseline;
import dev.atalaya.job.config.DetectorConfig.BaselineKind;
import dev.atalaya.job.config.DetectorConfig.Changers;
import dev.atalaya.job.config.DetectorConfig.FirstSeen;
import dev.atalaya.job.config.DetectorConfig.Sensitivity;
import dev.atalaya.job.detect.Finding;
import dev.atalaya.job.detect.SliceFindings;
import dev.atalaya.sketch.HeavyKeySketch;
import dev.atalaya.sketch.KeyHash;
import dev.atalaya.sketch.WeightSummary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** What a slice learns beside the window before, through checkpoints and against brute force. */
class LearnedWindowsTest {

  private static final KeyHash HASH = new KeyHash(1, 2);
  private static final long WINDOW = 10;
  private static final long REMEMBER = 400;

  private static final DetectorConfig LEARNED =
      detector()
          .baseline(new Baseline(BaselineKind.MOVING_AVERAGE, 12 * WINDOW, 20, 12))
          .changers(new Changers(0, null, 0, Sensitivity.MEDIUM, 10))
          .firstSeen(new FirstSeen(30, REMEMBER, 1_000))
          .build();

  private static Detectors detector() {
    return Detectors.named("d").window(WINDOW).memory(1 << 20).maxAlerts(1_000).hitters(null);
  }

  @Test
  void changesAndNewKeysAreThoseOfBruteForceThroughAnyNumberOfRestores() throws Exception {
    NavigableMap<Long, Map<String, Long>> stream = stream();
    List<String> expected = bruteForce(stream);
    assertThat(expected).anyMatch(line -> line.contains("changed burst"));
    assertThat(expected).anyMatch(line -> line.contains("changed steady"));
    assertThat(expected).anyMatch(line -> line.contains("first "));
    assertThat(run(stream, Integer.MAX_VALUE)).isEqualTo(expected);
    assertThat(run(stream, 1)).isEqualTo(expected);
    assertThat(run(stream, 7)).isEqualTo(expected);
  }

  @Test
  void aJobThatHadNothingOfThisIsRestoredAndLearnsFromThenOn() throws Exception {
    DetectorConfig before = detector().build();
    DetectorConfig after = detector().firstSeen(new FirstSeen(2, 1_000, 100)).build();
    assertThat(after.stateId()).isEqualTo(before.stateId());
    var harness = start(before, null);
    part(harness, before, 0, Map.of("a", 5L));
    harness.processWatermark(9);
    OperatorSubtaskState state = harness.snapshot(1, 1);
    harness.close();
    harness = start(after, state);
    part(harness, after, 10, Map.of("a", 5L, "b", 5L));
    part(harness, after, 20, Map.of("a", 5L, "b", 5L, "c", 5L, "small", 1L));
    harness.processWatermark(29);
    assertThat(harness.extractOutputValues().stream().map(LearnedWindowsTest::describe))
        .containsExactly("10 first ", "20 first c!");
    harness.close();
  }

  /** Of what was learned, not of how. */
  @Test
  void anotherPaceAndWarmUpHoldAfterARestart() throws Exception {
    DetectorConfig slow = learning(new Baseline(BaselineKind.MOVING_AVERAGE, 1_000, 20, 1_000));
    DetectorConfig fast = learning(new Baseline(BaselineKind.MOVING_AVERAGE, 10, 1, 3));
    assertThat(fast.stateId()).isEqualTo(slow.stateId());
    var harness = start(slow, null);
    for (long at = 0; at < 5 * WINDOW; at += WINDOW) {
      part(harness, slow, at, Map.of("a", 50L, "b", 40L));
    }
    harness.processWatermark(5 * WINDOW - 1);
    assertThat(harness.extractOutputValues()).hasSize(5).allMatch(window -> window.warmup);
    OperatorSubtaskState state = harness.snapshot(1, 1);
    harness.close();
    harness = start(fast, state);
    part(harness, fast, 50, Map.of("a", 500L, "b", 40L));
    part(harness, fast, 60, Map.of("a", 50L, "b", 40L));
    harness.processWatermark(69);
    List<SliceFindings> windows = harness.extractOutputValues();
    assertThat(windows).hasSize(2).noneMatch(window -> window.warmup);
    assertThat(keys(windows.get(0), Finding.Kind.HEAVY_CHANGER)).isEqualTo("a!");
    // There is room for one key now, so nothing is expected of the other.
    assertThat(keys(windows.get(1), Finding.Kind.HEAVY_CHANGER)).contains("b!");
    harness.close();
  }

  private static DetectorConfig learning(Baseline baseline) {
    return detector()
        .baseline(baseline)
        .changers(new Changers(0, null, 0, Sensitivity.MEDIUM, 10))
        .build();
  }

  @Test
  void whatAnotherCountWouldHaveTakenNoteOfIsPossiblyNotNew() throws Exception {
    DetectorConfig many = detector().firstSeen(new FirstSeen(20, REMEMBER, 1_000)).build();
    DetectorConfig few = detector().firstSeen(new FirstSeen(5, REMEMBER, 1_000)).build();
    var harness = start(many, null);
    part(harness, many, 0, Map.of("large", 50L, "small", 10L));
    harness.processWatermark(9);
    OperatorSubtaskState state = harness.snapshot(1, 1);
    harness.close();
    harness = start(few, state);
    part(harness, few, 10, Map.of("large", 50L, "small", 10L));
    part(harness, few, 2 * REMEMBER, Map.of("new", 10L));
    harness.processWatermark(2 * REMEMBER + 9);
    assertThat(
            harness.extractOutputValues().stream()
                .map(LearnedWindowsTest::describe)
                .filter(line -> line.endsWith("?") || line.endsWith("!")))
        .containsExactly("10 first small?", "800 first new!");
    harness.close();
  }

  @Test
  void whoRemembersForLessTimeHasNotForgottenWhatJustCame() throws Exception {
    DetectorConfig longer = detector().firstSeen(new FirstSeen(2, 10_000, 1_000)).build();
    DetectorConfig shorter = detector().firstSeen(new FirstSeen(2, 100, 1_000)).build();
    var harness = start(longer, null);
    part(harness, longer, 0, Map.of("old", 5L));
    part(harness, longer, 5_000, Map.of("a", 5L));
    harness.processWatermark(5_009);
    OperatorSubtaskState state = harness.snapshot(1, 1);
    harness.close();
    harness = start(shorter, state);
    part(harness, shorter, 5_010, Map.of("a", 5L, "b", 5L));
    harness.processWatermark(5_019);
    assertThat(harness.extractOutputValues().stream().map(LearnedWindowsTest::describe))
        .contains("5010 first b!");
    harness.close();
  }

  @Test
  void whatIsNotToldCertainlyIsPossible() throws Exception {
    DetectorConfig coarse =
        detector().memory(1 << 14).firstSeen(new FirstSeen(20, REMEMBER, 10_000)).build();
    var harness = start(coarse, null);
    Map<String, Long> many = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      many.put("many" + i, 10L);
    }
    part(harness, coarse, 0, many);
    part(harness, coarse, 10, Map.of("new", 50L));
    harness.processWatermark(REMEMBER);
    part(harness, coarse, 2 * REMEMBER, Map.of("newer", 50L));
    harness.processWatermark(2 * REMEMBER + 9);
    assertThat(
            harness.extractOutputValues().stream()
                .map(LearnedWindowsTest::describe)
                .filter(line -> line.contains("new")))
        .containsExactly("10 first new?", "800 first newer!");
    harness.close();
  }

  /** Keys that come, go and stray; gaps; a burst of one key and the loss of another. */
  private static NavigableMap<Long, Map<String, Long>> stream() {
    Random random = new Random(7);
    TreeMap<Long, Map<String, Long>> stream = new TreeMap<>();
    long start = 0;
    for (int window = 0; window < 160; window++, start += WINDOW) {
      if (window == 60 || window == 100) {
        start += (window - 50) * WINDOW;
      }
      Map<String, Long> values = new TreeMap<>();
      for (int key = 0; key < 15; key++) {
        if (random.nextInt(3) > 0) {
          values.put("k" + key, Math.round(50 + 10 * random.nextGaussian()));
        }
      }
      values.put("r" + random.nextInt(12), 30L + random.nextInt(20));
      values.put("burst", window == 90 ? 900L : 60L);
      if (window != 92) {
        values.put("steady", 400L);
      }
      stream.put(start, values);
    }
    return stream;
  }

  private static List<String> bruteForce(NavigableMap<Long, Map<String, Long>> stream) {
    List<String> found = new ArrayList<>();
    KeyBaselines usual = new KeyBaselines(Learning.of(LEARNED), 20);
    Map<String, Long> lastGeneration = new HashMap<>();
    // The empty window behind the last before a gap is closed too.
    TreeMap<Long, Map<String, Long>> all = new TreeMap<>(stream);
    for (long start : stream.keySet()) {
      if (stream.higherKey(start) != null) {
        all.putIfAbsent(start + WINDOW, Map.of());
      }
    }
    for (Map.Entry<Long, Map<String, Long>> window : all.entrySet()) {
      long start = window.getKey();
      Map<String, Long> values = window.getValue();
      usual.skipTo(start);
      TreeSet<String> keys = new TreeSet<>(values.keySet());
      usual.forEachKey(
          start,
          (hash, bytes, offset, length, lower, upper) ->
              keys.add(new String(bytes, offset, length, StandardCharsets.UTF_8)));
      TreeSet<String> changed = new TreeSet<>();
      TreeSet<String> first = new TreeSet<>();
      for (String key : keys) {
        long value = values.getOrDefault(key, 0L);
        long expected = Math.round(usual.expected(hash(key), start));
        boolean unusual = Math.abs(value - expected) > 4 * usual.deviation(hash(key), start);
        if (usual.isWarm() && unusual && Math.max(value, expected) >= 10) {
          changed.add(key + "!");
        }
        if (value >= 30) {
          Long last = lastGeneration.put(key, start / REMEMBER);
          if (start > 0 && (last == null || last < start / REMEMBER - 1)) {
            first.add(key + "!");
          }
        }
      }
      found.add(
          start
              + (usual.isWarm() ? " changed " + String.join(" ", changed) : "")
              + " first "
              + String.join(" ", first));
      usual.add(start, summary(values));
    }
    return found;
  }

  private static List<String> run(NavigableMap<Long, Map<String, Long>> stream, int restoreEvery)
      throws Exception {
    List<String> found = new ArrayList<>();
    var harness = start(LEARNED, null);
    int count = 0;
    for (Map.Entry<Long, Map<String, Long>> window : stream.entrySet()) {
      harness.processWatermark(window.getKey() - 1);
      part(harness, LEARNED, window.getKey(), window.getValue());
      if (++count % restoreEvery == 0) {
        OperatorSubtaskState state = harness.snapshot(count, count);
        harness.extractOutputValues().forEach(findings -> found.add(describe(findings)));
        harness.close();
        harness = start(LEARNED, state);
      }
    }
    harness.processWatermark(Long.MAX_VALUE);
    harness.extractOutputValues().forEach(findings -> found.add(describe(findings)));
    harness.close();
    return found;
  }

  private static KeyedOneInputStreamOperatorTestHarness<
          Tuple2<String, Integer>, Partial, SliceFindings>
      start(DetectorConfig detector, OperatorSubtaskState restored) throws Exception {
    var harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new KeyedProcessOperator<>(new MergeAndDiff(List.of(detector), false)),
            (Partial partial) -> Tuple2.of(partial.detector(), partial.slice()),
            Types.TUPLE(Types.STRING, Types.INT));
    harness.setup();
    if (restored != null) {
      harness.initializeState(restored);
    }
    harness.open();
    return harness;
  }

  private static void part(
      KeyedOneInputStreamOperatorTestHarness<Tuple2<String, Integer>, Partial, SliceFindings>
          harness,
      DetectorConfig detector,
      long start,
      Map<String, Long> values)
      throws Exception {
    WeightSummary keys = HeavyKeySketch.create(detector.memoryBytes(), HASH);
    fill(keys, values);
    WindowSketch window = new WindowSketch(start, keys);
    window.events = values.size();
    window.total = keys.total();
    harness.processElement(new StreamRecord<>(new Partial(detector.stateId(), 0, start, window)));
  }

  private static WeightSummary summary(Map<String, Long> values) {
    return fill(HeavyKeySketch.create(1 << 20, HASH), values);
  }

  private static WeightSummary fill(WeightSummary summary, Map<String, Long> values) {
    values.forEach(
        (key, value) -> summary.update(HASH, key.getBytes(StandardCharsets.UTF_8), value));
    return summary;
  }

  private static long hash(String key) {
    return HASH.hash(key.getBytes(StandardCharsets.UTF_8));
  }

  /** Certain ones with {@code !}. */
  private static String describe(SliceFindings window) {
    boolean learns = window.of(Finding.Kind.HEAVY_CHANGER) != null && !window.warmup;
    boolean learned = learns && window.detector.equals(LEARNED.stateId());
    return window.startMillis
        + (learned ? " changed " + keys(window, Finding.Kind.HEAVY_CHANGER) : "")
        + " first "
        + keys(window, Finding.Kind.FIRST_SEEN);
  }

  private static String keys(SliceFindings window, Finding.Kind kind) {
    return String.join(
        " ",
        Arrays.stream(window.of(kind).listed)
            .map(
                finding ->
                    new String(finding.key, StandardCharsets.UTF_8) + (finding.certain ? "!" : "?"))
            .sorted()
            .toList());
  }
}
