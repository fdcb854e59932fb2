package dev.atalaya.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atalaya.capture.FlowEvent;
import dev.atalaya.capture.flow.FlowExportDecoder;
import dev.atalaya.capture.flow.FlowListener;
import dev.atalaya.capture.flow.RejectReason;
import dev.atalaya.fixtures.FreePort;
import dev.atalaya.fixtures.SharedData;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A job that captures for itself, without a queue. */
@Timeout(300)
@SuppressWarnings("try") // closing a MiniCluster may be interrupted
class EmbeddedCaptureIT {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final long START = 1_700_000_000_000L;

  @TempDir private Path work;
  private final int httpPort = FreePort.pick();
  private final int udpPort = FreePort.pick();
  private final URI root = URI.create("http://127.0.0.1:" + httpPort + "/");
  private final HttpClient client = HttpClient.newHttpClient();

  // ---- pcap ----

  @ParameterizedTest
  @CsvSource({
    "pcapplusplus, example, 4631",
    "pcapplusplus, http-packets, 1985",
    "metron, example, 761",
    "suricata-verify, denial6-5, 35720"
  })
  void packetsGiveTheWindowsOfTheirCsv(String set, String name, int events) throws Exception {
    Path pcap = SharedData.path(set + "/" + name + ".pcap.gz");
    Path csv = SharedData.path(set + "/events/" + name + ".csv.gz");
    OutputFiles expected = windows("files: { path: '" + csv + "' }", "csv", "csv");
    OutputFiles found = windows("capture: { pcap: { paths: ['" + pcap + "'] } }", "json", "pcap");

    assertThat(found.ledger("flows").at("/counted").asInt()).isEqualTo(events);
    assertThat(found.ledger("flows").at("/received").asInt()).isEqualTo(events);
    assertThat(withoutHash(found)).isNotEmpty().isEqualTo(withoutHash(expected));
  }

  /** The format is part of the hash of the configuration. */
  private static List<String> withoutHash(OutputFiles output) {
    return output.findings().stream()
        .map(line -> line.replaceAll("\"config_hash\":\"[0-9a-f]+\"", ""))
        .toList();
  }

  private OutputFiles windows(String source, String format, String name) throws Exception {
    Path out = work.resolve(name);
    TestRuns.run(
        """
        source: { %s }
        format: { %s: {} }
        time: { field: ts, unit: ms, out-of-orderness: 10s }
        detectors:
          - name: flows
            key: [src, sport, dst, dport, proto]
            weight: bytes
            window: 1s
            memory: 32mb
            hitters: { share: 1%% }
            changers: { share: 1%% }
        sinks: [ { files: { path: '%s' } } ]
        seed: 000102030405060708090a0b0c0d0e0f
        """
            .formatted(source, format, out));
    return OutputFiles.read(out);
  }

  @Test
  void aDamagedCaptureFileIsReadUpToTheDamage() throws Exception {
    Path pcap = SharedData.path("pcapplusplus/example.pcap.gz");
    byte[] whole;
    try (var in = new GZIPInputStream(Files.newInputStream(pcap))) {
      whole = in.readAllBytes();
    }
    Path cut = Files.write(work.resolve("cut.pcap"), Arrays.copyOf(whole, 100_000));
    OutputFiles found = windows("capture: { pcap: { paths: ['" + cut + "'] } }", "json", "cut");
    JsonNode ledger = found.ledger("flows");
    assertThat(ledger.at("/rejected").asInt()).isEqualTo(1);
    assertThat(ledger.at("/counted").asInt()).isPositive();
    assertThat(found.deadLetters())
        .extracting(letter -> letter.at("/Atalaya/reason").asText())
        .containsExactly("format");
  }

  // ---- HTTP, UDP, files that grow ----

  private String live(String capture, String detectors, Path out) {
    return """
        source: { capture: { %s } }
        format: { json: {} }
        time: { field: ts, unit: ms, out-of-orderness: 1d, idle: 1d }
        window: 1h
        detectors: %s
        sinks: [ { files: { path: '%s' } } ]
        checkpoint: { interval: 200ms }
        parallelism: 2
        """
        .formatted(capture, detectors, out);
  }

