package dev.atalaya.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

  private static KafkaBroker kafka;
  private static RabbitMqBroker rabbitMq;

  @TempDir private Path work;
  private final int port = FreePort.pick();
  private final URI root = URI.create("http://127.0.0.1:" + port + "/");
  private final HttpClient client = HttpClient.newHttpClient();
  private Process capture;

  @BeforeAll
  static void startBrokers() {
    CompletableFuture<KafkaBroker> other = CompletableFuture.supplyAsync(KafkaBroker::start);
    rabbitMq = RabbitMqBroker.start();
    kafka = other.join();
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
                    keys: [ { key: key-of-rec, providers: [rec] }, { key: all } ]
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

  /** The status that curl was answered with. */
  private int curl(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("curl", "-s", "-o", "/dev/null", "-w", "%{http_code}"));
    command.addAll(List.of("-X", "PUT", "--max-time", "30"));
    command.addAll(Arrays.asList(arguments));
    Process process = new ProcessBuilder(command).start();
    String status = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return Integer.parseInt(status);
  }

  /** As Sentilo's documentation has it. */
  private int valueInPath(String id) throws Exception {
    return curl(
        "-H",
        "IDENTITY_KEY: key-of-rec",
        "-H",
        "Idempotency-Key: " + id,
        root + "data/rec/RE0012/12.3");
  }

  private int valueInBody(String id) throws Exception {
    return curl(
        "-H",
        "IDENTITY_KEY: key-of-rec",
        "-H",
        "Idempotency-Key: " + id,
        "-d",
        "{\"observations\":[{\"value\":\"12.3\",\"timestamp\":\"17/09/2012T12:34:45\"}]}",
        root + "data/rec/RE0012");
  }

  // ---- what is behind ----

  private enum Queues {
    KAFKA {
      @Override
      void create(String name) {
        kafka.createTopic(name, 3);
      }

      @Override
      String publish(String name) {
        return "publish: { kafka: { servers: '%s', topic: %s } }\n"
            .formatted(kafka.servers(), name);
      }

      @Override
      void stop() {
        kafka.stop();
      }

      @Override
      void restart() {
        kafka.restart();
      }

      @Override
      long size(String name) {
        return kafka.committedRecords(name).size();
      }

      @Override
      JsonNode count(String name, long records, Path work) throws Exception {
        Path out = work.resolve("out");
        TestRuns.run(
            job(
                "kafka: { servers: '%s', topics: [%s], end: latest, id: header }"
                    .formatted(kafka.servers(), name),
                work));
        return OutputFiles.read(out).ledger("d");
      }
    },

    RABBITMQ {
      @Override
      void create(String name) {
        rabbitMq.declareQueue(name, Map.of());
      }

      @Override
      String publish(String name) {
        return "publish: { rabbitmq: { %s, queue: %s } }\n".formatted(server(), name);
      }

      private String server() {
        return "servers: 'localhost:%d', username: %s, password: %s"
            .formatted(rabbitMq.port(), rabbitMq.username(), rabbitMq.password());
      }

      @Override
      void stop() {
        rabbitMq.stop();
      }

      @Override
      void restart() {
        rabbitMq.restart();
      }

      @Override
      long size(String name) {
        return rabbitMq.ready(name);
      }

      /** A queue has no end: the job is cancelled when it has counted all. */
      @Override
      @SuppressWarnings("try") // closing a cluster may be interrupted
      JsonNode count(String name, long records, Path work) throws Exception {
        String source =
            "rabbitmq: { %s, queues: [%s], prefetch: 20000, id: message-id }"
                .formatted(server(), name);
        Path out = work.resolve("out");
        try (MiniCluster cluster = TestRuns.cluster(1)) {
          JobID job = cluster.submitJob(TestRuns.graph(job(source, work))).get().getJobID();
          await("all in the ledger")
              .atMost(PATIENCE)
              .ignoreExceptions() // a file gets its final name while it is looked for
              .until(() -> hasAll(OutputFiles.read(out).ledger("d"), records));
          TestRuns.cancel(cluster, job);
        }
        return OutputFiles.read(out).ledger("d");
      }
    };

    /** Read, and their windows closed. */
    private static boolean hasAll(JsonNode ledger, long records) {
      return ledger.at("/received").asLong() == records && ledger.at("/pending").asLong() == 0;
    }

    abstract void create(String name);

    abstract String publish(String name);

    abstract void stop();

    abstract void restart();

    abstract long size(String name);

    /** The ledger of a job that has read so many records. */
    abstract JsonNode count(String name, long records, Path work) throws Exception;

    /** The time of an event is that of its arrival at the queue, or here. */
    static String job(String source, Path work) {
      return """
      source: { %s }
      format: { json: {} }
      time: { idle: 1s }
      window: 1s
      parallelism: 1
      checkpoint: { interval: 300ms, dir: '%s' }
      detectors: [ { name: d, key: [provider], hitters: { count: 1 } } ]
      sinks: [ { files: { path: '%s', roll: 1s } } ]
      """
          .formatted(source, work.resolve("checkpoints"), work.resolve("out"));
    }

    void assertCounted(String name, int events, int duplicates, Path work) throws Exception {
      long records = size(name);
      assertThat(records).isGreaterThanOrEqualTo(events + duplicates);
      JsonNode ledger = count(name, records, work);
      System.out.printf(
          "%s %s: %d records of %d events; ledger %s%n", this, name, records, events, ledger);
      assertThat(ledger.at("/received").asLong()).isEqualTo(records);
      assertThat(ledger.at("/counted").asLong()).isEqualTo(events);
      assertThat(ledger.at("/duplicate").asLong()).isEqualTo(records - events);
    }
  }

  // ---- the queue is stopped ----

  @ParameterizedTest
  @EnumSource
  void anObservationIsAcknowledgedWhenTheQueueHasItAndThenCounted(Queues queue) throws Exception {
    queue.create("rec");
    capture(queue.publish("rec"));
    assertThat(valueInPath("a")).isEqualTo(200);
    assertThat(valueInBody("b")).isEqualTo(200);
    assertThat(queue.size("rec")).isEqualTo(2);
    String url = root + "data/rec/RE0012/12.3";
    assertThat(curl(url)).isEqualTo(401);
    assertThat(curl("-H", "IDENTITY_KEY: guess", url)).isEqualTo(401);
    assertThat(curl("-H", "IDENTITY_KEY: key-of-rec", root + "data/other/RE0012/12.3"))
        .isEqualTo(403);

    queue.stop();
    // That it is away shows when it does not confirm; this one may be in the queue, once it is
    // back.
    assertThat(valueInPath("c")).isEqualTo(503);
    await("away").atMost(PATIENCE).until(() -> !isReady());
    assertThat(valueInBody("d")).isEqualTo(503);
    queue.restart();
    await("back").atMost(PATIENCE).until(() -> valueInBody("d") == 200);
    long before = queue.size("rec");
    assertThat(before).isBetween(3L, 4L);
    assertThat(valueInPath("c")).isEqualTo(200);
    assertThat(valueInPath("a")).isEqualTo(200);
    assertThat(queue.size("rec")).isEqualTo(before + 2);
    assertThat(log()).contains("Listening: http " + root).doesNotContain("key-of-rec", "guess");
    capture.destroy();

    queue.assertCounted("rec", 4, 1, work);
  }

  // ---- kill -9 ----

  @ParameterizedTest
  @EnumSource
  void nothingThatWasAcknowledgedIsLostWhenItIsKilled(Queues queue) throws Exception {
    queue.create("killed");
    capture(queue.publish("killed"));
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
    capture(queue.publish("killed"));
    for (CompletableFuture<Void> sender : senders) {
      sender.get(120, TimeUnit.SECONDS);
    }
    // And a client that has not seen the last answers.
    next.set(BATCHES - 5);
    sendBatches(next, acknowledged);
    System.out.printf("killed after %d of %d batches were acknowledged%n", before, BATCHES);
    capture.destroy();

    queue.assertCounted("killed", BATCHES * BATCH, 5 * BATCH, work);
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
            .mapToObj(i -> "{\"provider\":\"p%d\",\"value\":%d}\n".formatted(i % 10, i))
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
