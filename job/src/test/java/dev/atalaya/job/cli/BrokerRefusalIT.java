package dev.atalaya.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.fixtures.CertificateAuthority;
import dev.atalaya.fixtures.FreePort;
import dev.atalaya.fixtures.KafkaBroker;
import dev.atalaya.fixtures.RabbitMqBroker;
import dev.atalaya.job.AtalayaJob;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.security.plain.PlainLoginModule;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What a real broker refuses ends a run at once, with an exit code of its own and the setting. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class BrokerRefusalIT {

  private static final Duration AT_MOST = Duration.ofSeconds(30);
  private static final int KAFKA_TLS = FreePort.pick();
  private static final String SECRET = "alices-secret";

  @TempDir private static Path folder;

  private static CertificateAuthority authority;
  private static RabbitMqBroker rabbitMq;
  private static KafkaBroker kafka;

  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void startBrokers() {
    authority = CertificateAuthority.create(folder.resolve("ca"));
    CertificateAuthority.Identity server = authority.issue("server", "dns:localhost");
    rabbitMq =
        RabbitMqBroker.start(
            new RabbitMqBroker.Tls(
                authority.certificate(),
                server.certificate(),
                server.key(),
                List.of("tlsv1.2"),
                false));
    rabbitMq.declareQueue("there", Map.of());
    kafka =
        KafkaBroker.start(
            Map.of(
                "listeners",
                "SASL_SSL://localhost:" + KAFKA_TLS,
                "sasl.enabled.mechanisms",
                "PLAIN",
                "listener.name.sasl_ssl.plain.sasl.jaas.config",
                PlainLoginModule.class.getName() + " required user_alice=\"" + SECRET + "\";",
                "listener.name.sasl_ssl.ssl.keystore.type",
                "PEM",
                "listener.name.sasl_ssl.ssl.keystore.location",
                server.both().toString()));
    kafka.createTopic("there", 1);
  }

  @AfterAll
  static void stopBrokers() {
    rabbitMq.close();
    kafka.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "password=wrong       | username, password",
        "username=nobody      | username, password",
        "virtual-host=nowhere | virtual-host",
        "queues=[missing]     | queues",
        "bindings=[{exchange: missing, routing-keys: [a]}] | bindings",
        "tls={}               | TLS",
      })
  void whatRabbitMqRefusesIsExitCode5(String setting, String named) throws IOException {
    String server = "localhost:" + rabbitMq.port();
    assertRefused(queues(server), "source.rabbitmq." + setting, "source.rabbitmq: ", server, named);
    assertThat(err.toString()).doesNotContain(rabbitMq.password());
  }

  @Test
  void aCertificateOfAStrangerOrForAnotherHostIsExitCode5() throws IOException {
    CertificateAuthority stranger = CertificateAuthority.create(folder.resolve("stranger"));
    String server = "localhost:" + rabbitMq.tlsPort();
    assertRefused(
        queues(server),
        "source.rabbitmq.tls={ca: '" + stranger.certificate() + "'}",
        "source.rabbitmq: ",
        server,
        "tls.ca");
    String otherName = "127.0.0.1:" + rabbitMq.tlsPort();
    assertRefused(
        queues(otherName),
        "source.rabbitmq.tls={ca: '" + authority.certificate() + "'}",
        "source.rabbitmq: ",
        otherName,
        "servers");
    assertRefused(queues(server), "window=1s", "source.rabbitmq: ", server, "tls is not set");
  }

  @Test
  void aTopicThatKafkaDoesNotHaveIsExitCode5() throws IOException {
    assertKafkaRefused(kafka.servers(), "topics=[missing]", "missing");
  }

  @Test
  void aWrongPasswordForKafkaIsExitCode5() throws IOException {
    assertKafkaRefused(
        "localhost:" + KAFKA_TLS,
        security("not-the-secret", authority),
        "security.username, security.password");
    assertThat(err.toString()).doesNotContain("not-the-secret");
  }

  @Test
  void aCertificateOfAStrangerOrForAnotherHostIsExitCode5WithKafkaToo() throws IOException {
    CertificateAuthority stranger = CertificateAuthority.create(folder.resolve("kafka-stranger"));
    assertKafkaRefused("localhost:" + KAFKA_TLS, security(SECRET, stranger), "security.ca");
    assertKafkaRefused("127.0.0.1:" + KAFKA_TLS, security(SECRET, authority), "(servers)");
  }

  private void assertKafkaRefused(String server, String setting, String named) throws IOException {
    assertRefused(
        "kafka: { servers: '" + server + "', topics: [there] }",
        "source.kafka." + setting,
        "source.kafka: ",
        server,
        named);
  }

  private static String security(String password, CertificateAuthority trusted) {
    return "security={protocol: sasl_ssl, mechanism: plain, username: alice, password: '"
        + password
        + "', ca: '"
        + trusted.certificate()
        + "'}";
  }

  /** The run gets past the check, and the broker says no while it goes on. */
  @Test
  void aRefusalOfTheRunningJobIsExitCode5Too() throws IOException {
    rabbitMq.ctl("add_user", "reader", "secret");
    rabbitMq.ctl("set_permissions", "reader", "", "", "there");
    String source =
        "rabbitmq: { servers: 'localhost:"
            + rabbitMq.port()
            + "', username: reader, password: secret, queues: [there], prefetch: 9000, declare: {} }";
    assertThat(run(source, "window=1s")).isEqualTo(ExitCode.BROKER_REFUSED);
    assertThat(err.toString().lines().skip(1)) // behind the one that says what is read
        .singleElement()
        .asString()
        .startsWith("RabbitMQ at localhost:")
        .contains("reader");
  }

  @Test
  void aServerThatDoesNotSpeakIsExitCode3() throws IOException {
    try (ServerSocket silent = new ServerSocket(0)) {
      String server = "localhost:" + silent.getLocalPort();
      assertThat(run(queues(server), "window=1s")).isEqualTo(ExitCode.ENVIRONMENT);
      assertThat(err.toString()).startsWith("source.rabbitmq: ").contains(server);
    }
  }

  private static String queues(String server) {
    return "rabbitmq: { servers: '"
        + server
        + "', username: "
        + rabbitMq.username()
        + ", password: '"
        + rabbitMq.password()
        + "', queues: [there], prefetch: 9000 }";
  }

  private void assertRefused(String source, String setting, String beginning, String... parts)
      throws IOException {
    long start = System.nanoTime();
    assertThat(run(source, setting)).as(() -> err.toString()).isEqualTo(ExitCode.BROKER_REFUSED);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(AT_MOST);
    assertThat(err.toString()).startsWith(beginning).contains(parts).hasLineCount(1);
  }

  private int run(String source, String setting) throws IOException {
    Path config = folder.resolve("refused.yaml");
    Files.writeString(
        config,
        """
        source: { %s }
        format: { json: {} }
        time: { field: ts }
        detectors: [{ name: top, key: [src], hitters: { count: 1 } }]
        sinks: [ files: { path: '%s' } ]
        checkpoint: { interval: 1s }
        """
            .formatted(source, folder.resolve("out")));
    err.getBuffer().setLength(0);
    CommandContext context = new CommandContext(AtalayaJob::execute, Map.of(), true, false);
    CommandLine commandLine = AtalayaCommand.create(context);
    commandLine.setOut(new PrintWriter(new StringWriter()));
    commandLine.setErr(new PrintWriter(err));
    return commandLine.execute("run", config.toString(), "--set", setting);
  }
}
