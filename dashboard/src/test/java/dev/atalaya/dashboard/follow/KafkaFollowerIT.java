package dev.atalaya.dashboard.follow;

import static dev.atalaya.dashboard.Documents.HITTER;
import static dev.atalaya.dashboard.Documents.alert;
import static dev.atalaya.dashboard.Documents.deadLetter;
import static dev.atalaya.dashboard.Documents.report;
import static dev.atalaya.dashboard.Documents.startMillis;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atalaya.connectors.kafka.KafkaSinkSettings;
import dev.atalaya.dashboard.history.Detector;
import dev.atalaya.dashboard.history.History;
import dev.atalaya.fixtures.KafkaBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class KafkaFollowerIT {

  private static final Duration SOON = Duration.ofSeconds(60);

  private static KafkaBroker broker;

  private final History history = new History(1_000, 1 << 20);

  @BeforeAll
  static void startBroker() {
    broker = KafkaBroker.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  private static KafkaSinkSettings settings(String prefix) {
    return new KafkaSinkSettings(
        broker.servers(),
        prefix + "-alerts",
        prefix + "-reports",
        prefix + "-dead-letters",
        null,
        0,
        null,
        // Of the sink's producer; a reader has no use for it.
        Map.of("compression.type", "zstd", "metadata.max.age.ms", "500"));
  }

  private static void createTopics(String prefix) {
    broker.createTopic(prefix + "-alerts", 2);
    broker.createTopic(prefix + "-reports", 2);
    broker.createTopic(prefix + "-dead-letters", 1);
  }

  private static ProducerRecord<byte[], byte[]> record(String topic, int window, Object document) {
    return new ProducerRecord<>(
        topic, window % 2, startMillis(window) + 9_999, null, document.toString().getBytes(UTF_8));
  }

  @Test
  void readsWhatIsCommittedAndGoesOnAfterTheBrokerWasAway() {
    createTopics("a");
    try (KafkaFollower follower = new KafkaFollower(history, settings("a"), 1_000)) {
      follower.start();
      broker.produce(
          List.of(
              record("a-reports", 0, report("d", 0, 1, 0)),
              record("a-reports", 1, report("d", 1, 0, 0)),
              record("a-alerts", 0, alert("d", 0, HITTER, "a", 1))));
      broker.produce("a-dead-letters", 0, deadLetter("x", "syntax").toString(), "no JSON");
      await().atMost(SOON).until(() -> history.documents() == 4 && history.strangers() == 1);

      Map<String, Object> transactional = Map.of("transactional.id", "t");
      try (KafkaProducer<byte[], byte[]> producer = broker.newProducer(transactional)) {
        producer.initTransactions();
        producer.beginTransaction();
        var aborted = producer.send(record("a-alerts", 2, alert("d", 2, HITTER, "x", 1)));
        producer.flush();
        assertThat(aborted).isDone();
        producer.abortTransaction();
        producer.beginTransaction();
        var committed = producer.send(record("a-alerts", 2, alert("d", 2, HITTER, "b", 1)));
        producer.commitTransaction();
        assertThat(committed).isDone();
      }
      await().atMost(SOON).until(() -> history.documents() == 5);
      assertThat(history.findings("d", 2)).extracting("key").containsExactly("b");
      await().atMost(SOON).until(() -> follower.state().isHealthy());
      assertThat(follower.state().where())
          .isEqualTo(broker.servers() + ": a-alerts, a-reports, a-dead-letters");

      broker.pause();
      await().atMost(SOON).until(() -> !follower.state().isHealthy());
      assertThat(follower.state().message())
          .startsWith("Kafka at " + broker.servers() + " did not answer in time");
      broker.resume();
      broker.addPartitions("a-alerts", 3);
      broker.produce("a-alerts", 2, alert("d", 3, HITTER, "c", 1).toString());
      await().atMost(SOON).until(() -> history.documents() == 6);
      await().atMost(SOON).until(() -> follower.state().isHealthy());
    }
  }

  @Test
  void beginsAsManyWindowsBackAsAreWanted() {
    createTopics("b");
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      records.add(record("b-alerts", i, alert("d", i, HITTER, "a", 1)));
      records.add(record("b-reports", i, report("d", i, 1, 0)));
    }
    broker.produce(records);
    try (KafkaFollower follower = new KafkaFollower(history, settings("b"), 10)) {
      follower.start();
      await().atMost(SOON).until(() -> history.documents() == 20);
    }
    assertThat(history.detector("d"))
        .contains(new Detector("d", "bytes", 10_000, 0, 9, 10, 0, Map.of(), 1_000));
    assertThat(history.windows("d", 0, 0).get(0).startMillis()).isEqualTo(startMillis(90));
  }

  @Test
  void missingTopicsAreToldAndWaitedFor() {
    try (KafkaFollower follower = new KafkaFollower(history, settings("c"), 10)) {
      follower.start();
      await()
          .atMost(SOON)
          .until(
              () -> follower.state().message(),
              message ->
                  message.endsWith(
                      "does not have all of topics [c-alerts, c-reports, c-dead-letters]"));
      createTopics("c");
      broker.produce(List.of(record("c-reports", 0, report("d", 0, 1, 0))));
      await().atMost(SOON).until(() -> history.documents() == 1);
    }
  }
}
