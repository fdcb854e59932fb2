package dev.atalaya.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.rabbitmq.client.GetResponse;
import dev.atalaya.fixtures.FreePort;
import dev.atalaya.fixtures.KafkaBroker;
import dev.atalaya.fixtures.RabbitMqBroker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code atalaya capture} in a process of its own, before real brokers: what it has answered with
 * 200 is in the queue, whatever is stopped or killed, and the job behind counts it once.
 */
@Timeout(300)
class CaptureIT {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int BATCHES = 1_000;
  private static final int BATCH = 100;
  private static final int SENDERS = 4;
  private static final long START = 1_700_000_000_000L;

  private static KafkaBroker kafka;
  private static RabbitMqBroker rabbitMq;

  @TempDir private Path work;
  private final int port = FreePort.pick();
  private final URI root = URI.create("http://127.0.0.1:" + port + "/");
  private final HttpClient client = HttpClient.newHttpClient();
  private Process capture;

  @BeforeAll
  static void startBrokers() {
    kafka = KafkaBroker.start();
    rabbitMq = RabbitMqBroker.start();
  }

  @AfterAll
  static void stopBrokers() {
    kafka.close();
    rabbitMq.close();
  }

  @AfterEach
  void end() {
    if (capture != null) {
      capture.destroyForcibly();
    }
  }

