package dev.atalaya.connectors.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import dev.atalaya.connectors.LineDecoder;
import dev.atalaya.connectors.Running;
import dev.atalaya.connectors.Secret;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings.Binding;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings.Declare;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings.MessageId;
import dev.atalaya.fixtures.RabbitMqBroker;
import dev.atalaya.fixtures.RabbitMqBroker.Message;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.connectors.rabbitmq.RMQSource;
import org.apache.flink.streaming.connectors.rabbitmq.common.RMQConnectionConfig;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The source in a job, on a real broker. */
@Timeout(180)
class RabbitMqSourcesIT {

  private static final int PREFETCH = 200;

  @RegisterExtension private static final MiniClusterExtension FLINK = Running.cluster();

  private static RabbitMqBroker broker;

  @TempDir Path folder;
  private String queue;

  @BeforeAll
  static void startBroker() {
    broker = RabbitMqBroker.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void nameQueue(TestInfo test) {
    queue = test.getTestMethod().orElseThrow().getName();
  }

  @Test
  void readsEachMessageOnceAndLeavesNone() throws Exception {
    broker.declareQueue(queue, Map.of());
    List<String> bodies = bodies("m", 5 * PREFETCH);
    broker.publish(queue, withIds(bodies));
    try (Running running = run(settings(MessageId.CORRELATION_ID), null)) {
      awaitThat(() -> running.seen().size() >= bodies.size());
      assertThat(running.seen()).isEqualTo(bodies);
      awaitEmpty();
    }
  }

  @Test
  void countsOnceThroughKilledBrokersAndClosedConnections() throws Exception {
    broker.declareQueue(queue, Map.of());
    // Else a broker killed so soon may not remember the queue.
    broker.ctl("eval", "mnesia:sync_log().");
    List<String> all = new ArrayList<>();
    try (Running running = run(settings(MessageId.CORRELATION_ID), null)) {
      for (int round = 0; round < 4; round++) {
        List<String> bodies = bodies("r" + round + "-", 5 * PREFETCH);
        broker.publish(queue, withIds(bodies));
        all.addAll(bodies);
        int enough = all.size() - 4 * PREFETCH;
        awaitThat(() -> running.seen().size() >= enough);
        if (round % 2 == 0) {
          broker.kill();
          broker.restart();
        } else {
          broker.closeConnections();
        }
      }
      awaitThat(() -> counted(running).size() >= all.size());
      awaitEmpty();
      assertThat(counted(running)).containsExactlyInAnyOrderElementsOf(all);
    }
  }

  @Test
  void losesNothingWithoutIds() throws Exception {
    broker.declareQueue(queue, Map.of());
    List<String> bodies = bodies("m", 5 * PREFETCH);
    broker.publish(queue, bodies.stream().map(Message::withoutId).toList());
    try (Running running = run(settings(MessageId.NONE), null)) {
      awaitThat(() -> running.seen().size() >= PREFETCH);
      broker.closeConnections();
      awaitThat(() -> running.seen().containsAll(bodies));
      awaitEmpty();
      assertThat(running.seen()).containsAll(bodies);
    }
  }

  @Test
  void badMessagesDoNotHoldUpGoodOnes() throws Exception {
    broker.declareQueue(queue, Map.of());
    broker.publish(queue, bodies("bad", 5 * PREFETCH).stream().map(Message::withoutId).toList());
    broker.publish(queue, withIds(List.of("good")));
    try (Running running = run(settings(MessageId.CORRELATION_ID), null)) {
      awaitThat(() -> running.seen().contains("good"));
      assertThat(running.seen())
          .hasSize(5 * PREFETCH + 1)
          .startsWith("no-id(4):bad0")
          .endsWith("good");
      awaitEmpty();
    }
  }

  @Test
  void aMessageSeenByNobodyCountsThoughItIsFlaggedAsRedelivered() throws Exception {
    broker.declareQueue(queue, Map.of());
    broker.publish(queue, withIds(List.of("a")));
    try (Connection connection = broker.newConnection()) {
      Channel channel = connection.createChannel();
      GetResponse got = channel.basicGet(queue, false);
      channel.basicNack(got.getEnvelope().getDeliveryTag(), false, true);
      channel.close();
    }
    try (Running running = run(settings(MessageId.CORRELATION_ID), null)) {
      awaitThat(() -> !running.seen().isEmpty());
      assertThat(running.seen()).containsExactly("a");
    }
  }

  @Test
  void goesOnExactlyAfterASavepoint() throws Exception {
    broker.declareQueue(queue, Map.of());
    broker.publish(queue, withIds(List.of("a", "b")));
    String savepoint;
    try (Running running = run(settings(MessageId.MESSAGE_ID), null)) {
      awaitThat(() -> running.seen().size() >= 2);
      savepoint = running.stop(folder);
      assertThat(running.seen()).containsExactly("a", "b");
    }
    assertThat(broker.ready(queue)).isZero();
    broker.publish(queue, withIds(List.of("c")));
    try (Running running = run(settings(MessageId.MESSAGE_ID), savepoint)) {
      awaitThat(() -> !running.seen().isEmpty());
      assertThat(running.seen()).containsExactly("c");
    }
  }

  @Test
  void readsSeveralQueuesThatItDeclaresAndBinds() throws Exception {
    Declare declare = new Declare(true, Map.of("x-queue-type", "quorum", "x-delivery-limit", "20"));
    List<Binding> bindings = List.of(new Binding("amq.topic", List.of("flows.*", "logs.#")));
    RabbitMqSettings settings =
        settings(
            MessageId.CORRELATION_ID,
            List.of(queue + "-1", queue + "-2"),
            declare,
            bindings,
            broker.port());
    RabbitMqSources.check(settings);
    try (Running running = run(settings, null)) {
      awaitThat(
          () ->
              broker.ctl("list_bindings", "-q").lines().filter(l -> l.contains(queue)).count()
                  >= 6);
      broker.publish("amq.topic", "flows.a", withIds(List.of("a")));
      broker.publish("amq.topic", "logs.b.c", withIds(List.of("b")));
      awaitThat(() -> running.seen().size() >= 4);
      // Each queue has its own ids, and its own message.
      assertThat(running.seen()).containsExactlyInAnyOrder("a", "a", "b", "b");
      awaitThat(() -> broker.unacked(queue + "-1") == 0 && broker.unacked(queue + "-2") == 0);
      assertThat(broker.ready(queue + "-1")).isZero();
    }
  }

  @Test
  void theStockReaderCannotReadQuorumQueues() {
    broker.declareQueue(queue, Map.of("x-queue-type", "quorum"));
    RMQConnectionConfig config =
        new RMQConnectionConfig.Builder()
            .setHost("127.0.0.1")
            .setPort(broker.port())
            .setVirtualHost("/")
            .setUserName(broker.username())
            .setPassword(broker.password())
            .setPrefetchCount(PREFETCH)
            .build();
    RMQSource<String> declaring = new RMQSource<>(config, queue, new SimpleStringSchema());
    assertThatThrownBy(() -> Reading.start(declaring, null))
        .hasStackTraceContaining("inequivalent arg 'x-queue-type'");
    RMQSource<String> reading =
        new RMQSource<>(config, queue, new SimpleStringSchema()) {
          @Override
          protected void setupQueue() {}
        };
    assertThatThrownBy(() -> Reading.start(reading, null))
        .hasStackTraceContaining("does not support global qos");
  }

  @Test
  void waitsForABrokerThatIsAway() throws Exception {
    broker.declareQueue(queue, Map.of());
    broker.publish(queue, withIds(List.of("a")));
    broker.stop();
    try (Running running = run(settings(MessageId.CORRELATION_ID), null, "none")) {
      assertThat(running.seen()).isEmpty();
      broker.restart();
      awaitThat(() -> !running.seen().isEmpty());
      assertThat(running.seen()).containsExactly("a");
    }
  }

  private void awaitEmpty() {
    awaitThat(() -> broker.ready(queue) == 0 && broker.unacked(queue) == 0);
  }

  private static void awaitThat(Callable<Boolean> condition) {
    await().atMost(Duration.ofMinutes(2)).until(condition);
  }

  /** What is not a duplicate. */
  private static List<String> counted(Running running) {
    return running.seen().stream().filter(seen -> !seen.startsWith("duplicate:")).toList();
  }

  private static List<String> bodies(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
  }

  /** Each body is its message's id of either kind. */
  private static List<Message> withIds(List<String> bodies) {
    return bodies.stream().map(body -> new Message(body, body, body)).toList();
  }

  private static Running run(RabbitMqSettings settings, String savepoint) throws Exception {
    return run(settings, savepoint, "fixed-delay");
  }

  private static Running run(RabbitMqSettings settings, String savepoint, String restarts)
      throws Exception {
    Configuration configuration = new Configuration();
    configuration.setString("restart-strategy.type", restarts);
    configuration.setString("restart-strategy.fixed-delay.attempts", "1000");
    configuration.setString("restart-strategy.fixed-delay.delay", "10ms");
    configuration.setString("execution.checkpointing.interval", "200ms");
    configuration.setString("pipeline.auto-generate-uids", "false");
    configuration.setString("pipeline.generic-types", "false");
    if (savepoint != null) {
      configuration.setString("execution.state-recovery.path", savepoint);
    }
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    env.setParallelism(2);
    return Running.start(
        env,
        RabbitMqSources.read(env, settings, new LineDecoder(), WatermarkStrategy.noWatermarks()));
  }

  private RabbitMqSettings settings(MessageId id) {
    return settings(id, List.of(queue), null, List.of(), broker.port());
  }

  private static RabbitMqSettings settings(
      MessageId id, List<String> queues, Declare declare, List<Binding> bindings, int port) {
    return new RabbitMqSettings(
        List.of("127.0.0.1:" + port),
        "/",
        broker.username(),
        new Secret(broker.password()),
        queues,
        declare,
        bindings,
        id,
        PREFETCH,
        10_000,
        null);
  }
}