  @Test
  void eventsAndFlowsAreCountedAndBadDatagramsAreDeadLetters() throws Exception {
    Path out = work.resolve("out");
    String capture = "http: { port: %d }, udp: [ { port: %d } ]".formatted(httpPort, udpPort);
    String all = "[ { name: all, key: [src], hitters: { count: 1 } } ]";
    byte[] good = fixture("netflow5.dat");
    byte[] bad = fixture("netflow5_test_invalid01.dat");
    Expected expected = new Expected();
    FlowExportDecoder decoder = new FlowExportDecoder();
    InetAddress here = InetAddress.getLoopbackAddress();
    for (byte[] datagram : List.of(good, bad)) {
      decoder.decode(here, datagram, 0, datagram.length, START, expected);
    }
    assertThat(expected.flows).isPositive();
    assertThat(expected.rejected).isNotEmpty();

    try (MiniCluster cluster = TestRuns.cluster(4);
        DatagramSocket exporter = new DatagramSocket()) {
      JobID job = cluster.submitJob(TestRuns.graph(live(capture, all, out))).get().getJobID();
      await("the listeners").atMost(PATIENCE).until(() -> post("none", 0, 0) == 400);
      // They are years older than the events, which would close their windows.
      for (byte[] datagram : List.of(good, bad)) {
        exporter.send(new DatagramPacket(datagram, datagram.length, here, udpPort));
      }
      await("the datagrams").atMost(PATIENCE).until(() -> metrics().matches(DECODED));
      // What was received before it is in the same checkpoint.
      assertThat(post("a", 0, 15)).isEqualTo(200);
      stop(cluster, job);
    }
    OutputFiles found = OutputFiles.read(out);
    JsonNode ledger = found.ledger("all");
    assertThat(ledger.at("/received").asInt())
        .isEqualTo(15 + expected.flows + expected.rejected.size());
    assertThat(ledger.at("/counted").asInt()).isEqualTo(15 + expected.flows);
    assertThat(ledger.at("/rejected").asInt()).isEqualTo(expected.rejected.size());
    assertThat(ledger.at("/guarantee").asText()).isEqualTo("by_way");
    assertThat(found.deadLetters())
        .allSatisfy(letter -> assertThat(letter.at("/Atalaya/reason").asText()).isEqualTo("length"))
        .extracting(letter -> letter.at("/Atalaya/detail").asText())
        .containsExactlyInAnyOrderElementsOf(expected.rejected);
    System.out.printf(
        "by HTTP 15, flows %d, rejected %d%n", expected.flows, expected.rejected.size());
  }

  private static final String DECODED = "(?s).*\\natalaya_capture_udp_decoded_total[^\n]* 2\\n.*";

  private String metrics() throws Exception {
    HttpRequest request = HttpRequest.newBuilder(root.resolve("/metrics")).build();
    return client.send(request, BodyHandlers.ofString()).body();
  }

  private static byte[] fixture(String name) throws IOException {
    return Files.readAllBytes(SharedData.path("netflow-fixtures/logstash-codec-netflow/" + name));
  }

  /** Watermarks are of the ways by which something came: nothing else holds windows open. */
  @Test
  void windowsCloseWhileItListens() throws Exception {
    Path out = work.resolve("out");
    String all = "[ { name: all, key: [src], hitters: { count: 1 } } ]";
    String capture = "http: { port: %d }".formatted(httpPort);
    try (MiniCluster cluster = TestRuns.cluster(4)) {
      JobID job = cluster.submitJob(TestRuns.graph(live(capture, all, out))).get().getJobID();
      await("http").atMost(PATIENCE).until(() -> post("a", 0, 1) == 200);
      assertThat(post("b", (int) Duration.ofDays(10).toMillis(), 1)).isEqualTo(200);
      await("an alert").atMost(Duration.ofSeconds(30)).until(() -> isThere("heavy_hitter", out));
      stop(cluster, job);
    }
  }

