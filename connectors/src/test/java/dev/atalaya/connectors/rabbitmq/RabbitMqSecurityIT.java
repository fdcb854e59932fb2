package dev.atalaya.connectors.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.atalaya.connectors.BrokerRefusedException;
import dev.atalaya.connectors.LineDecoder;
import dev.atalaya.connectors.Secret;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings.Binding;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings.Declare;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings.MessageId;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings.Tls;
import dev.atalaya.fixtures.CertificateAuthority;
import dev.atalaya.fixtures.CertificateAuthority.Identity;
import dev.atalaya.fixtures.FreePort;
import dev.atalaya.fixtures.RabbitMqBroker;
import dev.atalaya.fixtures.RabbitMqBroker.Message;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.ExceptionUtils;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who is let in, and whom the client trusts, with a broker that wants certificates of both. */
@Timeout(120)
class RabbitMqSecurityIT {

  @TempDir static Path folder;

  private static CertificateAuthority authority;
  private static Identity server;
  private static Identity client;
  private static Tls good;
  private static RabbitMqBroker broker;

  @BeforeAll
  static void startBroker() {
    authority = CertificateAuthority.create(folder.resolve("authority"));
    server = authority.issue("server", "dns:localhost");
    client = authority.issue("client", "dns:client");
    good = tls(authority, client);
    broker = startBroker(server, List.of("tlsv1.2", "tlsv1.3"), true);
    broker.declareQueue("q", Map.of());
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void readsOverTlsThatChecksBothSides() throws Exception {
    broker.publish("q", List.of(Message.withCorrelationId("1", "a")));
    RabbitMqSettings settings = settings("localhost:" + broker.tlsPort(), good);
    RabbitMqSources.check(settings);
    try (Reading reading =
        Reading.start(new RabbitMqSource<>(settings, "q", new LineDecoder()), null)) {
      assertThat(reading.seen(1)).containsExactly("a");
      reading.snapshot(1);
      reading.complete(1);
    }
    assertThat(broker.ready("q")).isZero();
  }

  @Test
  void goesToTheNextServerWhenOneIsAway() throws Exception {
    RabbitMqSources.check(
        settings(
            List.of("localhost:" + FreePort.pick(), "localhost:" + broker.tlsPort()),
            good,
            "/",
            broker.password(),
            "q",
            null));
  }

  @Test
  void doesNotTrustAnExpiredCertificate() {
    RabbitMqBroker expired =
        startBroker(authority.issueExpired("old", "dns:localhost"), List.of("tlsv1.2"), false);
    try {
      assertRefused(
          settings("localhost:" + expired.tlsPort(), good),
          "its certificate has expired (servers)");
    } finally {
      expired.close();
    }
  }

  @Test
  void trustsNobodyWhoIsNotInTheCaFile() {
    CertificateAuthority other = CertificateAuthority.create(folder.resolve("other"));
    assertRefused(
        settings("localhost:" + broker.tlsPort(), tls(other, client)),
        "its certificate is signed by nobody whom the certificates here trust (tls.ca)");
    assertRefused(settings("localhost:" + broker.tlsPort(), new Tls(null, null, null)), "(tls.ca)");
  }

  @Test
  void doesNotTrustACertificateForAnotherHost() {
    assertRefused(
        settings("127.0.0.1:" + broker.tlsPort(), good),
        "its certificate is for another host name (servers)");
  }

  @Test
  void doesNotSpeakAnOldProtocol() {
    RabbitMqBroker old = startBroker(server, List.of("tlsv1.1"), false);
    try {
      assertRefused(
          settings("localhost:" + old.tlsPort(), good), "it speaks no TLS from 1.2 on (servers)");
    } finally {
      old.close();
    }
  }

  @Test
  void isRefusedWithoutTheCertificateThatTheBrokerWants() {
    Tls nobody = new Tls(authority.certificate().toString(), null, null);
    Throwable failure =
        catchThrowable(
            () -> RabbitMqSources.check(settings("localhost:" + broker.tlsPort(), nobody)));
    assertThat(failure.getMessage())
        .containsAnyOf(
            "certificate_required (tls)", "does it want a certificate of the client (tls.cert)?");
  }

  @Test
  void saysWhichSideSpeaksTls() {
    assertRefused(
        settings("localhost:" + broker.tlsPort(), null), "wants TLS here, and tls is not set");
    assertRefused(
        settings("localhost:" + broker.port(), good),
        "it does not speak TLS on this port (servers, tls)");
  }

  @Test
  void saysWhichFileIsNoGood() {
    String missing = folder.resolve("absent.pem").toString();
    String key = client.key().toString();
    String cert = client.certificate().toString();
    assertRefused(
        settings("localhost:1", new Tls(missing, null, null)),
        "tls.ca " + missing + " cannot be read");
    assertRefused(
        settings("localhost:1", new Tls(key, null, null)),
        "tls.ca " + key + " holds no certificates in PEM form");
    assertRefused(
        settings("localhost:1", new Tls(null, cert, null)),
        "tls.key " + cert + " holds no unencrypted private key");
  }

  @Test
  void saysThatThePasswordIsWrongAndDoesNotShowIt() throws Exception {
    RabbitMqSettings wrong = settings(plain(), null, "/", "wrong-secret", "q", null);
    assertRefused(wrong, "refused the password of user \"atalaya\"")
        .satisfies(
            e -> assertThat(ExceptionUtils.stringifyException(e)).doesNotContain("wrong-secret"));
  }

  @Test
  void saysWhatIsMissing() {
    assertRefused(
        settings(plain(), null, "absent", broker.password(), "q", null),
        "does not let user \"atalaya\" into virtual host \"absent\" (virtual-host, username)");
    assertRefused(
        settings(plain(), null, "/", broker.password(), "absent", null),
        "has no such queue (queues, or let the job make it with declare): NOT_FOUND - no queue"
            + " 'absent' in vhost '/'");
    assertRefused(
        settings(plain(), null, "/", broker.password(), "q", new Declare(true, Map.of())),
        "has no such exchange (bindings): NOT_FOUND - no exchange 'absent'");
  }

  @Test
  void aJobThatIsRefusedEndsForGood() throws Exception {
    RabbitMqSettings settings =
        settings(
            plain(),
            null,
            "/",
            broker.password(),
            "q",
            new Declare(true, Map.of("x-max-length", "5")));
    StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1);
    env.enableCheckpointing(200);
    RabbitMqSources.read(env, settings, new LineDecoder(), WatermarkStrategy.noWatermarks())
        .print()
        .uid("print");
    // Ends at all because a refusal is not recovered from; the default is to restart for ever.
    Throwable failure = catchThrowable(env::execute);
    assertThat(ExceptionUtils.findThrowable(failure, BrokerRefusedException.class)).isPresent();
    assertThat(failure)
        .hasStackTraceContaining(
            "has the queue with other properties than declare says; make declare equal, leave it"
                + " out, or delete the queue: PRECONDITION_FAILED - inequivalent arg"
                + " 'x-max-length'");
  }

