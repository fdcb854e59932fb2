package dev.atalaya.job.config;

import dev.atalaya.connectors.Secret;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings.Binding;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings.Declare;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings.MessageId;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings.Tls;
import dev.atalaya.connectors.rabbitmq.RabbitMqSources;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads {@code source.rabbitmq}. */
final class RabbitMqReader {

  private static final Map<String, MessageId> IDS =
      Map.of(
          "none", MessageId.NONE,
          "correlation-id", MessageId.CORRELATION_ID,
          "message-id", MessageId.MESSAGE_ID);

  private static final String QUEUE_TYPE = "x-queue-type";
  private static final String DELIVERY_LIMIT = "x-delivery-limit";

  /** Of {@link #DELIVERY_LIMIT}. */
  private static final String NO_LIMIT = "-1";

  /** Of queues, exchanges and routing keys, in bytes. */
  private static final int MAX_NAME_BYTES = 255;

  private static final int PLAIN_PORT = 5672;
  private static final int TLS_PORT = 5671;

  /** Messages per second of a queue, below which the reader is likely not to keep up. */
  private static final int LOW_CEILING = 1000;

  /** What a broker allows between a delivery and its acknowledgement, unless set otherwise. */
  private static final long CONSUMER_TIMEOUT_MILLIS = 30 * 60_000;

  private RabbitMqReader() {}

  static SourceConfig source(Section section) {
    List<String> servers = ServersReader.read(section, "localhost:5672");
    String virtualHost = section.value("virtual-host", "/", RabbitMqReader::name);
    String username = section.required("username", RabbitMqReader::name);
    Secret password = SecretReader.required(section, "password");
    String topic = section.value("mqtt-topic", null, RabbitMqReader::name);
    List<String> queues = queues(section, topic);
    Declare declare = declare(section, topic);
    List<Binding> bindings = bindings(section, topic);
    MessageId id = section.choice("id", "none", IDS);
    int prefetch = section.requiredInt("prefetch", 1, RabbitMqSources.MAX_PREFETCH);
    long heartbeat = section.duration("heartbeat", "10s", "1s", "1h");
    Tls tls = tls(section);
    section.refuse(
        "parallelism",
        "a queue has one reader: of two, each would take for new what the other has counted and"
            + " the broker delivers again. For more throughput give more queues; the other stages"
            + " have the job's parallelism");

    if (heartbeat % 1000 != 0) {
      section.problem("heartbeat", "must be whole seconds");
    }
    checkPort(section, servers, tls != null);
    checkCopies(section, queues, bindings);
    if (id != MessageId.NONE) {
      checkIds(section, declare);
    }
    return new SourceConfig.RabbitMq(
        new RabbitMqSettings(
            servers,
            virtualHost,
            username,
            password,
            queues,
            declare,
            bindings,
            id,
            prefetch,
            heartbeat,
            tls));
  }

  /**
   * Where events are written to.
   *
   * @return settings with one queue; of no use to a reader
   */
  static RabbitMqSettings writer(Section section) {
    List<String> servers = ServersReader.read(section, "localhost:5672");
    String virtualHost = section.value("virtual-host", "/", RabbitMqReader::name);
    String username = section.required("username", RabbitMqReader::name);
    Secret password = SecretReader.required(section, "password");
    String queue = section.required("queue", RabbitMqReader::name);
    Declare declare = declare(section, null);
    long heartbeat = section.duration("heartbeat", "10s", "1s", "1h");
    Tls tls = tls(section);
    checkPort(section, servers, tls != null);
    return new RabbitMqSettings(
        servers,
        virtualHost,
        username,
        password,
        queue == null ? List.of() : List.of(queue),
        declare,
        List.of(),
        MessageId.NONE,
        1,
        heartbeat,
        tls);
  }

  /** Whether checkpoints, which acknowledge, come often enough for the broker and the prefetch. */
  static void checkInterval(Section root, SourceConfig source, RuntimeConfig runtime) {
    if (!(source instanceof SourceConfig.RabbitMq rabbitMq)) {
      return;
    }
    long interval = runtime.checkpointMillis();
    String closed =
        "RabbitMQ closes the channel of a reader that has acknowledged nothing for 30m, unless its"
            + " consumer_timeout is set otherwise, and checkpoints acknowledge; lower it";
    if (interval >= CONSUMER_TIMEOUT_MILLIS) {
      root.section("checkpoint").problem("interval", closed);
    } else if (interval >= CONSUMER_TIMEOUT_MILLIS / 2) {
      root.section("checkpoint").warning("interval", closed);
    }
    if (rabbitMq.settings().prefetch() > 0) {
      long ceiling = rabbitMq.ceilingPerSecond(interval);
      if (ceiling < LOW_CEILING) {
        root.section("source")
            .section("rabbitmq")
            .warning(
                "prefetch",
                "a queue can give "
                    + ceiling
                    + " messages/s at most, prefetch / checkpoint.interval; below "
                    + LOW_CEILING
                    + " raise the one or lower the other");
      }
    }
  }

