package dev.atalaya.connectors.kafka;

import static dev.atalaya.connectors.kafka.KafkaSettings.LostOffsets.STOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atalaya.connectors.LineDecoder;
import dev.atalaya.connectors.Secret;
import dev.atalaya.connectors.kafka.KafkaSettings.Security;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.util.InstantiationUtil;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaSourcesTest {

  private static final String HOSTILE = "a\"b\\c; d=\n\r\t\u0001\u00001é漢\uD83D\uDE00'";

  @Test
  void refusesEveryReservedProperty() {
    assertThat(KafkaSources.reservedProperties()).contains("sasl.jaas.config", "group.id");
    for (String key : KafkaSources.reservedProperties()) {
      KafkaSettings settings = settings("earliest", null, Map.of(key, "x"));
      assertThatThrownBy(() -> KafkaSources.create(settings, new LineDecoder()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("Kafka property " + key + " cannot be set: ");
    }
  }

  @Test
  void passesOtherPropertiesThroughAndLetsThemWinOverDefaults() {
    Properties client =
        ClientProperties.consumer(
            settings(
                "earliest",
                null,
                Map.of("isolation.level", "read_uncommitted", "fetch.min.bytes", "9")));
    assertThat(client)
        .containsEntry("isolation.level", "read_uncommitted")
        .containsEntry("fetch.min.bytes", "9")
        .containsEntry("group.id", "g")
        .containsEntry("client.id.prefix", "g");
  }

  @Test
  void readsOnlyCommittedRecordsUnlessToldOtherwise() {
    assertThat(ClientProperties.consumer(settings("earliest", null, Map.of())))
        .containsEntry("isolation.level", "read_committed")
        .containsEntry("allow.auto.create.topics", "false");
  }

  @Test
  void aWriterBesideItTakesNoClassesThatAreMeantForTheConsumer() {
    assertThat(
            ClientProperties.writer(
                settings(
                    "earliest",
                    null,
                    Map.of(
                        "interceptor.classes", "x.Y",
                        "metric.reporters", "x.Z",
                        "client.dns.lookup", "use_all_dns_ips"))))
        .containsEntry("client.dns.lookup", "use_all_dns_ips")
        .doesNotContainKeys("interceptor.classes", "metric.reporters");
  }

  @Test
  void quotesUserNameAndPasswordSoThatTheClientReadsThemBack() {
    for (String mechanism : List.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")) {
      Properties client =
          ClientProperties.consumer(secured("sasl_ssl", mechanism, "ca.pem", null, null));
      var entry =
          JaasContext.loadClientContext(
                  Map.of("sasl.jaas.config", new Password(client.getProperty("sasl.jaas.config"))))
              .configurationEntries()
              .get(0);
      assertThat(entry.getOptions()).isEqualTo(Map.of("username", HOSTILE, "password", HOSTILE));
      assertThat(client)
          .containsEntry("security.protocol", "SASL_SSL")
          .containsEntry("sasl.mechanism", mechanism)
          .containsEntry("ssl.truststore.type", "PEM")
          .containsEntry("ssl.truststore.location", "ca.pem")
          .doesNotContainKey("ssl.endpoint.identification.algorithm");
    }
  }

  @Test
  void refusesOtherLoginMechanisms() {
    KafkaSettings settings = secured("sasl_ssl", "GSSAPI", null, null, null);
    assertThatThrownBy(() -> KafkaSources.create(settings, new LineDecoder()))
        .hasMessage("SASL mechanism must be PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512, got GSSAPI");
  }

  @Test
  void takesCertificateAndKeyFromOneFileOrTwo(@TempDir Path folder) throws Exception {
    String cert = Files.writeString(folder.resolve("cert.pem"), "CERT").toString();
    String key = Files.writeString(folder.resolve("key.pem"), "KEY").toString();
    assertThat(ClientProperties.consumer(secured("ssl", null, null, cert, cert)))
        .containsEntry("ssl.keystore.location", cert)
        .containsEntry("ssl.keystore.type", "PEM");
    assertThat(ClientProperties.consumer(secured("ssl", null, null, cert, key)))
        .containsEntry("ssl.keystore.certificate.chain", "CERT")
        .containsEntry("ssl.keystore.key", "KEY")
        .doesNotContainKey("ssl.keystore.location");
  }

  @Test
  void refusesATimeThatIsNone() {
    for (String wrong : List.of("yesterday", "2026-11-21", "2026-02-30T00:00:00Z")) {
      assertThatThrownBy(
              () -> KafkaSources.create(settings(wrong, null, Map.of()), new LineDecoder()))
          .hasMessageStartingWith("start must be a known word or a time like");
      assertThatThrownBy(
              () -> KafkaSources.create(settings("earliest", wrong, Map.of()), new LineDecoder()))
          .hasMessageStartingWith("end must be a known word or a time like");
    }
  }

  @Test
  void refusesTopicsAndPatternTogetherOrNeither() {
    assertThatThrownBy(() -> KafkaSources.create(subscribed(List.of(), null), new LineDecoder()))
        .hasMessageStartingWith("either topics or a topic pattern must be given");
    assertThatThrownBy(
            () -> KafkaSources.create(subscribed(List.of("t"), "u.*"), new LineDecoder()))
        .hasMessageStartingWith("either topics or a topic pattern must be given");
  }

  @Test
  void canBeSentToTheCluster() throws Exception {
    InstantiationUtil.serializeObject(
        KafkaSources.create(subscribed(List.of(), "flows-.*"), new LineDecoder()));
  }

  private static KafkaSettings settings(String start, String end, Map<String, String> properties) {
    return new KafkaSettings(
        "localhost:9092", List.of("t"), null, "g", start, end, 1000, STOP, null, properties);
  }

  private static KafkaSettings subscribed(List<String> topics, String pattern) {
    return new KafkaSettings(
        "localhost:9092", topics, pattern, null, "earliest", null, 1000, STOP, null, Map.of());
  }

  private static KafkaSettings secured(
      String protocol, String mechanism, String ca, String cert, String key) {
    Security security =
        new Security(protocol, mechanism, HOSTILE, new Secret(HOSTILE), ca, cert, key);
    return new KafkaSettings(
        "localhost:9092", List.of("t"), null, "g", "earliest", null, 0, STOP, security, Map.of());
  }
}
