package dev.atalaya.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atalaya.fixtures.KafkaBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.CommonTestUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped job on a real broker, disturbed: what it publishes must not show it. */
@SuppressWarnings(
    "try") // closing a MiniCluster may be interrupted, and then the test is over anyway
class KafkaRecoveryIT {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir Path work;

  private KafkaBroker broker;

  @BeforeEach
  void startBroker() {
    broker = KafkaBroker.start();
  }

  @AfterEach
  void stopBroker() {
    broker.close();
  }

  @Test
  void killedCancelledAndRestoredAtAnotherParallelismItPublishesTheSameBytes() throws Exception {
    FlowStream flows = new FlowStream(120_000, 180, 7);
    flows.produceFirstHalfTo(broker);
    try (MiniCluster cluster = TestRuns.cluster(3)) {
      JobID job = cluster.submitJob(TestRuns.graph(endless("disturbed", 2))).get().getJobID();
      broker.awaitCommitted("disturbed", 1, PATIENCE);
      for (int kill = 0; kill < 2; kill++) {
        cluster.terminateTaskManager(kill).get();
        cluster.startTaskManager();
      }
      broker.awaitCommitted("disturbed", flows.received() / 2, PATIENCE);
      TestRuns.cancel(cluster, job);
      String checkpoint = CommonTestUtils.getLatestCompletedCheckpointPath(job, cluster).get();
      assertThat(broker.committed("disturbed")).isLessThan(flows.received());

      flows.produceSecondHalfTo(broker);
      JobGraph again = TestRuns.graph(endless("disturbed", 3));
      again.setSavepointRestoreSettings(SavepointRestoreSettings.forPath(checkpoint));
      JobID restored = cluster.submitJob(again).get().getJobID();
      broker.awaitCommitted("disturbed", flows.received() * 3 / 4, PATIENCE);
      cluster.terminateTaskManager(2).get();
      cluster.startTaskManager();
      await("the restart").atMost(PATIENCE).until(() -> restartedAt(cluster, restored) > 0);
      CommonTestUtils.waitForAllTaskRunning(cluster, restored, false);
      broker.awaitCommitted("disturbed", flows.received(), PATIENCE);
      cluster
          .stopWithSavepoint(
              restored, work.resolve("end").toUri().toString(), true, SavepointFormatType.CANONICAL)
          .get();
    }
    TestRuns.run(bounded("undisturbed", 2));

    OutputFiles undisturbed = OutputFiles.read(work.resolve("undisturbed"));
    Accounts.assertExact(flows, undisturbed);
    assertThat(undisturbed.reports("sources")).hasSize((int) flows.windows(10_000));
    OutputFiles disturbed = OutputFiles.read(work.resolve("disturbed"));
    Accounts.assertExact(flows, disturbed);
    Accounts.assertSame(disturbed.sortedLines(), undisturbed.sortedLines());
  }

  @Test
  void silenceClosesTheLastWindowAndIsSeenAsAWindowWithoutEvents() throws Exception {
    FlowStream flows = new FlowStream(5_000, 5, 11);
    flows.produceTo(broker);
    TestRuns.run(yaml("ended", "end: latest", 2, "window: 1s", "idle: 10s"));
    OutputFiles ended = OutputFiles.read(work.resolve("ended"));

    try (MiniCluster cluster = TestRuns.cluster(2)) {
      String unbounded = yaml("silent", "start: earliest", 2, "window: 1s", "idle: 10s");
      JobID job = cluster.submitJob(TestRuns.graph(unbounded)).get().getJobID();
      long silence = flows.lastWindow(1000) + 1000;
      await("a window of silence of each detector, and the account")
          .atMost(PATIENCE)
          .until(
              () -> {
                assertRunning(cluster, job);
                return silenceIsPublished(silence, flows.received());
              });
      TestRuns.cancel(cluster, job);
      OutputFiles silent = OutputFiles.read(work.resolve("silent"));
      Accounts.assertExact(flows, silent);
      for (String detector : FlowStream.DETECTORS) {
        Map<Long, JsonNode> reports = silent.reports(detector);
        assertThat(reports).hasSize((int) flows.windows(1000) + 1);
        assertThat(reports.get(silence).at("/Atalaya/events").asLong(-1)).isZero();
        List<JsonNode> vanished = silent.alerts(detector, "heavy_changer").get(silence);
        assertThat(vanished)
            .as("keys that vanished")
            .isNotEmpty()
            .allMatch(alert -> alert.at("/Atalaya/actual").asLong(-1) == 0);
      }
      // The same windows but for that of the silence.
      List<String> windows = new ArrayList<>(silent.sortedLines());
      windows.removeAll(silent.linesOfWindow(silence));
      Accounts.assertSame(windows, ended.sortedLines());
    }
  }

  private static long restartedAt(MiniCluster cluster, JobID job) throws Exception {
    return cluster.getExecutionGraph(job).get().getStatusTimestamp(JobStatus.RESTARTING);
  }

  private boolean silenceIsPublished(long silence, long received) throws IOException {
    if (!Files.exists(work.resolve("silent"))) {
      return false;
    }
    OutputFiles output = OutputFiles.read(work.resolve("silent"));
    return FlowStream.DETECTORS.stream()
        .allMatch(
            detector ->
                output.reports(detector).containsKey(silence)
                    && output.alerts(detector, "heavy_changer").containsKey(silence)
                    && output.ledger(detector).at("/counted").asLong()
                            + output.ledger(detector).at("/skewed").asLong()
                            + output.ledger(detector).at("/rejected").asLong()
                        == received);
  }

  private static void assertRunning(MiniCluster cluster, JobID job) throws Exception {
    AccessExecutionGraph graph = cluster.getExecutionGraph(job).get();
    assertThat(graph.getFailureInfo())
        .as(() -> graph.getFailureInfo().getExceptionAsString())
        .isNull();
  }

  private String bounded(String name, int parallelism) {
    return yaml(name, "end: latest", parallelism, "window: 10s", "idle: 1h");
  }

  /** While the second half is held back, the wall clock must not close a window. */
  private String endless(String name, int parallelism) {
    return yaml(name, "start: earliest", parallelism, "window: 10s", "idle: 1h");
  }

  private String yaml(String name, String read, int parallelism, String window, String idle) {
    return FlowStream.yaml(
        broker,
        name,
        read,
        work.resolve(name),
        "1s",
        "time: { field: ts, unit: ms, out-of-orderness: 2s, " + idle + " }",
        window,
        "parallelism: " + parallelism,
        "checkpoint: { interval: 300ms, dir: \"" + work.resolve(name + "-checkpoints") + "\" }");
  }
}
