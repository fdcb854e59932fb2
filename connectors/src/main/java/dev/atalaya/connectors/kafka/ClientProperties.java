package dev.atalaya.connectors.kafka;

import dev.atalaya.connectors.kafka.KafkaSettings.Security;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.flink.connector.kafka.source.KafkaSourceOptions;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.plain.PlainLoginModule;
import org.apache.kafka.common.security.scram.ScramLoginModule;

/** What the Kafka client is told: settings, security, and the properties a user passes through. */
final class ClientProperties {

  /** The properties a user may not set, each with what is there instead. */
  private static final Map<String, String> RESERVED =
      Map.of(
          CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
          "use servers",
          CommonClientConfigs.SECURITY_PROTOCOL_CONFIG,
          "use security",
          SaslConfigs.SASL_MECHANISM,
          "use security",
          SaslConfigs.SASL_JAAS_CONFIG,
          "use security with a user name and a password; a login module is never loaded by name");

  static final Map<String, String> CONSUMER_RESERVED =
      with(
          Map.of(
              CommonClientConfigs.GROUP_ID_CONFIG,
              "use group",
              CommonClientConfigs.CLIENT_ID_CONFIG,
              "use " + KafkaSourceOptions.CLIENT_ID_PREFIX.key() + ", every subtask adds a number",
              ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
              "use start and on-lost-offsets",
              ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
              "positions are committed with checkpoints",
              ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
              "the format decodes",
              ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
              "the format decodes",
              KafkaSourceOptions.PARTITION_DISCOVERY_INTERVAL_MS.key(),
              "use discovery instead"));

  static final Map<String, String> PRODUCER_RESERVED =
      with(
          Map.of(
              ProducerConfig.TRANSACTIONAL_ID_CONFIG,
              "use transaction-prefix",
              ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
              "use transaction-timeout",
              ProducerConfig.ACKS_CONFIG,
              "a document is written when all in-sync replicas have it",
              ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
              "the client's own retries must not double a document",
              ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
              "documents are JSON",
              ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
              "documents are JSON"));

  static final Map<String, String> WRITER_RESERVED =
      with(
          PRODUCER_RESERVED,
          Map.of(
              ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
              "brokers are waited for",
              ProducerConfig.MAX_BLOCK_MS_CONFIG,
              "brokers are waited for"));

  /** Unless a property says otherwise, what is not answered by then is taken for silence. */
  private static final String ADMIN_TIMEOUT_MILLIS = "20000";

  /** Classes that a user wants beside one kind of client; another may not be able to use them. */
  private static final Set<String> WITH_CLASSES =
      Set.of(
          ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG,
          CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG);

  private static final String FOR_EVER = Integer.toString(Integer.MAX_VALUE);

  private ClientProperties() {}

  private static Map<String, String> with(Map<String, String> more) {
    return with(RESERVED, more);
  }

  private static Map<String, String> with(Map<String, String> some, Map<String, String> more) {
    Map<String, String> reserved = new HashMap<>(some);
    reserved.putAll(more);
    return Map.copyOf(reserved);
  }

