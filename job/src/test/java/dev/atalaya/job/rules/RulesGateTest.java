package dev.atalaya.job.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.job.config.ConfigHash;
import dev.atalaya.job.config.ConfigLoader;
import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.decode.RejectReason;
import dev.atalaya.job.decode.Rejection;
import dev.atalaya.job.window.Partial;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When rules of a topic are sent, and for which windows. */
class RulesGateTest {

  private static final String JOB =
      """
      source: { kafka: { servers: "a:1", topics: [t] } }
      format: { json: {} }
      rules: { kafka: { servers: "a:1", topic: rules } }
      """;

  /** Two detectors, three slices in all. */
  private static final String RULES =
      """
      detectors:
        - { name: a, key: [src], slices: 2, hitters: { count: %d } }
        - { name: b, key: [dst], hitters: { count: 10 } }
      """;

  private static final long BEYOND = 25_000;

  @TempDir Path work;

  private JobConfig config = load(JOB + RULES.formatted(1));
  private OneInputStreamOperatorTestHarness<GateInput, Partial> harness;
  private long checkpoint;
  private int offset;

  private static JobConfig load(String yaml) {
    return ConfigLoader.parse(yaml, "job.yaml", Map.of());
  }

  @BeforeEach
  void open() throws Exception {
    start(null);
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  private void start(OperatorSubtaskState restored) throws Exception {
    harness = new OneInputStreamOperatorTestHarness<>(new RulesGate(config, BEYOND));
    harness.setup();
    if (restored != null) {
      harness.initializeState(restored);
    }
    harness.open();
  }

  private OperatorSubtaskState checkpoint() throws Exception {
    checkpoint++;
    harness.prepareSnapshotPreBarrier(checkpoint);
    return harness.snapshot(checkpoint, checkpoint);
  }

  private void restart() throws Exception {
    OperatorSubtaskState state = checkpoint();
    harness.close();
    start(state);
  }

  @Test
  void rulesLeaveWithTheNextCheckpointForWindowsBehindWhatWasAnnounced() throws Exception {
    harness.processWatermark(new Watermark(1000));
    rules(RULES.formatted(2));
    harness.processWatermark(new Watermark(2000));
    assertThat(sent()).containsExactly("@1000", "@2000");
    checkpoint();
    assertThat(sent()).containsExactly("a/0 v2 from 2001", "a/1 v2 from 2001", "b/0 v2 from 2001");
    checkpoint();
    harness.processWatermark(new Watermark(3000));
    assertThat(sent()).containsExactly("@3000");
  }

  @Test
  void whatIsThereBeforeTheFirstWatermarkJudgesEveryWindow() throws Exception {
    rules(RULES.formatted(2));
    checkpoint();
    assertThat(sent()).allMatch(text -> text.endsWith(" v2 from " + Long.MIN_VALUE)).hasSize(3);
  }

  @Test
  void afterADrainRulesAreForWindowsBehindWhatWasAnnouncedAsEver() throws Exception {
    harness.processWatermark(new Watermark(1000));
    harness.processWatermark(Watermark.MAX_WATERMARK);
    restart();
    harness.processWatermark(new Watermark(3000));
    rules(RULES.formatted(2));
    checkpoint();
    assertThat(sent()).startsWith("@3000", "a/0 v2 from 3001");
  }

  @Test
  void theLastOfSeveralIsSentAndAllAreCounted() throws Exception {
    harness.processWatermark(new Watermark(1000));
    rules(RULES.formatted(2));
    rules(RULES.formatted(3));
    checkpoint();
    assertThat(sent()).startsWith("@1000", "a/0 v3 from 1001");
    rules(RULES.formatted(1));
    checkpoint();
    assertThat(sent()).startsWith("a/0 v4 from 1001");
  }

  @Test
  void rulesThatSayTheSameAreNoNewVersion() throws Exception {
    harness.processWatermark(new Watermark(1000));
    rules("# the same, told otherwise\n" + RULES.formatted(1));
    checkpoint();
    assertThat(sent()).containsExactly("@1000");
  }

  @Test
  void aVersionCarriesTheHashOfTheWholeConfigurationWithItsRules() throws Exception {
    rules(RULES.formatted(2));
    harness.prepareSnapshotPreBarrier(1);
    String hash = ConfigHash.of(load(JOB + RULES.formatted(2)));
    assertThat(harness.extractOutputValues())
        .hasSize(3)
        .allMatch(message -> message.rules().configHash().equals(hash));
  }

  @Test
  void theVersionAndTheInstantOutliveARestore() throws Exception {
    harness.processWatermark(new Watermark(1000));
    rules(RULES.formatted(2));
    restart();
    assertThat(sent()).isEmpty();
    // The slices have not closed more than before, but what they have closed stays closed.
    rules(RULES.formatted(3));
    checkpoint();
    assertThat(sent()).containsExactly("a/0 v3 from 1001", "a/1 v3 from 1001", "b/0 v3 from 1001");
    rules(RULES.formatted(3));
    checkpoint();
    assertThat(sent()).isEmpty();
  }

  @Test
  void inSilenceTheGateKeepsTimeForTheSlices() throws Exception {
    harness.setProcessingTime(1_000);
    harness.processElement(new StreamRecord<>(GateInput.time(1_500)));
    harness.processWatermark(new Watermark(1_000));
    harness.processWatermarkStatus(WatermarkStatus.IDLE);
    harness.setProcessingTime(900_000);
    rules(RULES.formatted(2));
    checkpoint();
    List<String> sent = sent();
    assertThat(sent).contains("@26500", "a/0 v2 from 26501").noneMatch(text -> text.equals("idle"));
    harness.processWatermarkStatus(WatermarkStatus.ACTIVE);
    harness.processWatermark(new Watermark(2_000));
    harness.processWatermark(new Watermark(27_000));
    assertThat(sent()).containsExactly("@27000");
  }

  @Test
  void whatIsRefusedSaysAllThatIsWrongAndChangesNothing() throws Exception {
    rules("detectors: [{ name: a, key: [dst], slices: 2, hitters: { count: 1 } }]");
    rules("detectors: [{ name: a, key: [src], hitters: { count: x }, hiters: 1 }]");
    rules("not: rules");
    rules("");
    checkpoint();
    assertThat(sent()).isEmpty();
    List<Rejection> refused = refused();
    assertThat(refused).allMatch(letter -> letter.reason() == RejectReason.RULES_REFUSED);
    assertThat(refused.stream().map(Rejection::detail))
        .containsExactly(
            "kafka:rules/0@0:1: detectors[0]: what 'a' adds up cannot change while the job"
                + " runs (key, weight, signed, distinct, filter, window, lateness, memory, slices,"
                + " measures, rollup, contributors, baseline, lists of other fields than the"
                + " key's); change the configuration and restart from a savepoint; "
                + "kafka:rules/0@0:1: detectors: 'b' is missing; the rules of all detectors are"
                + " given",
            "kafka:rules/0@1:1: detectors[0].hitters.count: 'x' is no whole number; "
                + "kafka:rules/0@1:1: detectors[0].hiters: unknown key; did you mean 'hitters'?",
            "kafka:rules/0@2:1: detectors: give at least one, such as - { name: top, key: [src], …"
                + " }; kafka:rules/0@2:1: not: unknown key; known: detectors",
            "kafka:rules/0@3: expected 'detectors:', got nothing");
    assertThat(refused.get(2).origin()).isEqualTo("kafka:rules/0@2");
    assertThat(refused.get(2).timestampMillis()).isEqualTo(1_700_000_000_000L);
  }

  @Test
  void placeholdersStayAsTheyAre() throws Exception {
    rules(RULES.formatted(1).replace("count: 10", "count: \"${HOME}\""));
    assertThat(refused().get(0).detail()).contains("'${HOME}' is no whole number");
  }

  @Test
  void whatNoLongerFitsTheConfigurationGivesWayToIt() throws Exception {
    harness.processWatermark(new Watermark(1000));
    rules(RULES.formatted(2));
    checkpoint();
    sent();
    config = load(JOB + RULES.formatted(5).replace("key: [dst]", "key: [dport]"));
    restart();
    harness.processWatermark(new Watermark(500));
    assertThat(refused()).hasSize(1);
    assertThat(sent())
        .containsExactly("a/0 v3 from 1001", "a/1 v3 from 1001", "b/0 v3 from 1001", "@500");
  }

  @Test
  void besideSlicesThatAreOlderTheGateWaitsForTheirTime() throws Exception {
    OperatorSubtaskState empty = OperatorSubtaskState.builder().build();
    harness.close();
    harness = new OneInputStreamOperatorTestHarness<>(new RulesGate(config, BEYOND));
    harness.setup();
    harness.setRestoredCheckpointId(7);
    harness.initializeState(empty);
    harness.open();
    rules(RULES.formatted(2));
    checkpoint();
    assertThat(sent()).isEmpty();
    restart();
    harness.processWatermark(new Watermark(1000));
    checkpoint();
    assertThat(sent()).startsWith("@1000", "a/0 v2 from 26001");
  }

  @Test
  void aListOfAKeyFieldThatChangesIsANewVersionOfTheSameRules() throws Exception {
    Path list = Files.writeString(work.resolve("list"), "10.0.0.1\n");
    String rules =
        RULES
            .formatted(1)
            .replace("key: [dst],", "key: [dst], allow: { dst: \"file:" + list + "\" },");
    rules(rules);
    checkpoint();
    assertThat(sent()).hasSize(3);
    Files.writeString(list, "10.0.0.1\n10.0.0.2\n");
    ((RulesGate) harness.getOperator()).lookAtFiles();
    checkpoint();
    List<Partial> messages = harness.extractOutputValues();
    assertThat(messages).hasSize(3).allMatch(message -> message.rules().number() == 3);
    assertThat(messages.get(2).rules().detector().allow().get(0).patterns())
        .containsExactly("10.0.0.1", "10.0.0.2");
  }

  private void rules(String document) throws Exception {
    harness.processElement(
        new StreamRecord<>(
            GateInput.rules(
                document.getBytes(StandardCharsets.UTF_8),
                "kafka:rules/0@" + offset++,
                1_700_000_000_000L)));
  }

  private List<Rejection> refused() {
    Queue<StreamRecord<Rejection>> letters = harness.getSideOutput(RulesGate.REFUSED);
    return letters == null ? List.of() : letters.stream().map(StreamRecord::getValue).toList();
  }

  /** What left since the last call, in order. */
  private List<String> sent() {
    List<String> sent = new ArrayList<>();
    for (Object element : harness.getOutput()) {
      if (element instanceof Watermark mark) {
        sent.add("@" + mark.getTimestamp());
      } else if (element instanceof WatermarkStatus status) {
        sent.add(status.isIdle() ? "idle" : "active");
      } else {
        Partial message = (Partial) ((StreamRecord<?>) element).getValue();
        sent.add(
            message.rules().detector().name()
                + "/"
                + message.slice()
                + " v"
                + message.rules().number()
                + " from "
                + message.rules().fromMillis());
      }
    }
    harness.getOutput().clear();
    return sent;
  }
}
