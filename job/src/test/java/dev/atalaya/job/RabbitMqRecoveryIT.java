package dev.atalaya.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atalaya.fixtures.RabbitMqBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shipped job on a real broker while broker, workers and connections fail at seeded random
 * moments: what it publishes must not show it.
 *
 * <p>With {@code -Datalaya.full=true} there are more messages and more failures.
 */
@SuppressWarnings(
    "try") // closing a MiniCluster may be interrupted, and then the test is over anyway
class RabbitMqRecoveryIT {

  private static final Logger LOG = LoggerFactory.getLogger(RabbitMqRecoveryIT.class);

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int QUEUES = 2;
  private static final int CHECKPOINT_MILLIS = 300;

  /**
   * @param prefetch with the interval between checkpoints, keeps the reading slow enough for all
   *     failures to find it under way
   */
  private record Size(
      int messages, int seconds, int prefetch, int brokerKills, int workerKills, int resets) {

    static Size chosen() {
      return Boolean.getBoolean("atalaya.full")
          ? new Size(200_000, 300, 2_500, 3, 5, 5)
          : new Size(10_000, 60, 300, 1, 2, 1);
    }
  }

  private enum Fault {
    BROKER_KILL,
    WORKER_KILL,
    RESET
  }

  private static final Size SIZE = Size.chosen();

  private static RabbitMqBroker broker;

  @TempDir Path work;

  private int worker;

  @BeforeAll
  static void startBroker() {
    broker = RabbitMqBroker.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void withIdsEachMessageIsCountedOnceWhateverFails() throws Exception {
    FlowStream flows = new FlowStream(SIZE.messages, SIZE.seconds, 23, QUEUES);
    runDisturbed(flows, "once", "correlation-id", faults(23));
    Path input = work.resolve("input.jsonl");
    flows.writeTo(input);
    TestRuns.run(yaml("undisturbed", "files: { path: \"" + input + "\" }", "parallelism: 1"));

    OutputFiles disturbed = OutputFiles.read(work.resolve("once"));
    LOG.info("with ids: {}", disturbed.ledger("sources"));
    Accounts.assertExactWithDuplicates(flows, disturbed);
    OutputFiles undisturbed = OutputFiles.read(work.resolve("undisturbed"));
    assertThat(undisturbed.reports("sources")).hasSize((int) flows.windows(10_000));
    Accounts.assertSame(disturbed.findings(), undisturbed.findings());
    assertThat(disturbed.deadLetters())
        .allMatch(letter -> letter.at("/Atalaya/origin").asText().startsWith("rabbitmq:once-"));
  }

  @Test
  void withoutIdsNothingIsUndercounted() throws Exception {
    FlowStream flows = new FlowStream(SIZE.messages, SIZE.seconds, 29, QUEUES);
    runDisturbed(flows, "least", "none", faults(29));

    OutputFiles output = OutputFiles.read(work.resolve("least"));
    for (String detector : FlowStream.DETECTORS) {
      JsonNode ledger = output.ledger(detector);
      LOG.info("without ids, {}: {}", detector, ledger);
      assertThat(ledger.at("/guarantee").asText()).isEqualTo("at_least_once");
      assertThat(ledger.at("/counted").asLong()).isGreaterThanOrEqualTo(flows.counted());
      assertThat(ledger.at("/skewed").asLong()).isGreaterThanOrEqualTo(flows.skewed());
      assertThat(ledger.at("/rejected").asLong()).isGreaterThanOrEqualTo(flows.rejected());
      assertThat(ledger.at("/duplicate").asLong(-1)).isZero();
      assertThat(ledger.at("/pending").asLong(-1)).isZero();
    }
  }

  /** In a random order. */
  private static List<Fault> faults(long seed) {
    List<Fault> faults = new ArrayList<>();
    faults.addAll(Collections.nCopies(SIZE.brokerKills, Fault.BROKER_KILL));
    faults.addAll(Collections.nCopies(SIZE.workerKills, Fault.WORKER_KILL));
    faults.addAll(Collections.nCopies(SIZE.resets, Fault.RESET));
    Collections.shuffle(faults, new Random(seed));
    return faults;
  }

  /** Runs the job over the stream until the queues are empty, and ends it with its last window. */
  private void runDisturbed(FlowStream flows, String name, String id, List<Fault> faults)
      throws Exception {
    List<String> queues = publish(flows, name);
    String source =
        "rabbitmq: { servers: \"127.0.0.1:"
            + broker.port()
            + "\", username: "
            + broker.username()
            + ", password: \""
            + broker.password()
            + "\", queues: ["
            + String.join(", ", queues)
            + "], id: "
            + id
            + ", prefetch: "
            + SIZE.prefetch
            + " }";
    Random random = new Random(SIZE.messages);
    // Each fault once so much is left in the queues.
    long[] moments = random.longs(faults.size(), 0, flows.received() * 9 / 10).sorted().toArray();
    try (MiniCluster cluster = TestRuns.cluster(2)) {
      JobID job =
          cluster.submitJob(TestRuns.graph(yaml(name, source, "parallelism: 2"))).get().getJobID();
      for (int i = faults.size() - 1; i >= 0; i--) {
        long left = moments[i];
        await(left + " messages left").atMost(PATIENCE).until(() -> ready(queues) <= left);
        // A queue is shorter just after a checkpoint; failures come between two as well.
        Thread.sleep(random.nextInt(CHECKPOINT_MILLIS));
        LOG.info("{} with {} messages left", faults.get(i), left);
        inflict(faults.get(i), cluster);
      }
      await("all read").atMost(PATIENCE).until(() -> ready(queues) == 0);
      await("all acknowledged")
          .atMost(PATIENCE)
          .until(() -> queues.stream().mapToLong(broker::unacked).sum() == 0);
      cluster
          .stopWithSavepoint(
              job, work.resolve("end").toUri().toString(), true, SavepointFormatType.CANONICAL)
          .get();
    }
    // Nothing has come back when the readers went.
    assertThat(ready(queues)).isZero();
  }

  private static long ready(List<String> queues) {
    return queues.stream().mapToLong(broker::ready).sum();
  }

  private static List<String> publish(FlowStream flows, String name) {
    List<String> queues = IntStream.range(0, QUEUES).mapToObj(i -> name + "-" + i).toList();
    for (int i = 0; i < QUEUES; i++) {
      String queue = queues.get(i);
      List<String> values = flows.values(i);
      broker.declareQueue(queue, Map.of());
      broker.publish(
          queue,
          IntStream.range(0, values.size())
              .mapToObj(
                  m -> RabbitMqBroker.Message.withCorrelationId(queue + "-" + m, values.get(m)))
              .toList());
    }
    return queues;
  }

  private void inflict(Fault fault, MiniCluster cluster) throws Exception {
    switch (fault) {
      case BROKER_KILL -> {
        broker.kill();
        broker.restart();
      }
      case WORKER_KILL -> {
        cluster.terminateTaskManager(worker++).get();
        cluster.startTaskManager();
      }
      case RESET -> broker.closeConnections();
    }
  }

  /** No queue is idle while the broker is away: what it still holds must not become late. */
  private String yaml(String name, String source, String parallelism) {
    return FlowStream.yaml(
        source,
        work.resolve(name),
        "1s",
        "time: { field: ts, unit: ms, out-of-orderness: 2s, idle: 1h }",
        "window: 10s",
        parallelism,
        "checkpoint: { interval: "
            + CHECKPOINT_MILLIS
            + "ms, dir: \""
            + work.resolve(name + "-checkpoints")
            + "\" }");
  }
}
