package dev.atalaya.job.window;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.job.Detectors;
import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.config.DetectorConfig.Hitters;
import dev.atalaya.job.detect.Finding;
import dev.atalaya.job.detect.RuleVersion;
import dev.atalaya.job.detect.SliceFindings;
import dev.atalaya.sketch.HeavyKeySketch;
import dev.atalaya.sketch.KeyHash;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each window is judged by the version of its start, whenever it is closed. */
class RuleVersionsTest {

  private static final DetectorConfig OWN = version(1);

  private KeyedOneInputStreamOperatorTestHarness<Tuple2<String, Integer>, Partial, SliceFindings>
      harness;

  @BeforeEach
  void open() throws Exception {
    start(null, true);
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  private void start(OperatorSubtaskState restored, boolean rulesChange) throws Exception {
    harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new SilenceAwareProcessOperator<>(
                new MergeAndDiff(List.of(OWN), rulesChange), Partial::newestMillis, 25),
            partial -> Tuple2.of(partial.detector(), partial.slice()),
            Types.TUPLE(Types.STRING, Types.INT));
    harness.setup();
    if (restored != null) {
      harness.initializeState(restored);
    }
    harness.open();
  }

  private void restart(boolean rulesChange) throws Exception {
    OperatorSubtaskState state = harness.snapshot(1, 1);
    harness.close();
    start(state, rulesChange);
  }

  /** The threshold is the version's number. */
  private static DetectorConfig version(int number) {
    return Detectors.named("d").slices(2).hitters(new Hitters(number, null)).build();
  }

  @Test
  void windowsThatAreOpenWhenRulesComeKeepTheirs() throws Exception {
    part(0);
    part(10);
    rules(2, 5);
    part(20);
    harness.processWatermark(29);
    assertThat(judged()).containsExactly("0 by 1", "10 by 2", "20 by 2");
  }

  @Test
  void aWindowThatStartsAtTheInstantIsJudgedByTheNewVersion() throws Exception {
    rules(2, 10);
    rules(3, 11);
    part(0);
    part(10);
    part(20);
    harness.processWatermark(29);
    assertThat(judged()).containsExactly("0 by 1", "10 by 2", "20 by 3");
  }

  @Test
  void ofVersionsOfTheSameInstantTheLastSpeaks() throws Exception {
    rules(2, Long.MIN_VALUE);
    rules(3, Long.MIN_VALUE);
    part(0);
    harness.processWatermark(9);
    assertThat(judged()).containsExactly("0 by 3");
  }

  @Test
  void versionsAreRestoredWithTheWindowsTheyJudge() throws Exception {
    part(0);
    part(10);
    rules(2, 10);
    restart(true);
    rules(3, 20);
    part(20);
    restart(true);
    harness.processWatermark(29);
    assertThat(judged()).containsExactly("0 by 1", "10 by 2", "20 by 3");
    restart(true);
    part(30);
    harness.processWatermark(39);
    assertThat(judged()).containsExactly("30 by 3");
  }

  @Test
  void theEmptyWindowBehindTheLastIsJudgedByItsOwnVersion() throws Exception {
    part(0);
    rules(2, 10);
    harness.processWatermark(19);
    assertThat(judged()).containsExactly("0 by 1", "10 by 2");
  }

  @Test
  void slicesThatCloseAWindowAtDifferentTimesSayTheSame() throws Exception {
    harness.processElement(new StreamRecord<>(partial(0, 0)));
    harness.processElement(new StreamRecord<>(Partial.of(ruleVersion(2, 10), 0)));
    harness.processElement(new StreamRecord<>(Partial.of(ruleVersion(2, 10), 1)));
    harness.processElement(new StreamRecord<>(partial(1, 0)));
    harness.processElement(new StreamRecord<>(partial(0, 10)));
    harness.processWatermark(9);
    harness.processElement(new StreamRecord<>(partial(1, 10)));
    harness.processWatermark(19);
    assertThat(judged()).containsExactlyInAnyOrder("0 by 1", "0 by 1", "10 by 2", "10 by 2");
  }

  @Test
  void whatCanJudgeNoWindowAnyMoreIsForgotten() throws Exception {
    part(0);
    harness.processWatermark(9);
    int empty = stateBytes();
    for (int version = 2; version < 200; version++) {
      rules(version, 10L * version);
      part(10L * version);
      harness.processWatermark(10L * version + 9);
    }
    assertThat(judged()).endsWith("1990 by 199");
    assertThat(stateBytes()).isLessThan(empty + 8_000);
  }

  @Test
  void withoutRulesInTheConfigurationItIsTheConfigurationThatJudges() throws Exception {
    rules(2, 0);
    restart(false);
    rules(3, 0);
    part(0);
    harness.processWatermark(9);
    assertThat(judged()).containsExactly("0 by 1");
  }

  @Test
  void rulesFromBeforeAConfigurationWithoutThemDoNotComeBackWithIt() throws Exception {
    rules(5, 0);
    part(0);
    restart(false);
    harness.processWatermark(9);
    restart(true);
    part(10);
    harness.processWatermark(19);
    assertThat(judged()).containsExactly("10 by 1");
    rules(2, 20);
    part(20);
    harness.processWatermark(29);
    assertThat(judged()).endsWith("20 by 2");
  }

  @Test
  void rulesAndSketchesTravelAsTheyAre() throws Exception {
    PartialSerializer serializer = new PartialSerializer();
    Partial rules = Partial.of(ruleVersion(7, -3), 1);
    Partial sketch = partial(1, 20);
    DataOutputSerializer out = new DataOutputSerializer(64);
    serializer.serialize(rules, out);
    serializer.serialize(sketch, out);
    DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
    assertThat(serializer.deserialize(in)).isEqualTo(rules);
    Partial back = serializer.deserialize(in);
    assertThat(back.rules()).isNull();
    assertThat(back.window().startMillis).isEqualTo(20);
    assertThat(in.available()).isZero();
  }

  private int stateBytes() throws Exception {
    long size = harness.snapshot(9, 9).getStateSize();
    return Math.toIntExact(size);
  }

  private void rules(int number, long from) throws Exception {
    harness.processElement(new StreamRecord<>(Partial.of(ruleVersion(number, from), 0)));
  }

  private static RuleVersion ruleVersion(int number, long from) {
    return new RuleVersion(number, from, "hash-" + number, version(number));
  }

  private void part(long start) throws Exception {
    harness.processElement(new StreamRecord<>(partial(0, start)));
  }

  private static Partial partial(int slice, long start) {
    WindowSketch window =
        new WindowSketch(start, HeavyKeySketch.create(1 << 16, new KeyHash(1, 2)));
    window.events = 1;
    window.total = 1;
    return new Partial(OWN.stateId(), slice, start, window);
  }

  /** Start and threshold, and whether all else says the same version. */
  private List<String> judged() {
    List<String> judged =
        harness.extractOutputValues().stream()
            .map(
                found -> {
                  long threshold = found.of(Finding.Kind.HEAVY_HITTER).threshold;
                  long number = found.rules == null ? 1 : found.rules.number();
                  assertThat(threshold).isEqualTo(number);
                  if (found.rules != null) {
                    assertThat(found.rules.configHash()).isEqualTo("hash-" + number);
                  }
                  return found.startMillis + " by " + number;
                })
            .toList();
    harness.getOutput().clear();
    return judged;
  }
}
