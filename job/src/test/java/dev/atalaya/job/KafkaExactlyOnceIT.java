package dev.atalaya.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.fixtures.FlinkCluster;
import dev.atalaya.fixtures.KafkaBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From Kafka to Kafka on a cluster of processes, while TaskManagers and the broker are killed as
 * {@code kill -9} does, at seeded random moments: a reader of committed records, who reads all the
 * time, must not see it.
 *
 * <p>With {@code -Datalaya.full=true} there are more events and more kills.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class KafkaExactlyOnceIT {

  private static final Logger LOG = LoggerFactory.getLogger(KafkaExactlyOnceIT.class);

  private static final Path JAR = Path.of("target/atalaya-job-0.1.0-cluster.jar").toAbsolutePath();
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Pattern EVENT_ID = Pattern.compile("\"event\":\\{[^}]*\"id\":\"([^\"]*)\"");
  private static final List<String> TOPICS = List.of("alerts", "reports", "dead-letters");
  private static final int PARTITIONS = 2;

  private enum Kill {
    BROKER,
    TASK_MANAGER
  }

  private record Size(int events, int seconds, int taskManagerKills, int brokerKills) {

    static Size chosen() {
      return Boolean.getBoolean("atalaya.full")
          ? new Size(500_000, 600, 10, 3)
          : new Size(20_000, 120, 2, 1);
    }
  }

  @TempDir Path work;

  @Test
  void noAlertIsLostOrDoubledWhateverIsKilled() throws Exception {
    Size size = Size.chosen();
    FlowStream flows = new FlowStream(size.events, size.seconds, 31);
    List<Kill> kills =
        KilledReader.shuffled(
            Kill.TASK_MANAGER, size.taskManagerKills, Kill.BROKER, size.brokerKills, 31);

    try (KafkaBroker broker = KafkaBroker.start();
        FlinkCluster cluster = FlinkCluster.start(2)) {
      broker.createTopic(FlowStream.TOPIC, FlowStream.PARTITIONS);
      TOPICS.forEach(topic -> broker.createTopic(topic, PARTITIONS));
      String job = cluster.submit(List.of("-p", "2"), JAR, "run", config(broker).toString());
      try (CommittedReader reader = new CommittedReader(broker, partitions())) {
        KilledReader.feed(
            flows,
            broker,
            "disturbed",
            kills,
            37,
            PATIENCE,
            kill -> kill(kill, broker, cluster, job));
        broker.awaitCommitted("disturbed", size.events, PATIENCE);
        cluster.awaitRestarts(job, 1);
        cluster.drain(job, work.resolve("end"));

        assertThat(broker.openTransactions()).isEmpty();
        List<String> documents = reader.awaitEnd(broker, PATIENCE);
        assertThat(documents.stream().map(KafkaExactlyOnceIT::id)).doesNotHaveDuplicates();
        TestRuns.run(undisturbed(broker));
        OutputFiles undisturbed = OutputFiles.read(work.resolve("undisturbed"));
        assertThat(undisturbed.reports("sources")).hasSize((int) flows.windows(10_000));
        OutputFiles disturbed = OutputFiles.of(documents);
        Accounts.assertExact(flows, disturbed);
        Accounts.assertSame(disturbed.sortedLines(), undisturbed.sortedLines());
        LOG.info(
            "{} events, {} kills: {} documents read, {} alike in the undisturbed run; {}",
            size.events,
            kills.size(),
            documents.size(),
            undisturbed.sortedLines().size(),
            disturbed.ledger("sources"));
      }
    }
  }

  private static void kill(Kill kill, KafkaBroker broker, FlinkCluster cluster, String job) {
    switch (kill) {
      case BROKER -> {
        broker.kill();
        broker.restart();
      }
      case TASK_MANAGER -> {
        cluster.killTaskManager(cluster.taskManagerOf(job));
        cluster.startTaskManager();
      }
    }
  }

  private static List<TopicPartition> partitions() {
    return TOPICS.stream()
        .flatMap(
            topic ->
                Stream.iterate(0, partition -> partition < PARTITIONS, partition -> partition + 1)
                    .map(partition -> new TopicPartition(topic, partition)))
        .toList();
  }

  private static String id(String document) {
    var id = EVENT_ID.matcher(document);
    assertThat(id.find()).as(document).isTrue();
    return id.group(1);
  }

  private Path config(KafkaBroker broker) throws IOException {
    String sink =
        "kafka: { servers: \""
            + broker.servers()
            + "\", alerts: alerts, reports: reports, dead-letters: dead-letters,"
            + " transaction-prefix: exactly-once, transaction-timeout: 10m }";
    return Files.writeString(
        work.resolve("disturbed.yaml"),
        FlowStream.yamlTo(
            sink, FlowStream.kafka(broker, "disturbed", "start: earliest"), more("disturbed")));
  }

  private String undisturbed(KafkaBroker broker) {
    return FlowStream.yaml(
        FlowStream.kafka(broker, "undisturbed", "end: latest"),
        work.resolve("undisturbed"),
        "5m",
        more("undisturbed"));
  }

  /** While the next events are held back, the wall clock must not close a window. */
  private String[] more(String name) {
    return new String[] {
      "name: " + name,
      "time: { field: ts, unit: ms, out-of-orderness: 2s, idle: 1h }",
      "window: 10s",
      "checkpoint: { interval: 500ms, dir: \"" + work.resolve(name + "-checkpoints") + "\" }"
    };
  }
}
