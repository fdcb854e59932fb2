package dev.atalaya.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atalaya.fixtures.FlinkCluster;
import dev.atalaya.fixtures.RabbitMqBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From RabbitMQ on a cluster of processes, while TaskManagers and the broker are killed as {@code
 * kill -9} does, connections are reset, and the broker falls silent, at seeded random moments: what
 * the job publishes must not show it.
 *
 * <p>With {@code -Datalaya.full=true} there are more messages and more failures.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class RabbitMqRecoveryIT {

  private static final Logger LOG = LoggerFactory.getLogger(RabbitMqRecoveryIT.class);

  private static final Path JAR = Path.of("target/atalaya-job-0.1.0-cluster.jar").toAbsolutePath();
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int QUEUES = 2;
  private static final int TASK_MANAGERS = 2;
  private static final int CHECKPOINT_MILLIS = 300;

  /**
   * @param prefetch with the interval between checkpoints, keeps the reading slow enough for all
   *     failures to find it under way
   */
  private record Size(
      int messages, int seconds, int prefetch, int brokerKills, int taskManagerKills, int resets) {

    static Size chosen() {
      return Boolean.getBoolean("atalaya.full")
          ? new Size(200_000, 300, 2_500, 3, 5, 5)
          : new Size(10_000, 60, 300, 1, 1, 1);
    }
  }

  private enum Fault {
    SILENCE,
    BROKER_KILL,
    TASK_MANAGER_KILL,
    RESET
  }

  private static final Size SIZE = Size.chosen();

  private static RabbitMqBroker broker;
  private static FlinkCluster cluster;

  @TempDir Path work;

  private int taskManagerKills;

  /** With one slot each, every TaskManager has tasks of the job, and no kill goes unnoticed. */
  @BeforeAll
  static void start() {
    broker = RabbitMqBroker.start();
    cluster = FlinkCluster.start(TASK_MANAGERS, "taskmanager.numberOfTaskSlots=1");
  }

  @AfterAll
  static void stop() {
    broker.close();
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void withIdsEachMessageIsCountedOnceWhateverFails() throws Exception {
    FlowStream flows = new FlowStream(SIZE.messages, SIZE.seconds, 23, QUEUES);
    runDisturbed(flows, "once", "correlation-id", faults(23));
    Path input = work.resolve("input.jsonl");
    flows.writeTo(input);
    TestRuns.run(yaml("undisturbed", "files: { path: \"" + input + "\" }"));

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

  /** Silence, which shows only where the job reads at that moment, and the others at random. */
  private static List<Fault> faults(long seed) {
    List<Fault> faults = new ArrayList<>();
    faults.addAll(Collections.nCopies(SIZE.brokerKills, Fault.BROKER_KILL));
    faults.addAll(Collections.nCopies(SIZE.taskManagerKills, Fault.TASK_MANAGER_KILL));
    faults.addAll(Collections.nCopies(SIZE.resets, Fault.RESET));
    Collections.shuffle(faults, new Random(seed));
    faults.add(0, Fault.SILENCE);
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
            + ", heartbeat: 1s }";
    Path config = Files.writeString(work.resolve(name + ".yaml"), yaml(name, source));
    Random random = new Random(SIZE.messages);
    // Each fault once so much is left in the queues.
    long[] moments =
        random
            .longs(faults.size(), flows.received() / 10, flows.received() * 9 / 10)
            .sorted()
            .toArray();
    String job = cluster.submit(List.of("-p", "2"), JAR, "run", config.toString());
    for (int i = 0; i < faults.size(); i++) {
      long left = moments[faults.size() - 1 - i];
      await(left + " messages left").atMost(PATIENCE).until(() -> ready(queues) <= left);
      // A queue is shorter just after a checkpoint; failures come between two as well.
      Thread.sleep(random.nextInt(CHECKPOINT_MILLIS));
      LOG.info("{} with {} messages left", faults.get(i), left);
      inflict(faults.get(i), job);
    }
    await("all read").atMost(PATIENCE).until(() -> ready(queues) == 0);
    await("all acknowledged").atMost(PATIENCE).until(() -> unacknowledged(queues) == 0);
    cluster.drain(job, work.resolve("end"));
    // Nothing has come back when the readers went.
    assertThat(ready(queues)).isZero();
    assertThat(unacknowledged(queues)).isZero();
  }

  private static long ready(List<String> queues) {
    return queues.stream().mapToLong(broker::ready).sum();
  }

  private static long unacknowledged(List<String> queues) {
    return queues.stream().mapToLong(broker::unacked).sum();
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

  private void inflict(Fault fault, String job) {
    switch (fault) {
      case SILENCE -> {
        long start = System.currentTimeMillis();
        broker.pause();
        cluster.awaitRestartSince(job, start);
        broker.resume();
      }
      case BROKER_KILL -> {
        broker.kill();
        broker.restart();
      }
      case TASK_MANAGER_KILL -> {
        cluster.killTaskManager(1 + taskManagerKills++ % TASK_MANAGERS);
        cluster.startTaskManager();
      }
      case RESET -> broker.closeConnections();
    }
  }

  /** No queue is idle while the broker is away: what it still holds must not become late. */
  private String yaml(String name, String source) {
    return FlowStream.yaml(
        source,
        work.resolve(name),
        "1s",
        "name: " + name,
        "time: { field: ts, unit: ms, out-of-orderness: 2s, idle: 1h }",
        "window: 10s",
        "checkpoint: { interval: "
            + CHECKPOINT_MILLIS
            + "ms, dir: \""
            + work.resolve(name + "-checkpoints")
            + "\" }");
  }
}
