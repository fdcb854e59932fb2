package dev.atalaya.job.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.job.config.ConfigLoader;
import dev.atalaya.job.decode.Rejection;
import dev.atalaya.job.detect.RuleVersion;
import dev.atalaya.job.window.Partial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When rules of a file are taken. The gate's own thread looks once an hour here. */
class RulesFilesTest {

  private static final String RULES = "detectors: [{ name: a, key: [src], %s }]\n";
  private static final String OWN = RULES.formatted("hitters: { count: 1 }");

  @TempDir Path work;

  private Path file;
  private Path list;
  private String yaml;
  private OneInputStreamOperatorTestHarness<GateInput, Partial> harness;
  private long mark = 1000;

  @BeforeEach
  void prepare() {
    file = work.resolve("rules.yaml");
    list = work.resolve("list");
    yaml =
        "source: { files: { path: in } }\nformat: { json: {} }\ntime: { field: ts }\n"
            + "rules: { file: \""
            + file
            + "\", check: 1h }\n"
            + OWN;
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  private void start(OperatorSubtaskState restored) throws Exception {
    harness =
        new OneInputStreamOperatorTestHarness<>(
            new RulesGate(ConfigLoader.parse(yaml, "job.yaml", Map.of()), 25_000));
    harness.setup();
    if (restored != null) {
      harness.initializeState(restored);
    }
    harness.open();
  }

  @Test
  void whatIsThereAtTheStartLeavesBeforeTheFirstWatermark() throws Exception {
    write(RULES.formatted("hitters: { count: 2 }"));
    start(null);
    harness.processWatermark(new Watermark(7));
    List<Object> sent = List.copyOf(harness.getOutput());
    assertThat(sent).hasSize(2);
    RuleVersion rules = ((Partial) ((StreamRecord<?>) sent.get(0)).getValue()).rules();
    assertThat(rules.number()).isEqualTo(2);
    assertThat(rules.fromMillis()).isEqualTo(Long.MIN_VALUE);
    assertThat(rules.detector().hitters().count()).isEqualTo(2);
    assertThat(sent.get(1)).isEqualTo(new Watermark(7));
  }

  @Test
  void aFileThatIsMissingIsNoErrorAndOneThatComesIsTakenWhenItNoLongerChanges() throws Exception {
    start(null);
    assertThat(versions()).isEmpty();
    write("detectors: [{ name: a, key: [s");
    gate().files().look();
    assertThat(versions()).isEmpty();
    write(RULES.formatted("hitters: { count: 2 }"));
    gate().files().look();
    assertThat(versions()).isEmpty();
    gate().files().look();
    assertThat(versions()).containsExactly(2);
    Files.delete(file);
    gate().lookAtFiles();
    assertThat(versions()).isEmpty();
    write(OWN);
    gate().lookAtFiles();
    assertThat(versions()).containsExactly(3);
    assertThat(refused()).isEmpty();
  }

  @Test
  void aFileIsRefusedOnceWhateverIsRestarted() throws Exception {
    write(RULES.formatted("hitters: { count: 0 }"));
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L));
    start(null);
    assertThat(versions()).isEmpty();
    assertThat(refused()).hasSize(1);
    assertThat(refused().get(0).origin()).isEqualTo(file.toUri().toString());
    assertThat(refused().get(0).timestampMillis()).isEqualTo(1_700_000_000_000L);
    restart();
    assertThat(versions()).isEmpty();
    assertThat(refused()).isEmpty();
  }

  @Test
  void aRestartWithTheSameFileChangesNothing() throws Exception {
    write(RULES.formatted("hitters: { count: 2 }"));
    start(null);
    assertThat(versions()).containsExactly(2);
    restart();
    assertThat(versions()).isEmpty();
    Files.delete(file);
    restart();
    assertThat(versions()).isEmpty();
    write(RULES.formatted("hitters: { count: 3 }"));
    restart();
    assertThat(versions()).containsExactly(3);
  }

  @Test
  void aFileThatIsTooLongIsRefusedWithoutBeingRead() throws Exception {
    write(OWN + "#".repeat(1 << 20));
    start(null);
    assertThat(versions()).isEmpty();
    assertThat(refused()).hasSize(1);
    assertThat(refused().get(0).detail()).endsWith("is larger than 1mb; these are no rules");
  }

  @Test
  void listsOfKeyFieldsAreWatchedWithoutRulesToo() throws Exception {
    Files.writeString(list, "10.0.0.1\n");
    yaml =
        yaml.replaceAll("rules: .*\n", "")
            .replace("key: [src],", "key: [src], allow: { src: \"file:" + list + "\" },");
    start(null);
    assertThat(versions()).isEmpty();
    Files.writeString(list, "10.0.0.1\n10.0.0.2\n");
    gate().lookAtFiles();
    assertThat(versions()).containsExactly(2);
    Files.delete(list);
    gate().lookAtFiles();
    assertThat(versions()).isEmpty();
    Files.writeString(list, "10.0.0.1\n");
    gate().lookAtFiles();
    assertThat(versions()).containsExactly(3);
    assertThat(refused()).isEmpty();
  }

  private RulesGate gate() {
    return (RulesGate) harness.getOperator();
  }

  private void write(String rules) throws IOException {
    Files.writeString(file, rules);
  }

  private void restart() throws Exception {
    OperatorSubtaskState state = harness.snapshot(1, 1);
    harness.close();
    start(state);
  }

  /** The versions that leave with the next checkpoint. */
  private List<Integer> versions() throws Exception {
    harness.getOutput().clear();
    harness.processWatermark(new Watermark(mark++));
    harness.prepareSnapshotPreBarrier(1);
    List<Integer> versions = new ArrayList<>();
    harness.extractOutputValues().forEach(message -> versions.add(message.rules().number()));
    return versions;
  }

  private List<Rejection> refused() {
    Queue<StreamRecord<Rejection>> letters = harness.getSideOutput(RulesGate.REFUSED);
    return letters == null ? List.of() : letters.stream().map(StreamRecord::getValue).toList();
  }
}
