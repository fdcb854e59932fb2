package dev.atalaya.job.window;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.job.Detectors;
import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.config.DetectorConfig.Also;
import dev.atalaya.job.config.DetectorConfig.Rollup;
import dev.atalaya.job.detect.Finding;
import dev.atalaya.job.detect.KindFindings;
import dev.atalaya.job.detect.SliceFindings;
import dev.atalaya.job.detect.SummaryPlan;
import dev.atalaya.job.ledger.LedgerEntry;
import dev.atalaya.sketch.HeavyKeySketch;
import dev.atalaya.sketch.KeyHash;
import dev.atalaya.sketch.KeySummary;
import dev.atalaya.sketch.SpreadSketch;
import dev.atalaya.sketch.WeightSummary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MergeAndDiffTest {

  private static final KeyHash HASH = new KeyHash(1, 2);

  private DetectorConfig detector = Detectors.named("d").build();
  private KeyedOneInputStreamOperatorTestHarness<Tuple2<String, Integer>, Partial, SliceFindings>
      harness;

  @BeforeEach
  void open() throws Exception {
    harness = start(null);
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  private KeyedOneInputStreamOperatorTestHarness<Tuple2<String, Integer>, Partial, SliceFindings>
      start(OperatorSubtaskState restored) throws Exception {
    var started =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new SilenceAwareProcessOperator<>(
                new MergeAndDiff(List.of(detector), true), Partial::newestMillis, 25),
            (Partial partial) -> Tuple2.of(partial.detector(), partial.slice()),
            Types.TUPLE(Types.STRING, Types.INT));
    started.setup();
    if (restored != null) {
      started.initializeState(restored);
    }
    started.open();
    return started;
  }

  private void restart(DetectorConfig next) throws Exception {
    OperatorSubtaskState state = harness.snapshot(1, 1);
    harness.close();
    detector = next;
    harness = start(state);
  }

  @Test
  void partialsOfAWindowAreOneWindow() throws Exception {
    part(0, "a", 3);
    part(0, "a", 4, "b", 1);
    harness.processWatermark(9);
    assertThat(windows()).containsExactly("0-10 events 8 [a 7, b 1] warmup");
  }

  @Test
  void aWindowClosesAtItsLastMillisecondAndNotBefore() throws Exception {
    part(0, "a", 1);
    harness.processWatermark(8);
    assertThat(windows()).isEmpty();
    harness.processWatermark(9);
    assertThat(windows()).hasSize(1);
  }

  @Test
  void theNextWindowIsComparedWithTheOneBefore() throws Exception {
    part(0, "a", 3, "gone", 2);
    part(10, "a", 5, "new", 1);
    harness.processWatermark(19);
    assertThat(windows())
        .containsExactly(
            "0-10 events 5 [a 3, gone 2] warmup",
            "10-20 events 6 [a 5, new 1] changes [a 3>5, gone 2>0, new 0>1]");
  }

  @Test
  void behindTheLastWindowAnEmptyOneIsClosedAndThenNoMore() throws Exception {
    part(0, "a", 3);
    harness.processWatermark(1_000_000);
    assertThat(windows())
        .containsExactly("0-10 events 3 [a 3] warmup", "10-20 events 0 [] changes [a 3>0]");
    assertThat(harness.numEventTimeTimers()).isZero();
  }

  @Test
  void afterAGapTheBaselineIsAnEmptyWindow() throws Exception {
    part(0, "a", 3);
    harness.processWatermark(99);
    part(100, "a", 3);
    harness.processWatermark(109);
    assertThat(windows())
        .containsExactly(
            "0-10 events 3 [a 3] warmup",
            "10-20 events 0 [] changes [a 3>0]",
            "100-110 events 3 [a 3] changes [a 0>3]");
  }

  @Test
  void theEndOfTheInputIsNoSilence() throws Exception {
    part(0, "a", 3);
    part(20, "a", 1);
    harness.processWatermark(Long.MAX_VALUE);
    assertThat(windows())
        .containsExactly(
            "0-10 events 3 [a 3] warmup",
            "10-20 events 0 [] changes [a 3>0]",
            "20-30 events 1 [a 1] changes [a 0>1]");
  }

  @Test
  void aPartialOfAClosedWindowIsLateByItsEvents() throws Exception {
    part(0, "a", 1);
    harness.processWatermark(9);
    part(0, "a", 5);
    harness.processWatermark(30);
    assertThat(windows())
        .containsExactly("0-10 events 1 [a 1] warmup", "10-20 events 0 [] changes [a 1>0]");
    assertThat(ledger()).containsExactly("counted.d 1", "late.d 5");
  }

  @Test
  void aPartialBehindTheWatermarkIsLateEvenIfNoWindowWasEverClosed() throws Exception {
    harness.processWatermark(9);
    part(0, "a", 5);
    harness.processWatermark(50);
    assertThat(windows()).isEmpty();
    assertThat(ledger()).containsExactly("late.d 5");
  }

  @Test
  void latenessKeepsAWindowOpen() throws Exception {
    restart(Detectors.named("d").lateness(5).build());
    part(0, "a", 1);
    harness.processWatermark(13);
    assertThat(windows()).isEmpty();
    part(0, "a", 2);
    harness.processWatermark(14);
    assertThat(windows()).containsExactly("0-10 events 3 [a 3] warmup");
    assertThat(ledger()).containsExactly("counted.d 1", "counted.d 2");
  }

  @Test
  void afterARestoreAClosedWindowStaysClosedThoughTheWatermarkIsForgotten() throws Exception {
    part(0, "a", 3);
    part(10, "a", 4);
    harness.processWatermark(9);
    assertThat(windows()).hasSize(1);
    restart(detector);
    part(0, "a", 100);
    part(10, "a", 1);
    harness.processWatermark(19);
    assertThat(windows()).containsExactly("10-20 events 5 [a 5] changes [a 3>5]");
    assertThat(ledger()).containsExactly("late.d 100", "counted.d 1");
  }

  @Test
  void aDetectorThatNowAddsUpSomethingElseStartsAnew() throws Exception {
    part(0, "a", 3);
    harness.processWatermark(9);
    restart(Detectors.named("d").window(20).build());
    part(20, "a", 4);
    harness.processWatermark(39);
    assertThat(windows()).containsExactly("20-40 events 4 [a 4] warmup");
  }

  @Test
  void slicesAreComparedApartAndEnterTheLedgerOnce() throws Exception {
    restart(Detectors.named("d").slices(2).build());
    harness.processElement(new StreamRecord<>(partial(0, 0, 5, "a", 3)));
    harness.processElement(new StreamRecord<>(partial(1, 0, 5, "b", 2)));
    harness.processWatermark(9);
    assertThat(windows())
        .containsExactlyInAnyOrder("0-10 events 5 [a 3] warmup", "0-10 events 5 [b 2] warmup");
    assertThat(ledger()).containsExactly("counted.d 5");
  }

  @Test
  void inSilenceTimeGoesOnWithTheWallClock() throws Exception {
    harness.setProcessingTime(1_000);
    part(100, "a", 3);
    harness.processWatermark(100);
    harness.processWatermarkStatus(WatermarkStatus.IDLE);
    assertThat(windows()).isEmpty();
    harness.setProcessingTime(1_200);
    assertThat(windows())
        .containsExactly("100-110 events 3 [a 3] warmup", "110-120 events 0 [] changes [a 3>0]");
    // It goes no further than that: what comes back after an outage is not late.
    harness.setProcessingTime(900_000);
    // Time never steps back: the clock had come to 125.
    harness.processWatermarkStatus(WatermarkStatus.ACTIVE);
    harness.processWatermark(110);
    part(110, "a", 2);
    part(120, "a", 4);
    harness.processWatermark(400);
    assertThat(windows())
        .containsExactly(
            "120-130 events 4 [a 4] changes [a 0>4]", "130-140 events 0 [] changes [a 4>0]");
    assertThat(ledger()).containsExactly("counted.d 3", "late.d 2", "counted.d 4");
  }

  @Test
  void silenceBeforeTheFirstEventMovesNothing() throws Exception {
    harness.processWatermarkStatus(WatermarkStatus.IDLE);
    harness.setProcessingTime(10_000);
    assertThat(harness.getOutput()).isEmpty();
  }

  @Test
  void peersAreTotalledWhenTheSliceIsWholeAndComparedByTheirNumbers() throws Exception {
    restart(
        Detectors.named("d")
            .distinct("peer")
            .rollup(new Rollup(List.of(8), List.of(), 0))
            .also(new Also(null, List.of(), 0))
            .contributors(3, "peer")
            .build());
    pairs(0, "a", "x", "a", "y", "b", "x");
    // Between the two parts and between the windows the state is written and read.
    restart(detector);
    pairs(0, "a", "y", "a", "z", "b", "x");
    pairs(10, "a", "x", "c", "x");
    harness.processWatermark(9);
    restart(detector);
    harness.processWatermark(Long.MAX_VALUE - 1);
    List<SliceFindings> found = harness.extractOutputValues();
    assertThat(found).extracting(window -> window.total).containsExactly(2L, 0L);
    assertThat(found).extracting(window -> window.baselineTotal).containsExactly(4L, 2L);
    assertThat(windows())
        .containsExactly(
            "10-20 events 2 [] changes [a 3>1, b 1>0, c 0>1]",
            "20-30 events 0 [] changes [a 1>0, c 1>0]");
  }

  @Test
  void ofAClosedWindowIsKeptWhatTheNextIsComparedWith() {
    detector =
        Detectors.named("d")
            .distinct("peer")
            .rollup(new Rollup(List.of(8), List.of(), 0))
            .also(new Also(null, List.of(), 0))
            .contributors(3, "peer")
            .build();
    SummaryPlan plan = SummaryPlan.of(detector);
    WindowSketch window = WindowSketch.empty(10, plan, HASH.fingerprint());
    window.events = 7;
    window.total = 1;
    addPair(window.keys, "a", "x");
    addPair(plan.prefixes(window.more), "p", "x");
    WindowSketch baseline = window.asBaseline(plan);
    assertThat(baseline.startMillis).isEqualTo(10);
    assertThat(baseline.events).isEqualTo(7);
    assertThat(baseline.total).isEqualTo(1);
    assertThat(baseline.keys).isInstanceOf(HeavyKeySketch.class);
    assertThat(baseline.keys.lower(HASH.hash(bytes("a")))).isEqualTo(1);
    assertThat(baseline.more).singleElement().isInstanceOf(HeavyKeySketch.class);
    assertThat(plan.prefixes(baseline.more).upper(HASH.hash(bytes("p")))).isEqualTo(1);
  }

  private void pairs(long start, String... keysAndPeers) throws Exception {
    SummaryPlan plan = SummaryPlan.of(detector);
    WindowSketch window = WindowSketch.empty(start, plan, HASH.fingerprint());
    for (int i = 0; i < keysAndPeers.length; i += 2) {
      addPair(window.keys, keysAndPeers[i], keysAndPeers[i + 1]);
      window.events++;
    }
    harness.processElement(new StreamRecord<>(new Partial(detector.stateId(), 0, start, window)));
  }

  private static void addPair(KeySummary peers, String key, String peer) {
    byte[] bytes = bytes(key);
    ((SpreadSketch) peers).add(HASH.hash(bytes), HASH.hash(bytes(peer)), bytes, 0, bytes.length);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void part(long start, Object... keysAndWeights) throws Exception {
    long events = 0;
    for (int i = 1; i < keysAndWeights.length; i += 2) {
      events += (int) keysAndWeights[i];
    }
    harness.processElement(new StreamRecord<>(partial(0, start, events, keysAndWeights)));
  }

  private Partial partial(int slice, long start, long events, Object... keysAndWeights) {
    WindowSketch window = new WindowSketch(start, HeavyKeySketch.create(1 << 16, HASH));
    for (int i = 0; i < keysAndWeights.length; i += 2) {
      byte[] key = bytes((String) keysAndWeights[i]);
      ((WeightSummary) window.keys).update(HASH, key, (int) keysAndWeights[i + 1]);
    }
    window.events = events;
    window.total = events;
    return new Partial(detector.stateId(), slice, start, window);
  }

  /** The windows closed since the last call. */
  private List<String> windows() {
    List<String> windows = new ArrayList<>();
    for (SliceFindings found : harness.extractOutputValues()) {
      windows.add(describe(found));
    }
    harness.getOutput().clear();
    return windows;
  }

  private static String describe(SliceFindings found) {
    StringBuilder text = new StringBuilder();
    text.append(found.startMillis).append('-').append(found.endMillis);
    text.append(" events ").append(found.events).append(' ');
    text.append(
        listed(found, Finding.Kind.HEAVY_HITTER)
            .map(finding -> new String(finding.key, StandardCharsets.UTF_8) + " " + finding.actual)
            .toList());
    if (found.warmup) {
      return text.append(" warmup").toString();
    }
    text.append(" changes ");
    text.append(
        listed(found, Finding.Kind.HEAVY_CHANGER)
            .map(
                finding ->
                    new String(finding.key, StandardCharsets.UTF_8)
                        + " "
                        + finding.expected
                        + ">"
                        + finding.actual)
            .toList());
    return text.toString();
  }

  private static Stream<Finding> listed(SliceFindings found, Finding.Kind kind) {
    KindFindings findings = found.of(kind);
    return findings == null ? Stream.of() : Arrays.stream(findings.listed);
  }

  private List<String> ledger() {
    Queue<StreamRecord<LedgerEntry>> entries = harness.getSideOutput(MergeAndDiff.LEDGER);
    return entries.stream()
        .map(StreamRecord::getValue)
        .map(entry -> entry.term + " " + entry.count)
        .toList();
  }
}