  private void capture(String publish) throws IOException {
    Path config =
        Files.writeString(
            work.resolve("capture.yaml"),
            publish
                + """
                capture:
                  http:
                    port: %d
                    keys: [ { key: secret-key, providers: [testApp_provider] }, { key: all } ]
                    confirm-timeout: 2s
                """
                    .formatted(port));
    capture =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.atalaya.job.cli.Main",
                "capture",
                config.toString(),
                "--language",
                "en")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(work.resolve("log").toFile()))
            .start();
    await("capture").atMost(PATIENCE).until(() -> isReady());
  }

  private boolean isReady() throws IOException {
    assertThat(capture.isAlive()).as(() -> log()).isTrue();
    try {
      HttpRequest health = HttpRequest.newBuilder(root.resolve("/health")).build();
      return client.send(health, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false; // it does not listen yet
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private String log() {
    try {
      return Files.readString(work.resolve("log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static String intoKafka(String topic) {
    return "publish: { kafka: { servers: '%s', topic: %s } }\n".formatted(kafka.servers(), topic);
  }

  private static String intoRabbitMq(String queue) {
    return "publish: { rabbitmq: { servers: 'localhost:%d', username: %s, password: %s, queue: %s,"
            .formatted(rabbitMq.port(), rabbitMq.username(), rabbitMq.password(), queue)
        + " declare: {} } }\n";
  }

  /** The status that curl was answered with. */
  private int curl(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("curl", "-s", "-o", "/dev/null", "-w", "%{http_code}"));
    command.addAll(List.of("-X", "PUT", "-H", "IDENTITY_KEY: secret-key", "--max-time", "30"));
    command.addAll(Arrays.asList(arguments));
    Process process = new ProcessBuilder(command).start();
    String status = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return Integer.parseInt(status);
  }

  private int valueInPath(String value) throws Exception {
    return curl(root + "data/testApp_provider/sensor1/" + value);
  }

  private int valueInBody(String value) throws Exception {
    return curl(
        "-d",
        "{\"observations\":[{\"value\":\"" + value + "\",\"timestamp\":\"17/09/2012T12:34:45\"}]}",
        root + "data/testApp_provider/sensor1");
  }

  // ---- Sentilo ----

  @Test
  void anObservationIsAcknowledgedWhenKafkaHasItAndThenCounted() throws Exception {
    kafka.createTopic("sentilo", 2);
    capture(intoKafka("sentilo"));
    assertThat(valueInPath("12.3")).isEqualTo(200);
    assertThat(valueInBody("12.4")).isEqualTo(200);
    assertThat(values(kafkaValues("sentilo"))).containsExactlyInAnyOrder("12.3", "12.4");
    assertThat(curl("-H", "IDENTITY_KEY: guess", root + "data/testApp_provider/sensor1/1"))
        .isEqualTo(401);
    assertThat(curl(root + "data/other/sensor1/1")).isEqualTo(403);

    kafka.stop();
    assertThat(valueInPath("12.5")).isEqualTo(503);
    assertThat(valueInBody("12.6")).isEqualTo(503);
    kafka.restart();
    await("kafka again").atMost(PATIENCE).until(() -> valueInPath("12.5") == 200);
    assertThat(valueInBody("12.6")).isEqualTo(200);
    assertThat(Set.copyOf(values(kafkaValues("sentilo"))))
        .isEqualTo(Set.of("12.3", "12.4", "12.5", "12.6"));

    int records = kafkaValues("sentilo").size();
    JsonNode ledger = count("sentilo", "sensor");
    assertThat(ledger.at("/received").asInt()).isEqualTo(records);
    assertThat(ledger.at("/counted").asInt()).isEqualTo(records);
    assertThat(log()).contains("Listening: http http://127.0.0.1:" + port, "kafka: sentilo");
  }

  @Test
  void anObservationIsAcknowledgedWhenRabbitMqHasIt() throws Exception {
    capture(intoRabbitMq("sentilo"));
    assertThat(valueInPath("12.3")).isEqualTo(200);
    assertThat(rabbitMq.ready("sentilo")).isEqualTo(1);

    rabbitMq.stop();
    assertThat(valueInPath("12.5")).isEqualTo(503);
    assertThat(valueInBody("12.6")).isEqualTo(503);
    rabbitMq.restart();
    await("rabbitmq again").atMost(PATIENCE).until(() -> valueInPath("12.5") == 200);
    assertThat(valueInBody("12.6")).isEqualTo(200);

    Map<String, String> byId = new TreeMap<>();
    try (var connection = rabbitMq.newConnection()) {
      var channel = connection.createChannel();
      for (GetResponse got = channel.basicGet("sentilo", true);
          got != null;
          got = channel.basicGet("sentilo", true)) {
        byId.put(got.getProps().getMessageId(), new String(got.getBody(), UTF_8));
      }
    }
    assertThat(Set.copyOf(values(byId.values().stream().toList())))
        .isEqualTo(Set.of("12.3", "12.5", "12.6"));
  }

  private static List<String> values(List<String> events) {
    return events.stream()
        .map(event -> event.replaceFirst(".*\"value\":([0-9.]+)}", "$1"))
        .toList();
  }

  private static List<String> kafkaValues(String topic) {
    return kafka.committedRecords(topic).stream()
        .map(record -> new String(record.value(), UTF_8))
        .toList();
  }

  /** What the job counts of a topic, by id. */
  private JsonNode count(String topic, String key) throws Exception {
    Path out = work.resolve("out-" + topic);
    TestRuns.run(
        """
        source: { kafka: { servers: '%s', topics: [%s], end: latest, id: header } }
        format: { json: {} }
        time: { field: ts, unit: ms, out-of-orderness: 1h }
        window: 1h
        detectors: [ { name: d, key: [%s], hitters: { count: 1 } } ]
        sinks: [ { files: { path: '%s' } } ]
        """
            .formatted(kafka.servers(), topic, key, out));
    return OutputFiles.read(out).ledger("d");
  }

  // ---- kill -9 ----

  @Test
  void nothingThatWasAcknowledgedIsLostWhenItIsKilled() throws Exception {
    kafka.createTopic("killed", 3);
    capture(intoKafka("killed"));
    AtomicInteger next = new AtomicInteger();
    AtomicInteger acknowledged = new AtomicInteger();
    List<CompletableFuture<Void>> senders =
        IntStream.range(0, SENDERS)
            .mapToObj(i -> CompletableFuture.runAsync(() -> sendBatches(next, acknowledged)))
            .toList();
    await("the middle").atMost(PATIENCE).until(() -> acknowledged.get() > BATCHES / 2);
    capture.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
    int before = acknowledged.get();
    assertThat(before).isLessThan(BATCHES);
    capture(intoKafka("killed"));
    for (CompletableFuture<Void> sender : senders) {
      sender.get(120, TimeUnit.SECONDS);
    }
    assertThat(acknowledged.get()).isEqualTo(BATCHES);

    List<ConsumerRecord<byte[], byte[]>> records = kafka.committedRecords("killed");
    Set<String> ids =
        records.stream().map(record -> new String(record.key(), UTF_8)).collect(Collectors.toSet());
    assertThat(ids).hasSize(BATCHES * BATCH);
    JsonNode ledger = count("killed", "src");
    assertThat(ledger.at("/counted").asInt()).isEqualTo(BATCHES * BATCH);
    assertThat(ledger.at("/duplicate").asInt()).isEqualTo(records.size() - BATCHES * BATCH);
    System.out.printf(
        "killed after %d of %d batches were acknowledged; %d records, of which duplicates %d%n",
        before, BATCHES, records.size(), records.size() - BATCHES * BATCH);
  }

  private void sendBatches(AtomicInteger next, AtomicInteger acknowledged) {
    for (int batch = next.getAndIncrement(); batch < BATCHES; batch = next.getAndIncrement()) {
      HttpRequest request = batch(batch);
      while (!isAcknowledged(request)) {
        // The same again, as a client does that was not told 200.
      }
      acknowledged.incrementAndGet();
    }
  }

  private HttpRequest batch(int batch) {
    String body =
        IntStream.range(batch * BATCH, (batch + 1) * BATCH)
            .mapToObj(
                i ->
                    "{\"ts\":%d,\"src\":\"10.0.%d.%d\",\"dst\":\"192.0.2.1\",\"bytes\":%d}\n"
                        .formatted(START + i, batch % 250, i % 250, i))
            .collect(Collectors.joining());
    return HttpRequest.newBuilder(root.resolve("/events"))
        .header("Content-Type", "application/x-ndjson")
        .header("IDENTITY_KEY", "all")
        .header("Idempotency-Key", "batch-" + batch)
        .timeout(Duration.ofSeconds(20))
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private boolean isAcknowledged(HttpRequest request) {
    try {
      if (client.send(request, BodyHandlers.discarding()).statusCode() == 200) {
        return true;
      }
    } catch (IOException e) {
      // It is away; whether it has taken the batch is not known.
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    pause();
    return false;
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(200);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
