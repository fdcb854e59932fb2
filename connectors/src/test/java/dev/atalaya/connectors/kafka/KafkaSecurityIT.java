package dev.atalaya.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atalaya.connectors.LineDecoder;
import dev.atalaya.connectors.Secret;
import dev.atalaya.connectors.kafka.KafkaSettings.Security;
import dev.atalaya.fixtures.FreePort;
import dev.atalaya.fixtures.KafkaBroker;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS and SASL against a broker that wants both. */
@Timeout(120)
class KafkaSecurityIT {

  private static final String PASSWORD = "p\"a\\ss; w=\nö";
  private static final String STORE_PASSWORD = "changeit";

  @TempDir static Path folder;

  private static int port;
  private static KafkaBroker broker;

  @BeforeAll
  static void startBroker() throws Exception {
    port = FreePort.pick();
    Path store = folder.resolve("server.p12");
    keytool(
        "-genkeypair",
        "-keyalg",
        "EC",
        "-keystore",
        store.toString(),
        "-alias",
        "server",
        "-dname",
        "CN=test",
        "-ext",
        "SAN=dns:localhost");
    keytool(
        "-exportcert",
        "-rfc",
        "-keystore",
        store.toString(),
        "-alias",
        "server",
        "-file",
        folder.resolve("ca.pem").toString());
    broker =
        KafkaBroker.start(
            Map.of(
                "listeners",
                "SASL_SSL://localhost:" + port,
                "sasl.enabled.mechanisms",
                "PLAIN",
                "listener.name.sasl_ssl.plain.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required user_alice="
                    + ClientProperties.quoted(PASSWORD)
                    + ";",
                "ssl.keystore.type",
                "PKCS12",
                "ssl.keystore.location",
                store.toString(),
                "ssl.keystore.password",
                STORE_PASSWORD));
    broker.createTopic("t", 1);
    broker.produce("t", 0, "a", "b");
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void readsOverTlsWithAPasswordOfAnyCharacters() throws Exception {
    assertThat(BoundedRead.of(settings("localhost", PASSWORD), new LineDecoder()))
        .containsExactly("a", "b");
  }

  @Test
  void saysThatThePasswordIsWrongAndDoesNotShowIt() {
    assertThatThrownBy(
            () -> BoundedRead.of(settings("localhost", "wrong-secret"), new LineDecoder()))
        .hasStackTraceContaining("refused the user name, password or certificate")
        .satisfies(
            e -> assertThat(ExceptionUtils.stringifyException(e)).doesNotContain("wrong-secret"));
  }

  @Test
  void doesNotTrustACertificateForAnotherHost() {
    assertThatThrownBy(() -> BoundedRead.of(settings("127.0.0.1", PASSWORD), new LineDecoder()))
        .hasStackTraceContaining("refused the user name, password or certificate");
  }

  private static KafkaSettings settings(String host, String password) {
    String ca = folder.resolve("ca.pem").toString();
    return new KafkaSettings(
        host + ":" + port,
        List.of("t"),
        null,
        "g",
        "earliest",
        "latest",
        0,
        new Security("sasl_ssl", "PLAIN", "alice", new Secret(password), ca, null, null),
        Map.of());
  }

  private static void keytool(String... args) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(args));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", STORE_PASSWORD));
    File log = folder.resolve("keytool.log").toFile();
    Process keytool =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
    assertThat(keytool.waitFor()).as("see " + log).isZero();
  }
}
