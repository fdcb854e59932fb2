package dev.atalaya.connectors.kafka;

import static dev.atalaya.connectors.kafka.KafkaSettings.LostOffsets.STOP;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.atalaya.connectors.BoundedWrite;
import dev.atalaya.connectors.BrokerRefusedException;
import dev.atalaya.connectors.Document;
import dev.atalaya.connectors.Document.Kind;
import dev.atalaya.connectors.LineDecoder;
import dev.atalaya.connectors.Restarting;
import dev.atalaya.connectors.Secret;
import dev.atalaya.connectors.kafka.KafkaSettings.Security;
import dev.atalaya.fixtures.CertificateAuthority;
import dev.atalaya.fixtures.FreePort;
import dev.atalaya.fixtures.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.ExceptionUtils;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS and SASL against a broker that wants both. */
@Timeout(120)
class KafkaSecurityIT {

  private static final String PASSWORD = "p\"a\\ss; w=\nö";

  @TempDir static Path folder;

  private static final int GOOD = FreePort.pick();
  private static final int EXPIRED = FreePort.pick();
  private static final int OLD = FreePort.pick();
  private static final int PLAIN_TEXT = FreePort.pick();

  private static String ca;
  private static String otherCa;
  private static KafkaBroker broker;

  @BeforeAll
  static void startBroker() {
    CertificateAuthority authority = CertificateAuthority.create(folder.resolve("ca"));
    ca = authority.certificate().toString();
    otherCa = CertificateAuthority.create(folder.resolve("other")).certificate().toString();
    Path good = authority.issue("good", "dns:localhost").both();
    Path expired = authority.issueExpired("expired", "dns:localhost").both();

    Map<String, String> server = new HashMap<>();
    server.put(
        "listeners",
        String.join(
            ",",
            "GOOD://localhost:" + GOOD,
            "EXPIRED://localhost:" + EXPIRED,
            "OLD://localhost:" + OLD,
            "SASL_PLAINTEXT://localhost:" + PLAIN_TEXT));
    server.put(
        "listener.security.protocol.map",
        "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,GOOD:SASL_SSL,EXPIRED:SASL_SSL,OLD:SASL_SSL,"
            + "SASL_PLAINTEXT:SASL_PLAINTEXT");
    server.put("sasl.enabled.mechanisms", "PLAIN");
    for (String listener : List.of("good", "expired", "old", "sasl_plaintext")) {
      String prefix = "listener.name." + listener + ".";
      server.put(
          prefix + "plain.sasl.jaas.config",
          "org.apache.kafka.common.security.plain.PlainLoginModule required user_alice="
              + ClientProperties.quoted(PASSWORD)
              + ";");
      server.put(prefix + "ssl.keystore.type", "PEM");
      server.put(
          prefix + "ssl.keystore.location",
          (listener.equals("expired") ? expired : good).toString());
    }
    server.put("listener.name.old.ssl.enabled.protocols", "TLSv1.1");
    server.put("listener.name.old.ssl.protocol", "TLSv1.1");
    broker = KafkaBroker.start(server);
    broker.createTopic("t", 1);
    broker.produce("t", 0, "a", "b");
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void readsOverTlsWithAPasswordOfAnyCharacters() throws Exception {
    KafkaSettings settings = settings("localhost:" + GOOD, ca);
    KafkaSources.check(settings);
    assertThat(BoundedRead.of(settings, new LineDecoder())).containsExactly("a", "b");
  }

  @Test
  void saysThatThePasswordIsWrongAndDoesNotShowIt() {
    KafkaSettings wrong =
        settings("localhost:" + GOOD, "t", new Secret("wrong-secret"), "sasl_ssl", ca);
    assertRefused(wrong, "refused the user name or password (security.username, security.password)")
        .satisfies(
            e -> assertThat(ExceptionUtils.stringifyException(e)).doesNotContain("wrong-secret"));
    assertThatThrownBy(() -> read(wrong))
        .hasStackTraceContaining("refused the user name or password")
        .satisfies(
            e -> assertThat(ExceptionUtils.stringifyException(e)).doesNotContain("wrong-secret"));
  }

  @Test
  void saysWhichTopicIsMissing() {
    KafkaSettings absent =
        settings("localhost:" + GOOD, "absent", new Secret(PASSWORD), "sasl_ssl", ca);
    assertRefused(absent, "does not have all of topics [absent]");
    assertThatThrownBy(() -> read(absent))
        .hasStackTraceContaining("does not have all of topics [absent]");
  }

  @Test
  void writesOverTlsWithAPasswordOfAnyCharacters() throws Exception {
    broker.createTopic("out", 1);
    Document document = new Document(Kind.ALERT, "a", "k", 1, "{}");
    for (String prefix : new String[] {null, "p"}) {
      KafkaSinkSettings settings = sink(prefix, new Secret(PASSWORD));
      KafkaSinks.check(settings);
      assertThat(KafkaSinks.maxTransactionMillis(settings)).isEqualTo(900_000);
      BoundedWrite.to(KafkaSinks.create(settings), document);
    }
    assertThat(broker.committedRecords("out"))
        .extracting(written -> new String(written.value(), UTF_8))
        .containsExactly("{}", "{}");
  }

  @Test
  void writesNothingWithAWrongPasswordAndDoesNotShowIt() {
    KafkaSinkSettings wrong = sink("p", new Secret("wrong-secret"));
    assertThatThrownBy(() -> KafkaSinks.check(wrong))
        .isInstanceOf(BrokerRefusedException.class)
        .hasMessageContaining("refused the user name or password");
    assertThatThrownBy(
            () ->
                BoundedWrite.to(
                    KafkaSinks.create(wrong), new Document(Kind.ALERT, "a", "k", 1, "{}")))
        .hasStackTraceContaining("refused the user name or password")
        .satisfies(
            e -> assertThat(ExceptionUtils.stringifyException(e)).doesNotContain("wrong-secret"));
  }

  @Test
  void trustsNobodyWhoIsNotInTheCaFile() {
    assertRefused(settings("localhost:" + GOOD, otherCa), "(security.ca)");
    assertRefused(settings("localhost:" + GOOD, null), "(security.ca)");
  }

  @Test
  void saysThatTheCaFileIsMissing() {
    assertFailure(settings("localhost:" + GOOD, "no-such.pem"), "no-such.pem");
  }

  @Test
  void doesNotTrustACertificateForAnotherHost() {
    assertRefused(
        settings("127.0.0.1:" + GOOD, ca), "its certificate is for another host name (servers)");
  }

  @Test
  void doesNotTrustAnExpiredCertificate() {
    assertRefused(settings("localhost:" + EXPIRED, ca), "its certificate has expired (servers)");
  }

  @Test
  void doesNotSpeakAnOldProtocol() {
    assertRefused(settings("localhost:" + OLD, ca), "it speaks no TLS from 1.2 on (servers)");
  }

  /** Neither side says what it expects: it is silence, and the message says where to look. */
  @Test
  void doesNotComeToTermsWhenOnlyOneSideSpeaksTls() {
    assertFailure(
        settings("localhost:" + GOOD, "t", new Secret(PASSWORD), "sasl_plaintext", null),
        "did not answer in time: is it running there (servers), and is security set as it expects"
            + " (security.protocol)?");
    assertFailure(settings("localhost:" + PLAIN_TEXT, ca), "Kafka at localhost:" + PLAIN_TEXT);
  }

  /** Returns only when the job is not restarted. */
  private static void read(KafkaSettings settings) throws Exception {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(Restarting.configuration());
    env.fromSource(
            KafkaSources.create(settings, new LineDecoder()),
            WatermarkStrategy.noWatermarks(),
            "source")
        .uid("source")
        .sinkTo(new DiscardingSink<>())
        .uid("discard");
    env.execute();
  }

  private static KafkaSinkSettings sink(String prefix, Secret password) {
    return new KafkaSinkSettings(
        "localhost:" + GOOD,
        "out",
        "out",
        "out",
        prefix,
        60_000,
        new Security("sasl_ssl", "PLAIN", "alice", password, ca, null, null),
        Map.of());
  }

  private static AbstractThrowableAssert<?, ?> assertRefused(
      KafkaSettings settings, String reason) {
    return assertFailure(settings, reason).isInstanceOf(BrokerRefusedException.class);
  }

  private static AbstractThrowableAssert<?, ?> assertFailure(
      KafkaSettings settings, String reason) {
    long start = System.nanoTime();
    Throwable failure = catchThrowable(() -> KafkaSources.check(settings));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
    return assertThat(failure)
        .hasMessageContaining("Kafka at " + settings.servers())
        .hasMessageContaining(reason);
  }

  private static KafkaSettings settings(String server, String caFile) {
    return settings(server, "t", new Secret(PASSWORD), "sasl_ssl", caFile);
  }

  private static KafkaSettings settings(
      String server, String topic, Secret password, String protocol, String caFile) {
    return new KafkaSettings(
        server,
        List.of(topic),
        null,
        "g",
        "earliest",
        "latest",
        0,
        STOP,
        new Security(protocol, "PLAIN", "alice", password, caFile, null, null),
        // Shorter than the default, for the test of silence; all others answer at once.
        Map.of("default.api.timeout.ms", "10000", "request.timeout.ms", "10000"));
  }
}
