package dev.atalaya.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atalaya.capture.CaptureSettings;
import dev.atalaya.capture.StreamSettings;
import dev.atalaya.capture.follow.CaptureFileSettings;
import dev.atalaya.capture.follow.FollowSettings;
import dev.atalaya.capture.http.HttpSettings;
import dev.atalaya.capture.publish.PublishSettings;
import dev.atalaya.capture.publish.QueuePublisher.Limits;
import dev.atalaya.capture.spool.SpoolSettings;
import dev.atalaya.capture.udp.UdpSettings;
import dev.atalaya.connectors.Secret;
import dev.atalaya.connectors.kafka.KafkaSettings;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaptureConfigTest {

  private static final String SMALLEST =
      """
      publish: { kafka: { servers: "a:9092", topic: events } }
      capture: { http: {} }
      """;

  @TempDir private Path dir;
  private final List<String> warnings = new ArrayList<>();

  private CaptureSettings load(String yaml, String... settings) throws IOException {
    Path file = Files.writeString(dir.resolve("c.yaml"), yaml);
    return ConfigLoader.loadCapture(
        file,
        Map.of("PASSWORD", "p"),
        List.of(settings),
        warning -> warnings.add(warning.toString().replace(file.toString(), "c.yaml")));
  }

  @Test
  void aConfigurationOfTheOtherKindIsToldSo() {
    assertThatThrownBy(() -> load("source: { files: { path: a } }"))
        .hasMessageContaining("source: is for a job, which ./atalaya run starts");
    assertThatThrownBy(() -> ConfigLoader.parse(SMALLEST, "c.yaml", Map.of()))
        .hasMessageContaining("publish: is for ./atalaya capture");
  }

  @Test
  void theSmallestHasDefaults() throws IOException {
    assertThat(load(SMALLEST))
        .isEqualTo(
            new CaptureSettings(
                new PublishSettings.Kafka(
                    kafka("a:9092", null, Map.of()),
                    "events",
                    new Limits(100_000, 64 << 20, 921_600)),
                null,
                new HttpSettings(
                    "127.0.0.1", 8090, null, List.of(), null, 4 << 20, 512, 30_000, 10_000)));
    assertThat(warnings).isEmpty();
  }

  @Test
  void everyKeyOfTheOtherWaysTakesAnotherValue() throws IOException {
    StreamSettings streams =
        load("""
                publish: { kafka: { servers: "a:9092", topic: events } }
                capture:
                  udp:
                    - { port: 2055 }
                    - { bind: 0.0.0.0, port: 514, content: lines, receive-buffer: 1mb, waiting: 2mb }
                  follow: { paths: ["/l/*.log", /m], state: s.json, from: end, max-line: 1kb }
                  pcap: { paths: [a.pcap], content: flows, state: p.json }
                  stdin: { content: pcap, max-line: 2kb }
                """)
            .streams();
    assertThat(streams)
        .isEqualTo(
            new StreamSettings(
                List.of(
                    new UdpSettings(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 2055),
                        UdpSettings.Content.FLOWS,
                        32 << 20,
                        64 << 20),
                    new UdpSettings(
                        new InetSocketAddress("0.0.0.0", 514),
                        UdpSettings.Content.LINES,
                        1 << 20,
                        2 << 20)),
                new FollowSettings(List.of("/l/*.log", "/m"), LocalPath.of("s.json"), true, 1_024),
                new CaptureFileSettings(
                    List.of(LocalPath.of("a.pcap")),
                    CaptureFileSettings.Content.FLOWS,
                    LocalPath.of("p.json")),
                new StreamSettings.Stdin(true, 2_048)));
  }

  private static KafkaSettings kafka(
      String servers, KafkaSettings.Security security, Map<String, String> properties) {
    return new KafkaSettings(
        servers,
        List.of("events"),
        null,
        null,
        "earliest",
        null,
        0,
        KafkaSettings.LostOffsets.STOP,
        security,
        properties);
  }

  @Test
  void everyKeyOfKafkaAndHttpTakesAnotherValue() throws IOException {
    CaptureSettings settings =
        load(
            """
            publish:
              max-events: 20000
              max-bytes: 32mb
              max-event-bytes: 2kb
              kafka:
                servers: ["a:9092", "b:9093"]
                topic: events
                security:
                  protocol: sasl_ssl
                  mechanism: PLAIN
                  username: u
                  password: ${PASSWORD}
                  ca: ca.pem
                  cert: cert.pem
                  key: key.pem
                properties: { linger.ms: "1" }
            spool: { dir: spool, max-bytes: 32mb }
            capture:
              http:
                bind: 0.0.0.0
                port: 0
                tls: { cert: c.pem, key: k.pem }
                keys: [ { key: one }, { key: two, providers: [rec, other] } ]
                id-field: uid
                max-body: 1mb
                max-connections: 7
                request-timeout: 5s
                confirm-timeout: 3s
            """);
    assertThat(settings)
        .isEqualTo(
            new CaptureSettings(
                new PublishSettings.Kafka(
                    kafka(
                        "a:9092,b:9093",
                        new KafkaSettings.Security(
                            "sasl_ssl",
                            "PLAIN",
                            "u",
                            new Secret("p"),
                            "ca.pem",
                            "cert.pem",
                            "key.pem"),
                        Map.of("linger.ms", "1")),
                    "events",
                    new Limits(20_000, 32 << 20, 2048)),
                new SpoolSettings(Path.of("spool"), 32 << 20),
                new HttpSettings(
                    "0.0.0.0",
                    0,
                    new HttpSettings.Tls("c.pem", "k.pem"),
                    List.of(
                        new HttpSettings.Key(new Secret("one"), List.of()),
                        new HttpSettings.Key(new Secret("two"), List.of("rec", "other"))),
                    "uid",
                    1 << 20,
                    7,
                    5_000,
                    3_000)));
    assertThat(warnings).isEmpty();
  }

  @Test
  void everyKeyOfRabbitMqTakesAnotherValue() throws IOException {
    CaptureSettings settings =
        load(
            """
            publish:
              rabbitmq:
                servers: "a:5671"
                virtual-host: v
                username: u
                password: ${PASSWORD}
                queue: events
                declare: { durable: true, arguments: { x-queue-type: quorum } }
                heartbeat: 30s
                tls: { ca: ca.pem, cert: cert.pem, key: key.pem }
            capture: { http: {} }
            """);
    assertThat(settings.publish())
        .isEqualTo(
            new PublishSettings.RabbitMq(
                new RabbitMqSettings(
                    List.of("a:5671"),
                    "v",
                    "u",
                    new Secret("p"),
                    List.of("events"),
                    new RabbitMqSettings.Declare(true, Map.of("x-queue-type", "quorum")),
                    List.of(),
                    RabbitMqSettings.MessageId.NONE,
                    1,
                    30_000,
                    new RabbitMqSettings.Tls("ca.pem", "cert.pem", "key.pem")),
                "events",
                new Limits(100_000, 64 << 20, 921_600)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          capture.http.bind=0.0.0.0 | bind: is open to the network, and everybody there could send
          capture.http.bind='::' | bind: is open to the network, and everybody there could send
          capture.http.bind=collector.example | bind: is open to the network
          capture.http.port=70000 | port: '70000' must be at most 65535
          capture.http.prot=1 | prot: unknown key; did you mean 'port'?
          publish.max-bytes=16mb,capture.http.max-body=17mb | max-body: is above publish.max-bytes
          capture.stdin.max-line=1mb | capture.stdin.max-line: is above publish.max-event-bytes
          capture.http.tls.cert=c.pem | needs both 'cert' and 'key'
          capture.http.keys=[{}] | capture.http.keys[0].key: is missing
          spool.max-bytes=1gb | spool.dir: is missing
          publish.kafka.properties[acks]=1 | is set by Atalaya itself; remove it here
          publish.kafka.properties[max.block.ms]=1 | is set by Atalaya itself; remove it here
          publish.kafka.topic='a b' | can be no topic of Kafka
          publish.rabbitmq.queue=q | there is 'kafka' already; keep one
          source.kafka.topics=a | source: is for a job
          """)
  void refuses(String setting, String because) {
    assertThatThrownBy(() -> load(SMALLEST, setting.split("(?<=mb),")))
        .hasMessageContaining(because);
  }

  @Test
  void refusesACaptureOfNothing() {
    assertThatThrownBy(() -> load("publish: { kafka: { servers: 'a:1', topic: t } }"))
        .hasMessageContaining("capture: names no way in: http");
  }

  @Test
  void warnsOfKeysInClearText() throws IOException {
    load(SMALLEST, "capture.http.bind=10.0.0.1", "capture.http.keys=[{key: k}]");
    assertThat(warnings).singleElement().asString().contains("keys travel in clear text");
    warnings.clear();
    load(SMALLEST, "capture.http.bind=127.0.0.7");
    load(SMALLEST, "capture.http.bind='::1'");
    assertThat(warnings).isEmpty();
  }
}
