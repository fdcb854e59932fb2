package dev.atalaya.connectors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.atalaya.connectors.Decoder;
import dev.atalaya.connectors.LineDecoder;
import dev.atalaya.connectors.Payload;
import dev.atalaya.connectors.Running;
import dev.atalaya.connectors.kafka.KafkaSettings.LostOffsets;
import dev.atalaya.fixtures.FreePort;
import dev.atalaya.fixtures.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class KafkaSourcesIT {

  private static final byte[] TOMBSTONE = null;

  @RegisterExtension private static final MiniClusterExtension FLINK = Running.cluster();

  private static KafkaBroker broker;

  @TempDir Path folder;
  private String topic;

  @BeforeAll
  static void startBroker() {
    broker = KafkaBroker.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void nameTopic(TestInfo test) {
    topic = test.getTestMethod().orElseThrow().getName();
  }

  @Test
  void readsABoundedRangeExactly() throws Exception {
    broker.createTopic(topic, 3);
    broker.produce(topic, 0, "a", "b");
    broker.produce(topic, 2, "c");

    assertThat(readToEnd("earliest", "latest")).containsExactlyInAnyOrder("a", "b", "c");
  }

  @Test
  void startsAndEndsAtGivenTimes() throws Exception {
    broker.createTopic(topic, 1);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int second = 0; second < 5; second++) {
      records.add(new ProducerRecord<>(topic, 0, second * 1000L, null, bytes("s" + second)));
    }
    broker.produce(records);

    assertThat(readToEnd(Instant.ofEpochSecond(1).toString(), Instant.ofEpochSecond(3).toString()))
        .containsExactly("s1", "s2");
  }

  @Test
  void readsAllWhenTheGroupHasCommittedNothing() throws Exception {
    broker.createTopic(topic, 1);
    broker.produce(topic, 0, "a", "b");

    assertThat(readToEnd("committed", "latest")).containsExactly("a", "b");
  }

  @Test
  void handsOnTombstonesHeadersAndCoordinates() throws Exception {
    broker.createTopic(topic, 1);
    ProducerRecord<byte[], byte[]> withHeaders =
        new ProducerRecord<>(topic, 0, 1234L, bytes("key"), bytes("value"));
    withHeaders.headers().add("null", null).add("large", new byte[1 << 20]);
    broker.produce(
        List.of(new ProducerRecord<>(topic, 0, 1L, bytes("key"), TOMBSTONE), withHeaders));

    assertThat(readToEnd(new CoordinateDecoder(), "earliest", "latest"))
        .containsExactly(
            "null at 1 from kafka:" + topic + "/0@0", "value at 1234 from kafka:" + topic + "/0@1");
  }

  @Test
  void doesNotSeeAbortedTransactions() throws Exception {
    broker.createTopic(topic, 1);
    try (KafkaProducer<byte[], byte[]> producer =
        broker.newProducer(Map.of("transactional.id", topic))) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(topic, bytes("aborted"))).get();
      producer.abortTransaction();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(topic, bytes("committed"))).get();
      producer.commitTransaction();
    }
    assertThat(readToEnd("earliest", "latest")).containsExactly("committed");
  }

  @Test
  void findsAPartitionAddedAtRunTime() throws Exception {
    broker.createTopic(topic, 1);
    broker.produce(topic, 0, "a");
    try (Running running = run(settings("latest", null, 200), null)) {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                broker.produce(topic, 0, "probe");
                return !running.seen().isEmpty();
              });
      broker.addPartitions(topic, 2);
      broker.produce(topic, 1, "b", "c");
      await().atMost(Duration.ofSeconds(60)).until(() -> running.seen().contains("c"));
      assertThat(running.seen())
          .filteredOn(seen -> !seen.equals("probe"))
          .containsExactly("b", "c");
    }
  }

  @Test
  void goesOnExactlyAfterASavepoint() throws Exception {
    broker.createTopic(topic, 2);
    broker.produce(topic, 0, "a", "b");
    broker.produce(topic, 1, "c");
    String savepoint;
    List<String> before;
    try (Running running = run(settings("earliest", null, 0), null)) {
      await().atMost(Duration.ofSeconds(60)).until(() -> running.seen().size() == 3);
      savepoint = running.stop(folder);
      before = running.seen();
    }
    broker.produce(topic, 1, "d");
    broker.produce(topic, 0, "e");
    try (Running running = run(settings("earliest", null, 0), savepoint)) {
      await().atMost(Duration.ofSeconds(60)).until(() -> running.seen().size() == 2);
      running.stop(folder);
      assertThat(before).containsExactlyInAnyOrder("a", "b", "c");
      assertThat(running.seen()).containsExactlyInAnyOrder("d", "e");
    }
  }

  @Test
  void aBoundedReadEndsAlsoAfterASavepoint() throws Exception {
    broker.createTopic(topic, 2);
    String[] lines = IntStream.range(0, 5_000).mapToObj(Integer::toString).toArray(String[]::new);
    broker.produce(topic, 0, lines);
    broker.produce(topic, 1, "z");
    KafkaSettings bounded = settings("earliest", "latest", 0);
    String savepoint;
    List<String> all;
    try (Running running = Running.start(environment(new Configuration()), slow(bounded))) {
      await().atMost(Duration.ofSeconds(60)).until(() -> running.seen().size() > 100);
      savepoint = running.stop(folder);
      all = new ArrayList<>(running.seen());
      assertThat(all).hasSizeLessThan(5_001);
    }
    try (Running running = run(bounded, savepoint)) {
      running.client().getJobExecutionResult().get(60, TimeUnit.SECONDS);
      all.addAll(running.seen());
    }
    assertThat(all).hasSize(5_001).contains(lines).contains("z");
  }

  /** A record in a millisecond, so that there is a middle to stop in. */
  private static Source<String, ?, ?> slow(KafkaSettings settings) {
    return KafkaSources.create(
        settings,
        new Decoder<String>() {
          @Override
          public void open() {}

          @Override
          public void decode(Payload payload, RecordOutput<String> out) {
            LockSupport.parkNanos(1_000_000);
            out.emit(LineDecoder.show(payload));
          }

          @Override
          public TypeInformation<String> producedType() {
            return Types.STRING;
          }
        });
  }

  @Test
  void stopsWhenATopicWasCreatedAnewWithFewerRecords() throws Exception {
    broker.createTopic(topic, 1);
    broker.produce(topic, 0, "a", "b", "c");
    String savepoint;
    try (Running running = run(settings("earliest", null, 0), null)) {
      await().atMost(Duration.ofSeconds(60)).until(() -> running.seen().size() == 3);
      savepoint = running.stop(folder);
    }
    broker.deleteTopic(topic);
    broker.createTopic(topic, 1);
    broker.produce(topic, 0, "x");
    try (Running running = run(settings("earliest", null, 0), savepoint)) {
      assertThatThrownBy(() -> running.client().getJobExecutionResult().get(60, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasStackTraceContaining(
              "Kafka no longer has the offsets to go on from in [" + topic + "-0]");
      assertThat(running.client().getJobStatus().get()).isEqualTo(JobStatus.FAILED);
      assertThat(running.seen()).isEmpty();
    }
  }

  @Test
  void goesOnBehindWhatRetentionRemovedAndSaysWhatIsGone() throws Exception {
    broker.createTopic(topic, 1);
    broker.produce(topic, 0, "a", "b", "c");
    String savepoint = readThreeAndStop();
    broker.produce(topic, 0, "d", "e", "f");
    broker.deleteRecordsBefore(topic, 0, 5);

    try (Running running = runOn(savepoint)) {
      await().atMost(Duration.ofSeconds(60)).until(() -> running.seen().contains("f"));
      broker.produce(topic, 0, "g");
      await().atMost(Duration.ofSeconds(60)).until(() -> running.seen().contains("g"));
      assertThat(running.seen())
          .containsExactly("lost-offsets(0):null from kafka:" + topic + "/0@3..4", "f", "g");
    }
  }

  @Test
  void goesOnInATopicThatWasCreatedAnewAndSaysSo() throws Exception {
    broker.createTopic(topic, 1);
    broker.produce(topic, 0, "a", "b", "c");
    String savepoint = readThreeAndStop();
    broker.deleteTopic(topic);
    broker.createTopic(topic, 1);
    broker.produce(topic, 0, "x");

    String again;
    try (Running running = runOn(savepoint)) {
      await().atMost(Duration.ofSeconds(60)).until(() -> running.seen().contains("x"));
      again = running.stop(folder);
      assertThat(running.seen())
          .containsExactly("lost-offsets(0):null from kafka:" + topic + "/0@3..", "x");
    }
    broker.produce(topic, 0, "y");
    try (Running running = runOn(again)) {
      await().atMost(Duration.ofSeconds(60)).until(() -> running.seen().contains("y"));
      assertThat(running.seen()).as("the gap is told once").containsExactly("y");
    }
  }

  private String readThreeAndStop() throws Exception {
    try (Running running = run(settings("earliest", null, 0), null)) {
      await().atMost(Duration.ofSeconds(60)).until(() -> running.seen().size() == 3);
      return running.stop(folder);
    }
  }

  private Running runOn(String savepoint) throws Exception {
    KafkaSettings stop = settings("earliest", null, 0);
    KafkaSettings goOn =
        new KafkaSettings(
            stop.servers(),
            stop.topics(),
            null,
            stop.group(),
            stop.start(),
            null,
            0,
            LostOffsets.CONTINUE,
            null,
            Map.of());
    Configuration configuration = new Configuration();
    configuration.setString("execution.state-recovery.path", savepoint);
    return Running.start(environment(configuration), KafkaSources.create(goOn, new GapDecoder()));
  }

  @Test
  void readsSeveralTopicsOrThoseOfAPattern() throws Exception {
    broker.createTopic(topic + "-a", 1);
    broker.createTopic(topic + "-b", 2);
    broker.createTopic("other-" + topic, 1);
    broker.produce(topic + "-a", 0, "a");
    broker.produce(topic + "-b", 1, "b");
    broker.produce("other-" + topic, 0, "c");

    KafkaSettings one = settings("earliest", "latest", 0);
    assertThat(
            BoundedRead.of(
                subscribed(one, List.of(topic + "-a", "other-" + topic), null), new LineDecoder()))
        .containsExactlyInAnyOrder("a", "c");
    assertThat(BoundedRead.of(subscribed(one, List.of(), topic + "-[ab]"), new LineDecoder()))
        .containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void aRecordWrittenTwiceIsADuplicateAlsoAfterASavepoint() throws Exception {
    broker.createTopic(topic, 1);
    broker.produce(List.of(withId("a"), withId("b"), withId("a"), withId(null)));
    String savepoint;
    try (Running running = runById(null)) {
      await().atMost(Duration.ofSeconds(60)).until(() -> running.seen().size() == 4);
      savepoint = running.stop(folder);
      assertThat(running.seen()).containsExactly("a", "b", "duplicate:a", "no-id(4):null");
    }
    broker.produce(List.of(withId("b"), withId("c")));
    try (Running running = runById(savepoint)) {
      await().atMost(Duration.ofSeconds(60)).until(() -> running.seen().size() == 2);
      savepoint = running.stop(folder);
      assertThat(running.seen()).containsExactly("duplicate:b", "c");
    }
    // What is gone need not be known.
    broker.deleteRecordsBefore(topic, 0, 2);
    broker.produce(List.of(withId("b"), withId("a"), withId("d")));
    try (Running running = runById(savepoint)) {
      await().atMost(Duration.ofSeconds(60)).until(() -> running.seen().size() == 3);
      running.stop(folder);
      assertThat(running.seen()).containsExactly("duplicate:b", "duplicate:a", "d");
    }
  }

  private ProducerRecord<byte[], byte[]> withId(String id) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, 0, null, bytes(String.valueOf(id)));
    if (id != null) {
      record.headers().add(KafkaWriter.ID_HEADER, bytes(id));
    }
    return record;
  }

  private Running runById(String savepoint) throws Exception {
    KafkaSettings like = settings("earliest", null, 0);
    KafkaSettings byId =
        new KafkaSettings(
            like.servers(),
            like.topics(),
            null,
            like.group(),
            like.start(),
            null,
            0,
            LostOffsets.STOP,
            true,
            null,
            Map.of());
    Configuration configuration = new Configuration();
    if (savepoint != null) {
      configuration.setString("execution.state-recovery.path", savepoint);
    }
    return Running.start(environment(configuration), KafkaSources.create(byId, new LineDecoder()));
  }

  private static KafkaSettings subscribed(
      KafkaSettings like, List<String> topics, String topicPattern) {
    return new KafkaSettings(
        like.servers(),
        topics,
        topicPattern,
        like.group(),
        like.start(),
        like.end(),
        0,
        like.onLostOffsets(),
        null,
        Map.of());
  }

  /** As compaction leaves them, and as the markers of transactions do. */
  @Test
  void takesGapsBetweenOffsetsForNothingLost() throws Exception {
    broker.createTopic(topic, 1);
    try (KafkaProducer<byte[], byte[]> producer =
        broker.newProducer(Map.of("transactional.id", topic))) {
      producer.initTransactions();
      for (String value : List.of("a", "b", "c")) {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(topic, bytes(value))).get();
        producer.commitTransaction();
      }
    }
    assertThat(readToEnd(new CoordinateDecoder(), "earliest", "latest"))
        .extracting(seen -> seen.replaceAll(" at \\d+ from kafka:.*@", " @"))
        .containsExactly("a @0", "b @2", "c @4");
  }

  @Test
  void failsInTimeAndSaysWhyWhenNobodyAnswers() throws Exception {
    KafkaSettings nobody =
        new KafkaSettings(
            "localhost:" + FreePort.pick(),
            List.of("t"),
            null,
            "g",
            "earliest",
            "latest",
            0,
            LostOffsets.STOP,
            null,
            Map.of("default.api.timeout.ms", "3000", "request.timeout.ms", "2000"));
    assertThatThrownBy(() -> BoundedRead.of(nobody, new LineDecoder()))
        .hasStackTraceContaining("Kafka at " + nobody.servers() + " did not answer in time");
  }

  @Test
  void saysWhichTopicsAreMissing() {
    assertThatThrownBy(() -> readToEnd("earliest", "latest"))
        .hasStackTraceContaining("does not have all of topics [" + topic + "]");
  }

  private List<String> readToEnd(String start, String end) throws Exception {
    return readToEnd(new LineDecoder(), start, end);
  }

  private List<String> readToEnd(Decoder<String> decoder, String start, String end)
      throws Exception {
    return BoundedRead.of(settings(start, end, 0), decoder);
  }

  private static Running run(KafkaSettings settings, String savepoint) throws Exception {
    Configuration configuration = new Configuration();
    configuration.setString("restart-strategy.type", "fixed-delay");
    configuration.setString("restart-strategy.fixed-delay.attempts", "1000");
    configuration.setString("restart-strategy.fixed-delay.delay", "10ms");
    if (savepoint != null) {
      configuration.setString("execution.state-recovery.path", savepoint);
    }
    return Running.start(
        environment(configuration), KafkaSources.create(settings, new LineDecoder()));
  }

  private static StreamExecutionEnvironment environment(Configuration configuration) {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    env.setParallelism(1);
    return env;
  }

  private KafkaSettings settings(String start, String end, long discoveryMillis) {
    return new KafkaSettings(
        broker.servers(),
        List.of(topic),
        null,
        "group-" + topic,
        start,
        end,
        discoveryMillis,
        LostOffsets.STOP,
        null,
        Map.of());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static final class CoordinateDecoder implements Decoder<String> {

    @Override
    public void open() {}

    @Override
    public void decode(Payload payload, RecordOutput<String> out) {
      out.emit(
          LineDecoder.show(payload)
              + " at "
              + payload.timestampMillis
              + " from "
              + payload.origin.describe());
    }

    @Override
    public TypeInformation<String> producedType() {
      return Types.STRING;
    }
  }

  /** Shows where from only for what is no payload. */
  private static final class GapDecoder implements Decoder<String> {

    @Override
    public void open() {}

    @Override
    public void decode(Payload payload, RecordOutput<String> out) {
      String shown = LineDecoder.show(payload);
      out.emit(payload.fault == null ? shown : shown + " from " + payload.origin.describe());
    }

    @Override
    public TypeInformation<String> producedType() {
      return Types.STRING;
    }
  }
}
