package dev.atalaya.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.connectors.rabbitmq.RabbitMqSettings;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings.Binding;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings.Declare;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings.MessageId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code source.rabbitmq} may say, and what is refused or warned of. */
class RabbitMqConfigTest {

  private static final String LOGIN = "servers: 'b:5672', username: u, password: p";
  private static final String GOOD = LOGIN + ", queues: [q], prefetch: 10000";

  @TempDir private Path dir;

  private static String yaml(String settings) {
    return """
        source:
          rabbitmq: { %s }
        format: { json: {} }
        detectors: [{ name: top, key: [src], hitters: { share: 1%% } }]
        checkpoint: { interval: 1s }
        """
        .formatted(settings);
  }

  private static List<String> refusal(String settings) {
    return ConfigRefusalTest.refusal(yaml(settings));
  }

  private static RabbitMqSettings settings(String settings, List<ConfigProblem> warnings) {
    JobConfig config =
        ConfigLoader.parse(yaml(settings), "flows.yaml", Map.of(), List.of(), warnings::add);
    return ((SourceConfig.RabbitMq) config.source()).settings();
  }

  private static RabbitMqSettings settings(String settings) {
    List<ConfigProblem> warnings = new ArrayList<>();
    RabbitMqSettings read = settings(settings, warnings);
    assertThat(warnings).isEmpty();
    return read;
  }

  private static List<String> warnings(String settings) {
    List<ConfigProblem> warnings = new ArrayList<>();
    settings(settings, warnings);
    return warnings.stream().map(ConfigProblem::toString).toList();
  }

  @Test
  void whatIsLeftOutHasItsDefault() {
    RabbitMqSettings settings = settings(GOOD);
    assertThat(settings.virtualHost()).isEqualTo("/");
    assertThat(settings.declare()).isNull();
    assertThat(settings.bindings()).isEmpty();
    assertThat(settings.messageId()).isEqualTo(MessageId.NONE);
    assertThat(settings.heartbeatMillis()).isEqualTo(10_000);
    assertThat(settings.tls()).isNull();
  }

  @Test
  void anMqttTopicAloneIsAQueueOfItsOwnBoundToIt() {
    RabbitMqSettings settings = settings(LOGIN + ", prefetch: 10000, mqtt-topic: plant/+/events/#");
    assertThat(settings.queues()).containsExactly("atalaya-plant.*.events.#");
    assertThat(settings.declare()).isEqualTo(new Declare(true, Map.of()));
    assertThat(settings.bindings())
        .containsExactly(new Binding("amq.topic", List.of("plant.*.events.#")));
  }

  @Test
  void anMqttTopicIsBoundToTheQueueThatIsNamed() {
    RabbitMqSettings settings = settings(GOOD + ", mqtt-topic: events");
    assertThat(settings.queues()).containsExactly("q");
    assertThat(settings.declare()).isNull();
    assertThat(settings.bindings()).containsExactly(new Binding("amq.topic", List.of("events")));
  }

  @Test
  void tlsWithoutMoreTrustsWhatTheMachineTrusts() {
    assertThat(settings(GOOD.replace("5672", "5671") + ", tls: {}").tls())
        .isEqualTo(new RabbitMqSettings.Tls(null, null, null));
  }

