package dev.atalaya.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.atalaya.connectors.kafka.KafkaSinkSettings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sink {@code kafka}: its defaults, and what is refused before anything is connected. */
class KafkaSinkConfigTest {

  private static final String JOB =
      """
      source: { kafka: { servers: "a:9092,b:9092", topic-pattern: "flows|atalaya-.*" } }
      format: { json: {} }
      detectors: [{ name: top, key: [src], hitters: { share: 1% } }]
      """;

  @Test
  void needsNothingButServersAndIsAtLeastOnceThen() {
    JobConfig config = load(JOB + "sinks: [{ kafka: { servers: 'c:9092' } }]");
    assertThat(config.sinks())
        .containsExactly(
            new SinkConfig.Kafka(
                new KafkaSinkSettings(
                    "c:9092",
                    "atalaya-alerts",
                    "atalaya-reports",
                    "atalaya-dead-letters",
                    null,
                    900_000,
                    null,
                    Map.of())));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "alerts: 'a b'           | sinks[0].kafka.alerts: 'a b' can be no topic of Kafka",
        "transaction-prefix: 'é' | sinks[0].kafka.transaction-prefix: 'é' must be up to 200 letters, digits, '.', '_' and '-'",
        "transaction-timeout: 5m | sinks[0].kafka.transaction-timeout: has no effect without transaction-prefix",
        "properties: { acks: '1' } | sinks[0].kafka.properties.acks: is set by Atalaya itself; remove it here",
        "properties: { transactional.id: x } | sinks[0].kafka.properties[transactional.id]: is set by Atalaya itself; remove it here",
        "properties: { ssl.truststore.location: x } | sinks[0].kafka.properties[ssl.truststore.location]: is set by 'security' beside it; remove it here",
        "security: { protocol: sasl_ssl, mechanism: plain, username: u } | sinks[0].kafka.security.password: is missing; sasl_ssl needs it",
      })
  void refuses(String setting, String problem) {
    assertThat(refusal("sinks: [{ kafka: { servers: 'c:1', " + setting + " } }]"))
        .containsExactly("x.yaml:4: " + problem);
  }

  @Test
  void refusesATimeoutThatOrdinaryFailuresOutlast() {
    String sink = "sinks: [{ kafka: { servers: 'c:1', transaction-prefix: p, transaction-timeout: ";
    load(JOB + sink + "140s } }]");
    assertThat(refusal(sink + "139s } }]"))
        .containsExactly(
            "x.yaml:4: sinks[0].kafka.transaction-timeout: 139s is too short: give at least 140s,"
                + " which is twice checkpoint.interval and 2m for a restart; the documents of a"
                + " transaction that ends earlier are lost");
    assertThat(refusal(sink + "15m } }]\ncheckpoint: { interval: 400s }"))
        .singleElement()
        .asString()
        .contains("give at least 920s");
  }

  @Test
  void refusesToWriteWhatItReads() {
    assertThat(refusal("sinks: [{ kafka: { servers: 'b:9092', alerts: flows, reports: r } }]"))
        .containsExactly(
            "x.yaml:4: sinks[0].kafka.alerts: is a topic that the source reads; write to another",
            "x.yaml:4: sinks[0].kafka: is a topic that the source reads; write to another"
                .replace("kafka:", "kafka.dead-letters:"));
  }

  @Test
  void refusesTwoSinksThatGetInEachOthersWay() {
    assertThat(
            refusal(
                """
                sinks:
                - kafka: { servers: 'c:1', transaction-prefix: p }
                - kafka: { servers: 'd:1', alerts: x, transaction-prefix: p }"""))
        .containsExactly(
            "x.yaml:6: sinks[1].kafka.transaction-prefix: another sink has it already, and the"
                + " transactions of both could not be told apart; give each its own");
    assertThat(refusal("sinks:\n- kafka: { servers: 'c:1' }\n- kafka: { servers: 'd:1' }"))
        .containsExactly(
            "x.yaml:6: sinks[1].kafka.alerts: another sink without a transaction-prefix names the"
                + " same topics, if at other brokers, and the state of both could not be told apart;"
                + " give one a transaction-prefix, or name other topics");
    load(
        JOB
            + "sinks:\n"
            + "- kafka: { servers: 'c:1', transaction-prefix: p }\n"
            + "- kafka: { servers: 'd:1', transaction-prefix: q }");
  }

  private static JobConfig load(String yaml) {
    return ConfigLoader.parse(yaml, "x.yaml", Map.of());
  }

  private static List<String> refusal(String sinks) {
    ConfigException refused = catchThrowableOfType(ConfigException.class, () -> load(JOB + sinks));
    assertThat(refused).as(sinks).isNotNull();
    return refused.problems().stream().map(ConfigProblem::toString).toList();
  }
}
