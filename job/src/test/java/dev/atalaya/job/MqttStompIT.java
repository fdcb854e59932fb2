package dev.atalaya.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atalaya.fixtures.RabbitMqBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Publishers that speak MQTT or STOMP and know nothing of a queue, and the shipped job behind them.
 */
@SuppressWarnings(
    "try") // closing a MiniCluster may be interrupted, and then the test is over anyway
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class MqttStompIT {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static RabbitMqBroker broker;

  @TempDir Path work;

  @BeforeAll
  static void startBroker() {
    broker = RabbitMqBroker.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void everyMessageOfTheTopicIsCountedWhateverItsProtocolAndQuality() throws Exception {
    try (MiniCluster cluster = TestRuns.cluster(1)) {
      JobID job = start(cluster, "mqtt-topic: events");
      awaitBinding("atalaya-events", "events");

      broker.mosquittoPub("heavy\n".repeat(300) + "qos-0\n", "-t", "events", "-q", "0", "-l");
      broker.mosquittoPub("heavy\n".repeat(200) + "qos-1\n", "-t", "events", "-q", "1", "-l");
      broker.mosquittoPub("", "-t", "events", "-q", "1", "-r", "-m", "retained");
      try (MqttSocket mqtt = new MqttSocket(broker)) {
        mqtt.publish("events", "sent again", false);
        mqtt.publish("events", "sent again", true);
      }
      try (StompSocket stomp = new StompSocket(broker)) {
        stomp.send("/topic/events", "", "stomp");
      }
      // Of none of these there is a trace.
      broker.mosquittoPub("", "-t", "$SYS/broker/uptime", "-q", "1", "-m", "system");
      broker.mosquittoPub("", "-t", "events/below", "-q", "1", "-m", "another topic");

      awaitSums(
          Map.of(
              "heavy",
              500L,
              "qos-0",
              1L,
              "qos-1",
              1L,
              "retained",
              1L,
              "sent again",
              2L,
              "stomp",
              1L));
      awaitLedger(Map.of("received", 506, "counted", 506, "duplicate", 0, "rejected", 0));
      awaitEmpty("atalaya-events");
      TestRuns.cancel(cluster, job);
    }
  }

  @Test
  void theHeaderCorrelationIdOfStompIsTheIdOfTheMessage() throws Exception {
    broker.declareQueue("ids", Map.of());
    broker.bindQueue("ids", "amq.topic", "with.ids");
    try (MiniCluster cluster = TestRuns.cluster(1)) {
      JobID job = start(cluster, "queues: [ids], id: correlation-id");
      try (StompSocket stomp = new StompSocket(broker)) {
        stomp.send("/topic/with.ids", "correlation-id:1\n", "a");
        stomp.send("/topic/with.ids", "correlation-id:2\n", "a");
        stomp.send("/topic/with.ids", "", "without");
      }
      // One of MQTT has none and can have none.
      broker.mosquittoPub("", "-t", "with/ids", "-q", "1", "-m", "without");

      awaitSums(Map.of("a", 2L));
      awaitLedger(Map.of("received", 4, "counted", 2, "duplicate", 0, "rejected", 2));
      untilAsserted(
          output ->
              assertThat(output.deadLetters())
                  .extracting(letter -> letter.at("/Atalaya/reason").asText())
                  .containsExactly("no-id", "no-id"));
      awaitEmpty("ids");
      TestRuns.cancel(cluster, job);
    }
  }

  @Test
  void whatBrokersTellOfThemselvesIsNoEventThoughTheBindingLetsItThrough() throws Exception {
    try (MiniCluster cluster = TestRuns.cluster(1)) {
      JobID job = start(cluster, "mqtt-topic: '#'");
      awaitBinding("atalaya-#", "#");
      broker.mosquittoPub("", "-t", "$SYS/broker/uptime", "-q", "1", "-m", "system");
      broker.mosquittoPub("", "-t", "$SYSTEM/4", "-q", "1", "-m", "another");
      broker.mosquittoPub("", "-t", "events", "-q", "1", "-m", "event");

      awaitSums(Map.of("another", 1L, "event", 1L));
      awaitLedger(Map.of("received", 3, "counted", 2, "duplicate", 0, "rejected", 1));
      untilAsserted(
          output ->
              assertThat(output.deadLetters())
                  .extracting(letter -> letter.at("/Atalaya/reason").asText())
                  .containsExactly("system-topic"));
      awaitEmpty("atalaya-#");
      TestRuns.cancel(cluster, job);
      // It would go on to collect what other tests publish.
      broker.ctl("delete_queue", "atalaya-#");
    }
  }

  private JobID start(MiniCluster cluster, String source) throws Exception {
    String yaml =
        """
        source:
          rabbitmq: { servers: "127.0.0.1:%d", username: %s, password: %s, prefetch: 1000, %s }
        format: { lines: {} }
        time: { idle: 1s, out-of-orderness: 0s }
        window: 1s
        parallelism: 1
        checkpoint: { interval: 300ms, dir: "%s" }
        detectors:
          - { name: lines, key: [line], hitters: { count: 1 } }
        sinks:
          - files: { path: "%s", roll: 1s }
        """
            .formatted(
                broker.port(),
                broker.username(),
                broker.password(),
                source,
                work.resolve("checkpoints"),
                found());
    return cluster.submitJob(TestRuns.graph(yaml)).get().getJobID();
  }

  /** What is published before is dropped by the broker: nobody wants it yet. */
  private static void awaitBinding(String queue, String routingKey) {
    await("the binding of " + queue)
        .atMost(PATIENCE)
        .until(
            () ->
                broker
                    .ctl("-q", "list_bindings", "source_name", "destination_name", "routing_key")
                    .lines()
                    .toList()
                    .contains("amq.topic\t" + queue + "\t" + routingKey));
  }

  private void awaitSums(Map<String, Long> expected) {
    untilAsserted(output -> assertThat(sums(output)).isEqualTo(expected));
  }

  private void awaitLedger(Map<String, Integer> expected) {
    untilAsserted(
        output ->
            expected.forEach(
                (term, value) ->
                    assertThat(output.ledger("lines").at("/" + term).asInt(-1))
                        .as(term)
                        .isEqualTo(value)));
  }

  private void untilAsserted(Consumer<OutputFiles> assertion) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions() // a file gets its final name while it is looked for
        .untilAsserted(() -> assertion.accept(OutputFiles.read(found())));
  }

  private static void awaitEmpty(String queue) {
    await("acknowledgement")
        .atMost(PATIENCE)
        .until(() -> broker.ready(queue) == 0 && broker.unacked(queue) == 0);
  }

  /** How often each key was found, over the windows that the messages happened to come in. */
  private static Map<String, Long> sums(OutputFiles output) {
    Map<String, Long> sums = new TreeMap<>();
    for (List<JsonNode> window : output.alerts("lines", "heavy_hitter").values()) {
      for (JsonNode alert : window) {
        sums.merge(
            alert.at("/Atalaya/key").asText(), alert.at("/Atalaya/actual").asLong(), Long::sum);
      }
    }
    return sums;
  }

  private Path found() {
    return work.resolve("found");
  }
}