  private static AbstractThrowableAssert<?, ?> assertRefused(
      RabbitMqSettings settings, String reason) {
    long start = System.nanoTime();
    Throwable failure = catchThrowable(() -> RabbitMqSources.check(settings));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
    return assertThat(failure)
        .isInstanceOf(BrokerRefusedException.class)
        .hasMessageContaining(reason);
  }

  private static RabbitMqBroker startBroker(
      Identity identity, List<String> versions, boolean clientCertificate) {
    return RabbitMqBroker.start(
        new RabbitMqBroker.Tls(
            authority.certificate(),
            identity.certificate(),
            identity.key(),
            versions,
            clientCertificate));
  }

  private static Tls tls(CertificateAuthority trusted, Identity shown) {
    return new Tls(
        trusted.certificate().toString(), shown.certificate().toString(), shown.key().toString());
  }

  private static List<String> plain() {
    return List.of("localhost:" + broker.port());
  }

  private static RabbitMqSettings settings(String address, Tls tls) {
    return settings(List.of(address), tls, "/", broker.password(), "q", null);
  }

  private static RabbitMqSettings settings(
      List<String> servers,
      Tls tls,
      String virtualHost,
      String password,
      String queue,
      Declare declare) {
    // What is declared is bound too, to an exchange that there is not.
    return new RabbitMqSettings(
        servers,
        virtualHost,
        broker.username(),
        new Secret(password),
        List.of(queue),
        declare,
        declare == null ? List.of() : List.of(new Binding("absent", List.of("#"))),
        MessageId.CORRELATION_ID,
        10,
        10_000,
        tls);
  }
}
