package dev.atalaya.job.config;

import dev.atalaya.connectors.Secret;
import dev.atalaya.connectors.kafka.KafkaSettings;
import dev.atalaya.connectors.kafka.KafkaSettings.LostOffsets;
import dev.atalaya.connectors.kafka.KafkaSources;
import dev.atalaya.connectors.kafka.KafkaWriter;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads what concerns Kafka. */
final class KafkaReader {

  private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");

  private static final String NO_TOPIC = "can be no topic of Kafka";

  private static final Map<String, String> PROTOCOLS =
      Map.of("ssl", "ssl", "sasl_plaintext", "sasl_plaintext", "sasl_ssl", "sasl_ssl");
  private static final Map<String, String> MECHANISMS =
      Map.of("plain", "PLAIN", "scram-sha-256", "SCRAM-SHA-256", "scram-sha-512", "SCRAM-SHA-512");

  private static final Map<String, LostOffsets> LOST_OFFSETS =
      Map.of("stop", LostOffsets.STOP, "continue", LostOffsets.CONTINUE);

  private static final Map<String, Boolean> IDS = Map.of("none", false, "header", true);

  private static final List<String> START_WORDS = List.of("earliest", "latest", "committed");
  private static final List<String> END_WORDS = List.of("latest");

  private KafkaReader() {}

  static SourceConfig source(Section section) {
    List<String> servers = ServersReader.read(section, "localhost:9092");
    List<String> topics = section.texts("topics");
    for (String topic : topics) {
      if (!TOPIC.matcher(topic).matches()) {
        section.problem("topics", "'" + Printable.escape(topic) + "' " + NO_TOPIC);
      }
    }
    String pattern = section.value("topic-pattern", null, KafkaReader::pattern);
    if (topics.isEmpty() == !section.has("topic-pattern")) {
      section.problem(
          topics.isEmpty() ? "topics" : "topic-pattern", "give either 'topics' or 'topic-pattern'");
    }
    String group = section.text("group", "atalaya");
    String start = section.value("start", "earliest", text -> instantOr(text, START_WORDS));
    String end = section.value("end", null, text -> instantOr(text, END_WORDS));
    long discovery = section.duration("discovery", "1m", "0s", "1d");
    LostOffsets onLostOffsets = section.choice("on-lost-offsets", "stop", LOST_OFFSETS);
    boolean idHeader = section.choice("id", "none", IDS);
    KafkaSettings.Security security = security(section);
    Map<String, String> properties = properties(section, KafkaSources.reservedProperties());
    return new SourceConfig.Kafka(
        new KafkaSettings(
            String.join(",", servers),
            topics,
            pattern,
            group,
            start,
            end,
            discovery,
            onLostOffsets,
            idHeader,
            security,
            properties));
  }

  /**
   * Where events are written to.
   *
   * @return settings with one topic; of no use to a reader
   */
  static KafkaSettings writer(Section section) {
    List<String> servers = ServersReader.read(section, "localhost:9092");
    String topic = section.required("topic", KafkaReader::topic);
    KafkaSettings.Security security = security(section);
    Map<String, String> properties = properties(section, KafkaWriter.reservedProperties());
    return new KafkaSettings(
        String.join(",", servers),
        topic == null ? List.of() : List.of(topic),
        null,
        null,
        "earliest",
        null,
        0,
        LostOffsets.STOP,
        security,
        properties);
  }

  static String topic(String text) {
    if (!TOPIC.matcher(text).matches()) {
      throw new IllegalArgumentException(NO_TOPIC);
    }
    return text;
  }

  private static String pattern(String text) {
    try {
      return Pattern.compile(text).pattern();
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("is no regular expression: " + e.getDescription(), e);
    }
  }

  private static String instantOr(String text, List<String> words) {
    if (words.contains(text)) {
      return text;
    }
    try {
      Instant instant = OffsetDateTime.parse(text).toInstant();
      return instant.toString();
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "is neither " + String.join(", ", words) + " nor a time such as 2026-08-26T10:00:00Z", e);
    }
  }

  /** Null when there is none. */
  static KafkaSettings.Security security(Section kafka) {
    Section section = kafka.section("security");
    String protocol = section.choice("protocol", null, PROTOCOLS);
    String mechanism = section.choice("mechanism", null, MECHANISMS);
    String username = section.text("username", null);
    Secret password = SecretReader.read(section, "password");
    String ca = section.text("ca", null);
    String cert = section.text("cert", null);
    String key = section.text("key", null);
    section.close();
    if (!kafka.has("security")) {
      return null;
    }
    if (!section.has("protocol")) {
      section.problem("protocol", "is missing; one of ssl, sasl_ssl, sasl_plaintext");
    }
    boolean sasl = protocol != null && protocol.startsWith("sasl");
    for (String name : List.of("mechanism", "username", "password")) {
      if (sasl && !section.has(name)) {
        section.problem(name, "is missing; " + protocol + " needs it");
      } else if (protocol != null && !sasl && section.has(name)) {
        section.problem(name, "has no effect with ssl; use sasl_ssl or remove it");
      }
    }
    boolean tls = protocol != null && protocol.endsWith("ssl");
    for (String name : List.of("ca", "cert", "key")) {
      if (protocol != null && !tls && section.has(name)) {
        section.problem(name, "has no effect without TLS; use sasl_ssl or remove it");
      }
    }
    section.bothOrNone("cert", "key");
    return new KafkaSettings.Security(protocol, mechanism, username, password, ca, cert, key);
  }

  /**
   * Without what the connector sets itself, and what of security must not come by the back door.
   */
  static Map<String, String> properties(Section kafka, Set<String> reserved) {
    Map<String, String> properties = kafka.textMap("properties");
    Section section = kafka.section("properties");
    for (String property : properties.keySet()) {
      if (property.startsWith("sasl.")
          || property.startsWith("ssl.")
          || property.equals("security.protocol")) {
        section.problem(property, "is set by 'security' beside it; remove it here");
      } else if (reserved.contains(property)) {
        section.problem(property, "is set by Atalaya itself; remove it here");
      }
    }
    return properties;
  }
}