  static Properties consumer(KafkaSettings settings) {
    Properties client = new Properties();
    client.setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    // A misspelt topic must be an error, not a new topic.
    client.setProperty(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    client.setProperty(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, "30000");
    client.setProperty(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, "15000");
    client.setProperty(
        KafkaSourceOptions.CLIENT_ID_PREFIX.key(),
        settings.group() == null ? "atalaya" : settings.group());
    addPassedThrough(client, settings.properties(), CONSUMER_RESERVED);
    client.setProperty(
        KafkaSourceOptions.PARTITION_DISCOVERY_INTERVAL_MS.key(),
        Long.toString(settings.discoveryMillis()));
    if (settings.group() != null) {
      client.setProperty(CommonClientConfigs.GROUP_ID_CONFIG, settings.group());
    }
    addConnection(client, settings.servers(), settings.security());
    return client;
  }

  /** Of a producer beside the job: the source's brokers, user and common properties. */
  static Properties writer(KafkaSettings settings) {
    Properties client = new Properties();
    consumer(settings)
        .forEach(
            (key, value) -> {
              if (ProducerConfig.configNames().contains(key) && !WITH_CLASSES.contains(key)) {
                client.put(key, value);
              }
            });
    client.setProperty(ProducerConfig.ACKS_CONFIG, "all");
    client.setProperty(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
    client.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, "5");
    // Brokers that are away are waited for, however long; but not in silence.
    client.setProperty(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, FOR_EVER);
    client.setProperty(ProducerConfig.MAX_BLOCK_MS_CONFIG, "3000");
    return client;
  }

  static Properties producer(KafkaSinkSettings settings) {
    Properties client = new Properties();
    // Half of the client's own: brokers that do not answer are told of within 30 s.
    client.setProperty(ProducerConfig.MAX_BLOCK_MS_CONFIG, "30000");
    addPassedThrough(client, settings.properties(), PRODUCER_RESERVED);
    client.setProperty(ProducerConfig.ACKS_CONFIG, "all");
    client.setProperty(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
    client.setProperty(
        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
        Long.toString(settings.transactionTimeoutMillis()));
    addConnection(client, settings.servers(), settings.security());
    return client;
  }

  /** Of a consumer of what a sink has written: its brokers, user and common properties. */
  static Properties reader(KafkaSinkSettings settings) {
    Properties client = new Properties();
    // How soon new partitions are seen.
    client.setProperty(CommonClientConfigs.METADATA_MAX_AGE_CONFIG, "30000");
    // A reader may have little memory; a larger record comes alone.
    client.setProperty(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, Integer.toString(4 << 20));
    client.setProperty(
        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Integer.toString(256 << 10));
    settings
        .properties()
        .forEach(
            (key, value) -> {
              if (ConsumerConfig.configNames().contains(key) && !WITH_CLASSES.contains(key)) {
                client.setProperty(key, value);
              }
            });
    client.setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    client.setProperty(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    client.setProperty(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    client.setProperty(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    addConnection(client, settings.servers(), settings.security());
    return client;
  }

  static Properties admin(KafkaSettings settings) {
    return admin(settings.servers(), settings.security(), settings.properties());
  }

  static Properties admin(KafkaSinkSettings settings) {
    return admin(settings.servers(), settings.security(), settings.properties());
  }

  /** Of the properties passed through, those that concern the connection. */
  private static Properties admin(
      String servers, Security security, Map<String, String> properties) {
    Properties client = new Properties();
    client.setProperty(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, ADMIN_TIMEOUT_MILLIS);
    client.setProperty(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, ADMIN_TIMEOUT_MILLIS);
    properties.forEach(
        (key, value) -> {
          if (AdminClientConfig.configNames().contains(key)) {
            client.setProperty(key, value);
          }
        });
    addConnection(client, servers, security);
    return client;
  }

  private static void addPassedThrough(
      Properties client, Map<String, String> properties, Map<String, String> reserved) {
    properties.forEach(
        (key, value) -> {
          String instead = reserved.get(key);
          if (instead != null) {
            throw new IllegalArgumentException(
                "Kafka property " + key + " cannot be set: " + instead);
          }
          client.setProperty(key, value);
        });
  }

  private static void addConnection(Properties client, String servers, Security security) {
    client.setProperty(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
    if (security != null) {
      addSecurity(client, security);
    }
  }

  private static void addSecurity(Properties client, Security security) {
    String protocol = security.protocol().toUpperCase(Locale.ROOT);
    client.setProperty(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, protocol);
    if (protocol.startsWith("SASL_")) {
      client.setProperty(SaslConfigs.SASL_MECHANISM, security.mechanism());
      client.setProperty(SaslConfigs.SASL_JAAS_CONFIG, jaas(security));
    }
    if (security.caFile() != null) {
      client.setProperty(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, "PEM");
      client.setProperty(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG, security.caFile());
    }
    if (security.certFile() != null) {
      client.setProperty(SslConfigs.SSL_KEYSTORE_TYPE_CONFIG, "PEM");
      if (security.keyFile() == null || security.keyFile().equals(security.certFile())) {
        client.setProperty(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG, security.certFile());
      } else {
        // The client reads one file that holds both, or the text of each.
        client.setProperty(
            SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG, text(security.certFile()));
        client.setProperty(SslConfigs.SSL_KEYSTORE_KEY_CONFIG, text(security.keyFile()));
      }
    }
  }

  private static String jaas(Security security) {
    String module =
        switch (String.valueOf(security.mechanism())) {
          case "PLAIN" -> PlainLoginModule.class.getName();
          case "SCRAM-SHA-256", "SCRAM-SHA-512" -> ScramLoginModule.class.getName();
          default ->
              throw new IllegalArgumentException(
                  "SASL mechanism must be PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512, got "
                      + security.mechanism());
        };
    if (security.username() == null || security.password() == null) {
      throw new IllegalArgumentException("SASL needs a user name and a password");
    }
    return module
        + " required username="
        + quoted(security.username())
        + " password="
        + quoted(security.password().value())
        + ";";
  }

  /** As the client's JAAS parser reads it back, whatever the value holds. */
  static String quoted(String value) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format(Locale.ROOT, "\\%03o", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  private static String text(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
