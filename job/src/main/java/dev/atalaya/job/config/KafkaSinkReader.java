package dev.atalaya.job.config;

import dev.atalaya.connectors.kafka.KafkaSettings;
import dev.atalaya.connectors.kafka.KafkaSinkSettings;
import dev.atalaya.connectors.kafka.KafkaSinks;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads the sink {@code kafka}. */
final class KafkaSinkReader {

  /**
   * Longest time from a failure until the job is back to commit what its checkpoint covers. A lost
   * TaskManager is noticed after Flink's heartbeat timeout, 50 s unless set otherwise, and a
   * restart waits up to 1 min by Flink's own strategy; the rest is for deploying.
   */
  private static final long RESTART_MILLIS = 2 * 60_000;

  private KafkaSinkReader() {}

  static SinkConfig read(Section section) {
    List<String> servers = ServersReader.read(section, "localhost:9092");
    String alerts = section.value("alerts", "atalaya-alerts", KafkaReader::topic);
    String reports = section.value("reports", "atalaya-reports", KafkaReader::topic);
    String deadLetters = section.value("dead-letters", "atalaya-dead-letters", KafkaReader::topic);
    String prefix = section.value("transaction-prefix", null, KafkaSinkReader::prefix);
    long timeout = timeout(section);
    if (section.has("transaction-timeout") && !section.has("transaction-prefix")) {
      section.problem("transaction-timeout", "has no effect without transaction-prefix");
    }
    KafkaSettings.Security security = KafkaReader.security(section);
    Map<String, String> properties =
        KafkaReader.properties(section, KafkaSinks.reservedProperties());
    return new SinkConfig.Kafka(
        new KafkaSinkSettings(
            String.join(",", servers),
            alerts,
            reports,
            deadLetters,
            prefix,
            timeout,
            security,
            properties));
  }

  private static long timeout(Section section) {
    return section.duration("transaction-timeout", "15m", "1s", "7d");
  }

  private static String prefix(String text) {
    if (!text.matches("[A-Za-z0-9._-]{1,200}")) {
      throw new IllegalArgumentException("must be up to 200 letters, digits, '.', '_' and '-'");
    }
    return text;
  }

  /** What a sink must not have in common with the source or another sink. */
  static void checkAlone(
      Section section, SinkConfig.Kafka sink, SourceConfig source, List<SinkConfig> others) {
    KafkaSinkSettings settings = sink.settings();
    if (source instanceof SourceConfig.Kafka input) {
      topics(settings)
          .forEach(
              (key, topic) -> {
                if (reads(input.settings(), settings.servers(), topic)) {
                  section.problem(key, "is a topic that the source reads; write to another");
                }
              });
    }
    for (SinkConfig other : others) {
      if (other instanceof SinkConfig.Kafka kafka) {
        checkApart(section, settings, kafka.settings());
      }
    }
  }

  private static void checkApart(
      Section section, KafkaSinkSettings settings, KafkaSinkSettings other) {
    if (settings.transactionPrefix() != null) {
      if (settings.transactionPrefix().equals(other.transactionPrefix())) {
        section.problem(
            "transaction-prefix",
            "another sink has it already, and the transactions of both could not be told apart; give"
                + " each its own");
      }
    } else if (other.transactionPrefix() == null && topics(settings).equals(topics(other))) {
      section.problem(
          "alerts",
          "another sink without a transaction-prefix names the same topics, if at other brokers, and"
              + " the state of both could not be told apart; give one a transaction-prefix, or name"
              + " other topics");
    }
  }

  private static Map<String, String> topics(KafkaSinkSettings settings) {
    // In the same order always: problems are told in it.
    return new TreeMap<>(
        Map.of(
            "alerts", settings.alerts(),
            "reports", settings.reports(),
            "dead-letters", settings.deadLetters()));
  }

  static boolean reads(KafkaSettings source, String servers, String topic) {
    boolean sameCluster =
        Arrays.stream(servers.split(",")).anyMatch(List.of(source.servers().split(","))::contains);
    return sameCluster
        && (source.topicPattern() == null
            ? source.topics().contains(topic)
            : topic.matches(source.topicPattern()));
  }

  /**
   * Refuses a transaction timeout that ordinary failures outlast: a transaction is open for the
   * interval before its checkpoint, for the checkpoint, which may take as long, and for a restart.
   */
  static void checkTimeouts(Section root, RuntimeConfig runtime) {
    long least = 2 * runtime.checkpointMillis() + RESTART_MILLIS;
    for (Section item : root.sections("sinks")) {
      Section section = item.section("kafka");
      long timeout = timeout(section);
      if (section.has("transaction-prefix") && timeout > 0 && timeout < least) {
        section.problem(
            "transaction-timeout",
            Units.formatDuration(timeout)
                + " is too short: give at least "
                + Units.formatDuration(least)
                + ", which is twice checkpoint.interval and "
                + Units.formatDuration(RESTART_MILLIS)
                + " for a restart; the documents of a transaction that ends earlier are lost");
      }
    }
  }
}