  @Test
  void whatIsMissingIsToldAtOnce() {
    assertThat(refusal(""))
        .containsExactly(
            "flows.yaml:2: source.rabbitmq.servers: is missing",
            "flows.yaml:2: source.rabbitmq.username: is missing",
            "flows.yaml:2: source.rabbitmq.password: is missing",
            "flows.yaml:2: source.rabbitmq.queues: is missing; give 'queues' or 'mqtt-topic'",
            "flows.yaml:2: source.rabbitmq.prefetch: is missing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "prefetch: 0     | prefetch: '0' must be at least 1",
        "prefetch: 65536 | prefetch: '65536' must be at most 65535",
        "prefetch: many  | prefetch: 'many' is no whole number",
        "queues: []      | queues: is an empty list; give at least one or remove the key",
        "queues: ['']    | queues: '' must be 1 to 255 bytes long",
        "queues: [q, q]  | queues: 'q' is given twice; keep one: of two readers of a queue, each would take for new what the other has counted",
        "servers: b      | servers: 'b' is no host:port such as localhost:5672",
        "servers: amqp://u:p@b:1 | servers: 'amqp://u:p@b:1' is no host:port such as localhost:5672",
        "username: ''    | username: '' must be 1 to 255 bytes long",
        "password: ''    | password: is empty; put the secret in it",
        "virtual-host: '' | virtual-host: '' must be 1 to 255 bytes long",
        "id: correlation | id: 'correlation' is unknown; did you mean 'correlation-id'?",
        "id: delivery-tag | id: 'delivery-tag' is unknown; known: correlation-id, message-id, none",
        "heartbeat: 0s   | heartbeat: '0s' must be at least 1s",
        "heartbeat: 1500ms | heartbeat: must be whole seconds",
        "bindings: [{ routing-keys: [a] }] | bindings[0].exchange: is missing",
        "bindings: [{ exchange: '', routing-keys: [a] }] | bindings[0].exchange: '' must be 1 to 255 bytes long",
        "bindings: [{ exchange: e }] | bindings[0].routing-keys: is missing",
        "tls: { cert: c.pem } | tls.cert: needs both 'cert' and 'key'",
        "tls: { key: k.pem } | tls.key: needs both 'cert' and 'key'",
        "tls: { trust-all: true } | tls.trust-all: unknown key; known: ca, cert, key",
        "declare: { arguments: { x-queue-type: stream } } | declare.arguments: a stream is no queue; use quorum or classic",
        "declare: { durable: false, arguments: { x-queue-type: quorum } } | declare.durable: a quorum queue is always durable; remove it",
        "prefech: 10     | prefech: unknown key; did you mean 'prefetch'?",
        "parallelism: 2  | parallelism: a queue has one reader: of two, each would take for new what the other has counted and the broker delivers again. For more throughput give more queues; the other stages have the job's parallelism",
      })
  void aBadSettingIsRefused(String setting, String message) {
    String key = setting.substring(0, setting.indexOf(':'));
    String others = GOOD.replaceFirst(key + ": ('[^']*'|\\[[^]]*]|[^,]*)(, )?", "");
    assertThat(refusal(setting + ", " + others))
        .containsExactly("flows.yaml:2: source.rabbitmq." + message);
  }

  @Test
  void anEmptyPasswordFileIsRefused() throws IOException {
    Path secret = Files.createFile(dir.resolve("password"));
    assertThat(refusal(GOOD.replace("password: p", "password: 'file:" + secret + "'")))
        .containsExactly("flows.yaml:2: source.rabbitmq.password: is empty; put the secret in it");
  }

  @Test
  void severalQueuesOfAnExchangeThatCopiesAreRefused() {
    String several = LOGIN + ", prefetch: 10000, queues: [q, r], ";
    String message =
        "each of the queues would get a copy of every message, and it would be counted as often;"
            + " bind one queue, or several to an exchange that shares out, such as"
            + " x-consistent-hash";
    assertThat(refusal(several + "bindings: [{ exchange: amq.direct, routing-keys: [a] }]"))
        .containsExactly("flows.yaml:2: source.rabbitmq.bindings: " + message);
    assertThat(refusal(several + "mqtt-topic: events"))
        .containsExactly("flows.yaml:2: source.rabbitmq.mqtt-topic: " + message);
    assertThat(warnings(several + "bindings: [{ exchange: share, routing-keys: ['1'] }]"))
        .singleElement()
        .asString()
        .startsWith("flows.yaml:2: source.rabbitmq.bindings: unless the exchange shares out");
  }

