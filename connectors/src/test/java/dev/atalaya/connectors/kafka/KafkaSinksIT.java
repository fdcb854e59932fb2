package dev.atalaya.connectors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.atalaya.connectors.BoundedWrite;
import dev.atalaya.connectors.BrokerRefusedException;
import dev.atalaya.connectors.Document;
import dev.atalaya.connectors.Document.Kind;
import dev.atalaya.connectors.DocumentSerializer;
import dev.atalaya.connectors.LineDecoder;
import dev.atalaya.connectors.Restarting;
import dev.atalaya.connectors.Running;
import dev.atalaya.connectors.kafka.KafkaSettings.LostOffsets;
import dev.atalaya.fixtures.KafkaBroker;
import dev.atalaya.fixtures.NaughtyStrings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class KafkaSinksIT {

  @RegisterExtension private static final MiniClusterExtension FLINK = Running.cluster();

  private static KafkaBroker broker;

  @TempDir Path folder;
  private String topic;

  @BeforeAll
  static void startBroker() {
    broker = KafkaBroker.start(Map.of("transaction.max.timeout.ms", "600000"));
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void createTopics(TestInfo test) {
    topic = test.getTestMethod().orElseThrow().getName();
    for (Kind kind : Kind.values()) {
      broker.createTopic(topic + "-" + kind.folder(), 2);
    }
  }

  @Test
  void writesEachKindToItsTopicWithKeyAndEventTime() throws Exception {
    long before = System.currentTimeMillis();
    for (String prefix : new String[] {null, topic}) {
      BoundedWrite.to(
          KafkaSinks.create(settings(prefix, 60_000)),
          new Document(Kind.ALERT, "a", "ports", 1234, "{\"ñ\":1}"),
          new Document(Kind.REPORT, "b", "ports", 0, "{\"n\":2}"),
          new Document(Kind.DEAD_LETTER, "c", "kafka:t/0", Document.UNDATED, "{\"n\":3}"));
    }
    assertThat(records(Kind.ALERT))
        .hasSize(2)
        .allSatisfy(
            alert -> {
              assertThat(text(alert)).isEqualTo("ports={\"ñ\":1}");
              assertThat(alert.timestamp()).isEqualTo(1234);
            });
    assertThat(records(Kind.REPORT)).hasSize(2).allMatch(report -> report.timestamp() == 0);
    assertThat(records(Kind.DEAD_LETTER))
        .hasSize(2)
        .allSatisfy(
            letter -> {
              assertThat(text(letter)).isEqualTo("kafka:t/0={\"n\":3}");
              assertThat(letter.timestamp()).isGreaterThanOrEqualTo(before);
            });
    assertThat(broker.openTransactions()).isEmpty();
  }

  /** But for those that are no UTF-8: no document holds them. */
  @Test
  void naughtyStringsComeThroughByteForByte() throws Exception {
    List<String> texts =
        NaughtyStrings.all().stream()
            .filter(bytes -> Arrays.equals(new String(bytes, UTF_8).getBytes(UTF_8), bytes))
            .map(bytes -> new String(bytes, UTF_8))
            .toList();
    assertThat(texts).hasSize(376);
    BoundedWrite.to(
        KafkaSinks.create(settings(topic, 60_000)),
        texts.stream()
            .map(text -> new Document(Kind.ALERT, "a", text, 1, "{\"key\":\"" + text + "\"}"))
            .toArray(Document[]::new));
    assertThat(records(Kind.ALERT))
        .extracting(KafkaSinksIT::text)
        .containsExactlyInAnyOrderElementsOf(
            texts.stream().map(text -> text + "={\"key\":\"" + text + "\"}").toList());
  }

  @Test
  void compresses() throws Exception {
    KafkaSinkSettings plain = settings(topic, 60_000);
    String large = "{\"x\":\"" + "x".repeat(100_000) + "\"}";
    BoundedWrite.to(
        KafkaSinks.create(
            new KafkaSinkSettings(
                plain.servers(),
                plain.alerts(),
                plain.reports(),
                plain.deadLetters(),
                plain.transactionPrefix(),
                plain.transactionTimeoutMillis(),
                null,
                Map.of("compression.type", "lz4", "linger.ms", "50"))),
        new Document(Kind.ALERT, "a", "k", 1, large));
    assertThat(records(Kind.ALERT)).extracting(KafkaSinksIT::text).containsExactly("k=" + large);
  }

  @Test
  void asksTheBrokerForItsLongestTransactionAndForTheTopics() {
    assertThat(KafkaSinks.maxTransactionMillis(settings(topic, 1))).isEqualTo(600_000);
    KafkaSinks.check(settings(topic, 600_000));
    KafkaSinkSettings good = settings(topic, 60_000);
    assertThatThrownBy(
            () ->
                KafkaSinks.check(
                    new KafkaSinkSettings(
                        good.servers(),
                        good.alerts(),
                        "absent",
                        good.deadLetters(),
                        null,
                        60_000,
                        null,
                        Map.of())))
        .isInstanceOf(BrokerRefusedException.class)
        .hasMessageContaining("does not have all of topics")
        .hasMessageContaining("absent");
  }

  @Test
  void endsForGoodWhenTheBrokerRefusesItsTopicsOrItsTimeout() {
    for (String prefix : new String[] {null, topic}) {
      KafkaSinkSettings good = settings(prefix, 60_000);
      KafkaSinkSettings absent =
          new KafkaSinkSettings(
              good.servers(),
              good.alerts(),
              "absent",
              good.deadLetters(),
              prefix,
              60_000,
              null,
              Map.of());
      assertThatThrownBy(
              () ->
                  BoundedWrite.to(
                      KafkaSinks.create(absent), new Document(Kind.ALERT, "a", "k", 1, "{}")))
          .hasStackTraceContaining("does not have all of topics");
    }
    assertThatThrownBy(
            () ->
                BoundedWrite.to(
                    KafkaSinks.create(settings(topic, 600_001)),
                    new Document(Kind.ALERT, "a", "k", 1, "{}")))
        .hasStackTraceContaining("allows no transaction as long as transaction-timeout");
  }

  /** The stock sink logs this loss and goes on. */
  @Test
  void stopsWhenATransactionOfItsCheckpointWasEndedByOthers() throws Exception {
    String savepoint = stopWithATransaction(broker, 1);
    for (String id : transactionalIds(broker)) {
      try (KafkaProducer<byte[], byte[]> other =
          broker.newProducer(Map.of("transactional.id", id))) {
        other.initTransactions();
      }
    }
    assertLost(copying(broker, savepoint, 1), "a job with the same transaction-prefix was started");
  }

  /** The stock sink restarts for ever. */
  @Test
  void stopsWhenTheBrokerHasForgottenATransactionOfItsCheckpoint() throws Exception {
    try (KafkaBroker forgetful =
        KafkaBroker.start(
            Map.of(
                "transactional.id.expiration.ms", "5000",
                "transaction.remove.expired.transaction.cleanup.interval.ms", "200"))) {
      for (Kind kind : Kind.values()) {
        forgetful.createTopic(topic + "-" + kind.folder(), 2);
      }
      String savepoint = stopWithATransaction(forgetful, 1);
      await().atMost(Duration.ofSeconds(60)).until(() -> transactionalIds(forgetful).isEmpty());
      assertLost(copying(forgetful, savepoint, 1), "transactional.id.expiration.ms");
    }
  }

  /** As a kill would leave it: nobody is there any more to end what the second subtask began. */
  @Test
  void abortsWhatMoreSubtasksHadBegunBeforeARestore() throws Exception {
    String savepoint = stopWithATransaction(broker, 2);
    String left =
        transactionalIds(broker).stream()
            .filter(id -> id.startsWith(topic + "-1-"))
            .max(Comparator.naturalOrder())
            .orElseThrow();
    try (KafkaProducer<byte[], byte[]> killed =
        broker.newProducer(Map.of("transactional.id", left, "transaction.timeout.ms", "600000"))) {
      killed.initTransactions();
      killed.beginTransaction();
      killed
          .send(new ProducerRecord<>(topic + "-" + Kind.ALERT.folder(), "left".getBytes(UTF_8)))
          .get();
      assertThat(broker.openTransactions()).contains(left);
      JobClient restored = copying(broker, savepoint, 1);
      await().atMost(Duration.ofSeconds(60)).until(() -> !broker.openTransactions().contains(left));
      restored.cancel().get(60, TimeUnit.SECONDS);
    }
    assertThat(records(Kind.ALERT)).hasSize(1);
  }

  private static void assertLost(JobClient job, String reason) throws Exception {
    assertThatThrownBy(() -> job.getJobExecutionResult().get(60, TimeUnit.SECONDS))
        .hasStackTraceContaining("Kafka has ended a transaction that a checkpoint relies on")
        .hasStackTraceContaining(reason);
    assertThat(job.getJobStatus().get()).isEqualTo(JobStatus.FAILED);
  }

  /** The savepoint is older than the transaction's commit, so it holds the transaction. */
  private String stopWithATransaction(KafkaBroker broker, int parallelism) throws Exception {
    broker.createTopic(topic, 1);
    broker.produce(topic, 0, "a");
    JobClient job = copying(broker, null, parallelism);
    String alerts = topic + "-" + Kind.ALERT.folder();
    List<TopicPartition> partitions =
        List.of(new TopicPartition(alerts, 0), new TopicPartition(alerts, 1));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> broker.endOffsets(partitions).values().stream().anyMatch(end -> end > 0));
    String savepoint = Running.stop(job, folder);
    assertThat(broker.committedRecords(alerts)).hasSize(1);
    return savepoint;
  }

  private static List<String> transactionalIds(KafkaBroker broker) throws Exception {
    return broker.admin().listTransactions().all().get().stream()
        .map(transaction -> transaction.transactionalId())
        .toList();
  }

  /** Copies a topic to the alerts, with no checkpoint but savepoints. */
  private JobClient copying(KafkaBroker broker, String savepoint, int parallelism)
      throws Exception {
    Configuration configuration = Restarting.configuration();
    configuration.setString("execution.checkpointing.interval", "365 d");
    if (savepoint != null) {
      configuration.setString("execution.state-recovery.path", savepoint);
    }
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    env.setParallelism(parallelism);
    KafkaSettings source =
        new KafkaSettings(
            broker.servers(),
            List.of(topic),
            null,
            topic,
            "earliest",
            null,
            0,
            LostOffsets.STOP,
            null,
            Map.of());
    env.fromSource(
            KafkaSources.create(source, new LineDecoder()),
            WatermarkStrategy.noWatermarks(),
            "source")
        .uid("source")
        .map(line -> new Document(Kind.ALERT, line, "k", 1, line))
        .returns(DocumentSerializer.TYPE)
        .uid("map")
        .sinkTo(KafkaSinks.create(settings(broker, topic, 60_000)))
        .uid("sink");
    return env.executeAsync();
  }

  private KafkaSinkSettings settings(String prefix, long timeoutMillis) {
    return settings(broker, prefix, timeoutMillis);
  }

  private KafkaSinkSettings settings(KafkaBroker broker, String prefix, long timeoutMillis) {
    return new KafkaSinkSettings(
        broker.servers(),
        topic + "-alerts",
        topic + "-reports",
        topic + "-dead-letters",
        prefix,
        timeoutMillis,
        null,
        Map.of());
  }

  private List<ConsumerRecord<byte[], byte[]>> records(Kind kind) {
    return broker.committedRecords(topic + "-" + kind.folder());
  }

  private static String text(ConsumerRecord<byte[], byte[]> one) {
    return new String(one.key(), UTF_8) + "=" + new String(one.value(), UTF_8);
  }
}