  /** Whether a text is in a file, which may still be written. */
  private static boolean isThere(String text, Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return false;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (Files.readString(file).contains(text)) {
          return true;
        }
      }
    }
    return false;
  }

  private static final class Expected implements FlowListener {
    int flows;
    final List<String> rejected = new ArrayList<>();

    @Override
    public void flow(FlowEvent event) {
      flows++;
    }

    @Override
    public void rejected(
        InetAddress exporter,
        RejectReason reason,
        String detail,
        byte[] bytes,
        int offset,
        int length) {
      rejected.add(detail);
    }
  }

  private static final int BATCHES = 60;
  private static final int BATCH = 5;

  @Test
  void afterAFailureNoAcknowledgedEventIsMissingAndNoLineCountsTwice() throws Exception {
    Path out = work.resolve("out");
    Path positions = work.resolve("positions.json");
    Path log = Files.createFile(work.resolve("events.log"));
    String capture =
        "http: { port: %d }, follow: { paths: ['%s'], state: '%s' }"
            .formatted(httpPort, log, positions);
    String detectors =
        "[ { name: all, key: [src], hitters: { count: 1 }, max-alerts: 2000, memory: 4mb } ]";
    AtomicInteger next = new AtomicInteger();
    AtomicInteger acknowledged = new AtomicInteger();
    AtomicInteger written = new AtomicInteger();
    try (MiniCluster cluster = TestRuns.cluster(4)) {
      JobID job = cluster.submitJob(TestRuns.graph(live(capture, detectors, out))).get().getJobID();
      List<CompletableFuture<Void>> senders =
          IntStream.range(0, 4)
              .mapToObj(i -> CompletableFuture.runAsync(() -> send(next, acknowledged)))
              .collect(Collectors.toList());
      senders.add(CompletableFuture.runAsync(() -> write(log, written)));
      await("the middle").atMost(PATIENCE).until(() -> acknowledged.get() > BATCHES / 3);
      assertThat(acknowledged.get()).isLessThan(BATCHES);
      cluster.terminateTaskManager(0).get();
      cluster.startTaskManager();
      for (CompletableFuture<Void> sender : senders) {
        sender.get(90, TimeUnit.SECONDS);
      }
      String confirmed = "\"offset\":" + Files.size(log) + ",";
      await("all lines")
          .atMost(PATIENCE)
          .until(() -> Files.readString(positions).contains(confirmed));
      stop(cluster, job);
    }
    Map<String, Integer> counts = new TreeMap<>();
    OutputFiles found = OutputFiles.read(out);
    found
        .alerts("all", "heavy_hitter")
        .values()
        .forEach(
            alerts ->
                alerts.forEach(
                    alert ->
                        counts.merge(
                            alert.at("/Atalaya/key").asText(),
                            alert.at("/Atalaya/actual").asInt(),
                            Integer::sum)));
    int fromHttp = 0;
    for (int i = 0; i < BATCHES * BATCH; i++) {
      assertThat(counts.getOrDefault("h" + i, 0)).as("h" + i).isPositive();
      fromHttp += counts.get("h" + i);
    }
    for (int i = 0; i < written.get(); i++) {
      assertThat(counts).containsEntry("f" + i, 1);
    }
    JsonNode ledger = found.ledger("all");
    assertThat(ledger.at("/counted").asInt()).isEqualTo(fromHttp + written.get());
    assertThat(ledger.at("/received").asInt()).isEqualTo(fromHttp + written.get());
    System.out.printf(
        "by HTTP %d, of which %d again; lines %d%n",
        fromHttp, fromHttp - BATCHES * BATCH, written.get());
  }

  private void send(AtomicInteger next, AtomicInteger acknowledged) {
    for (int batch = next.getAndIncrement(); batch < BATCHES; batch = next.getAndIncrement()) {
      while (post("h", batch * BATCH, BATCH) != 200) {
        pause(100);
      }
      acknowledged.incrementAndGet();
    }
  }

  private static void write(Path log, AtomicInteger written) {
    for (int i = 0; i < 300; i++) {
      try {
        Files.writeString(log, event("f", i), StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      written.incrementAndGet();
      pause(10);
    }
  }

  private static String event(String key, int number) {
    return "{\"ts\":%d,\"src\":\"%s%d\"}\n".formatted(START + number, key, number);
  }

  /** The status, or 0 when nobody answers. */
  private int post(String key, int first, int number) {
    String body =
        IntStream.range(first, first + number)
            .mapToObj(i -> event(key, i))
            .collect(Collectors.joining());
    HttpRequest request =
        HttpRequest.newBuilder(root.resolve("/events"))
            .header("Content-Type", "application/x-ndjson")
            .timeout(Duration.ofSeconds(20))
            .POST(BodyPublishers.ofString(body))
            .build();
    try {
      return client.send(request, BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Closes all windows, and waits until nobody listens any more. */
  private void stop(MiniCluster cluster, JobID job) throws Exception {
    String savepoint = work.resolve("savepoint").toUri().toString();
    cluster.stopWithSavepoint(job, savepoint, true, SavepointFormatType.CANONICAL).get();
    await("the end")
        .atMost(PATIENCE)
        .until(() -> cluster.getJobStatus(job).get() == JobStatus.FINISHED);
    assertThat(post("late", 0, 1)).isZero();
  }
}