  @Test
  void whatIsFoolishIsAllowedWithAWarning() {
    assertThat(warnings(GOOD.replace("5672", "5671")))
        .containsExactly(
            "flows.yaml:2: source.rabbitmq.servers: 5671 is the port of TLS, and there is no"
                + " 'tls'");
    assertThat(warnings(GOOD + ", tls: {}"))
        .containsExactly(
            "flows.yaml:2: source.rabbitmq.servers: 5672 is the port of plain text, and there is"
                + " 'tls'; that of TLS is 5671");
    assertThat(warnings(GOOD + ", declare: { durable: false }"))
        .containsExactly(
            "flows.yaml:2: source.rabbitmq.declare.durable: what is in the queue is lost when the"
                + " broker restarts");
  }

  @Test
  void aLimitOfDeliveriesIsWarnedOf() {
    String limit = ", declare: { arguments: { x-queue-type: quorum, x-delivery-limit: %d } }";
    assertThat(warnings(GOOD + limit.formatted(-1))).isEmpty();
    assertThat(warnings(GOOD + limit.formatted(20)))
        .containsExactly(
            "flows.yaml:2: source.rabbitmq.declare.arguments: with x-delivery-limit the broker"
                + " drops a message, or dead-letters it, that has come back more often; each"
                + " failure hands back what is not acknowledged");
  }

  @Test
  void aLowCeilingIsWarnedOf() {
    assertThat(warnings(GOOD.replace("10000", "1000"))).isEmpty();
    assertThat(warnings(GOOD.replace("10000", "999")))
        .containsExactly(
            "flows.yaml:2: source.rabbitmq.prefetch: a queue can give 999 messages/s at most,"
                + " prefetch / checkpoint.interval; below 1000 raise the one or lower the other");
  }

  @Test
  void idsThatCannotWorkAreWarnedOf() {
    String mqtt = LOGIN + ", prefetch: 10000, mqtt-topic: events";
    assertThat(warnings(mqtt + ", id: correlation-id"))
        .containsExactly(
            "flows.yaml:2: source.rabbitmq.id: MQTT 3.1.1 messages carry none; they will be"
                + " rejected as no-id");
    String priorities = GOOD + ", declare: { arguments: { x-max-priority: 5 } }";
    assertThat(warnings(priorities)).isEmpty();
    assertThat(warnings(priorities + ", id: message-id"))
        .singleElement()
        .asString()
        .startsWith("flows.yaml:2: source.rabbitmq.declare.arguments: with x-max-priority ");
  }

  @ParameterizedTest
  @CsvSource({"899s, 0, 0", "15m, 1, 0", "1799s, 1, 0", "30m, 0, 1", "1d, 0, 1"})
  void checkpointsComeBeforeTheBrokerLosesItsPatience(String interval, int warned, int refused) {
    String yaml = yaml(GOOD).replace("1s", interval);
    List<ConfigProblem> warnings = new ArrayList<>();
    List<ConfigProblem> problems = new ArrayList<>();
    try {
      ConfigLoader.parse(yaml, "flows.yaml", Map.of(), List.of(), warnings::add);
    } catch (ConfigException e) {
      problems.addAll(e.problems());
    }
    // Besides, the prefetch is low for so long an interval.
    warnings.removeIf(warning -> !warning.toString().contains("checkpoint.interval: "));
    assertThat(warnings).hasSize(warned);
    assertThat(problems).hasSize(refused);
    warnings.addAll(problems);
    assertThat(warnings)
        .allSatisfy(
            said ->
                assertThat(said.toString())
                    .startsWith("flows.yaml:5: checkpoint.interval: RabbitMQ closes the channel"));
  }

  @Test
  void messagesMayBringTheTimeOfTheBroker() {
    String lines = yaml(GOOD).replace("json", "lines").replace("[src]", "[line]");
    assertThat(ConfigLoader.parse(lines, "flows.yaml", Map.of()).time().field()).isNull();
    assertThat(ConfigRefusalTest.refusal(lines.replace("lines", "csv")))
        .containsExactly(
            "flows.yaml:3: format.csv: needs 'columns': only files have a header line");
  }
}