  private static List<String> queues(Section section, String topic) {
    List<String> queues =
        section.texts(
            "queues",
            "of two readers of a queue, each would take for new what the other has counted");
    if (queues.isEmpty() && topic != null) {
      queues = List.of("atalaya-" + routingKey(topic));
    }
    for (String queue : queues) {
      if (!isName(queue)) {
        section.problem("queues", "'" + Printable.escape(queue) + "' must be 1 to 255 bytes long");
      }
    }
    if (!section.has("queues") && !section.has("mqtt-topic")) {
      section.problem("queues", "is missing; give 'queues' or 'mqtt-topic'");
    }
    return queues;
  }

  /** With a topic alone, the queue is ours, so it is declared. */
  private static Declare declare(Section section, String topic) {
    Section declare = section.section("declare");
    boolean durable = declare.flag("durable", true);
    Map<String, String> arguments = declare.textMap("arguments");
    declare.close();
    String type = arguments.getOrDefault(QUEUE_TYPE, "classic");
    if (type.equals("stream")) {
      // What was not acknowledged would not come again.
      declare.problem("arguments", "a stream is no queue; use quorum or classic");
    } else if (type.equals("quorum") && !durable) {
      declare.problem("durable", "a quorum queue is always durable; remove it");
    } else if (!durable) {
      declare.warning("durable", "what is in the queue is lost when the broker restarts");
    }
    if (!arguments.getOrDefault(DELIVERY_LIMIT, NO_LIMIT).equals(NO_LIMIT)) {
      declare.warning(
          "arguments",
          "with x-delivery-limit the broker drops a message, or dead-letters it, that has come back"
              + " more often; each failure hands back what is not acknowledged");
    }
    boolean named = topic != null && !section.has("queues");
    return section.has("declare") || named ? new Declare(durable, arguments) : null;
  }

  private static List<Binding> bindings(Section section, String topic) {
    List<Binding> bindings = new ArrayList<>();
    for (Section binding : section.sections("bindings")) {
      String exchange = binding.required("exchange", RabbitMqReader::name);
      List<String> keys = binding.requiredTexts("routing-keys");
      binding.close();
      if (keys.stream().anyMatch(key -> bytes(key) > MAX_NAME_BYTES)) {
        binding.problem("routing-keys", "one is longer than 255 bytes");
      }
      bindings.add(new Binding(exchange, keys));
    }
    if (topic != null) {
      bindings.add(new Binding(RabbitMqSources.MQTT_EXCHANGE, List.of(routingKey(topic))));
    }
    return List.copyOf(bindings);
  }

  /** As the plugin translates an MQTT topic, wildcards included. */
  private static String routingKey(String topic) {
    return topic.replace('/', '.').replace('+', '*');
  }

  private static Tls tls(Section section) {
    Section tls = section.section("tls");
    String ca = tls.value("ca", null, LocalPath::checked);
    String cert = tls.value("cert", null, LocalPath::checked);
    String key = tls.value("key", null, LocalPath::checked);
    tls.close();
    tls.bothOrNone("cert", "key");
    return section.has("tls") ? new Tls(ca, cert, key) : null;
  }

  private static void checkPort(Section section, List<String> servers, boolean tls) {
    String wrong = ":" + (tls ? PLAIN_PORT : TLS_PORT);
    if (servers.stream().anyMatch(server -> server.endsWith(wrong))) {
      section.warning(
          "servers",
          tls
              ? "5672 is the port of plain text, and there is 'tls'; that of TLS is 5671"
              : "5671 is the port of TLS, and there is no 'tls'");
    }
  }

  /** An exchange gives every queue that a key matches a copy of the message. */
  private static void checkCopies(Section section, List<String> queues, List<Binding> bindings) {
    if (queues.size() < 2 || bindings.isEmpty()) {
      return;
    }
    String key = section.has("mqtt-topic") ? "mqtt-topic" : "bindings";
    boolean copies =
        bindings.stream()
            .map(Binding::exchange)
            .anyMatch(exchange -> exchange != null && exchange.startsWith("amq."));
    if (copies) {
      section.problem(
          key,
          "each of the queues would get a copy of every message, and it would be counted as often;"
              + " bind one queue, or several to an exchange that shares out, such as"
              + " x-consistent-hash");
    } else {
      section.warning(
          key,
          "unless the exchange shares out, as x-consistent-hash does, each of the queues gets a"
              + " copy of every message, and it is counted as often");
    }
  }

  /** What keeps ids from doing what they are for. */
  private static void checkIds(Section section, Declare declare) {
    if (section.has("mqtt-topic")) {
      section.warning("id", "MQTT 3.1.1 messages carry none; they will be rejected as no-id");
    }
    if (declare != null && declare.arguments().containsKey("x-max-priority")) {
      section
          .section("declare")
          .warning(
              "arguments",
              "with x-max-priority the queue is not first in, first out: the id of a message that"
                  + " comes again may be forgotten by then, and it counts twice");
    }
  }

  private static String name(String text) {
    if (!isName(text)) {
      throw new IllegalArgumentException("must be 1 to 255 bytes long");
    }
    return text;
  }

  private static boolean isName(String text) {
    return !text.isBlank() && bytes(text) <= MAX_NAME_BYTES;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
