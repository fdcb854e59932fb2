package dev.atalaya.connectors.kafka;

import dev.atalaya.connectors.Decoder;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.common.KafkaException;

/**
 * The Kafka source: payloads of topics, decoded inside the source so that watermarks are kept per
 * partition.
 *
 * <p>Exactly once: the position of every partition is part of Flink's checkpoints. Positions are
 * also committed to the group, for the eyes of lag monitors and for {@code start: committed}; a
 * restore does not look at them.
 *
 * <p>With {@link KafkaSettings#idHeader}, what a producer wrote twice counts once as well, within
 * the last {@value RecentIds#REMEMBERED} records of a partition.
 *
 * <p>Offsets that a restored job needs and the broker no longer has (retention, or a topic deleted
 * and created again) stop the job with a message, or are skipped and accounted for, as the settings
 * say; never are they skipped without a word.
 */
public final class KafkaSources {

  private KafkaSources() {}

  /**
   * A source of the records that {@code decoder} makes of the payloads.
   *
   * <p>Nothing is connected here. When the brokers do not answer, the job fails {@code
   * default.api.timeout.ms} (30 s unless a property says otherwise) after its start, and is
   * restarted as its restart strategy says. What they refuse ends it for good.
   *
   * @throws IllegalArgumentException when a setting cannot be meant as it stands
   */
  public static <T> Source<T, ?, ?> create(KafkaSettings settings, Decoder<T> decoder) {
    RecentIds ids = settings.idHeader() ? new RecentIds() : null;
    KafkaSourceBuilder<T> source =
        KafkaSource.<T>builder()
            .setProperties(ClientProperties.consumer(settings))
            .setKafkaSubscriber(subscriber(settings))
            .setStartingOffsets(start(settings))
            .setDeserializer(new PayloadDeserializer<>(decoder, ids));
    if (settings.end() != null) {
      source.setBounded(end(settings.end()));
    }
    return new GuardedSource<>(source.build(), settings, decoder, ids);
  }

  /**
   * Asks the brokers for what is to be read, and waits up to 20 s for their answer.
   *
   * @throws dev.atalaya.connectors.BrokerRefusedException when they refuse it
   * @throws org.apache.flink.util.FlinkRuntimeException when they do not answer
   */
  public static void check(KafkaSettings settings) {
    try (AdminClient admin = AdminClient.create(ClientProperties.admin(settings))) {
      subscriber(settings).getSubscribedTopicPartitions(admin);
    } catch (KafkaException e) { // a client that cannot be made, for want of a file
      throw KafkaFailures.explained(e, settings.servers(), "partitions");
    }
  }

  /** The client properties that the connector sets itself and refuses from users, sorted. */
  public static Set<String> reservedProperties() {
    return new TreeSet<>(ClientProperties.CONSUMER_RESERVED.keySet());
  }

  private static ExplainedSubscriber subscriber(KafkaSettings settings) {
    List<String> topics = settings.topics() == null ? List.of() : settings.topics();
    if (topics.isEmpty() == (settings.topicPattern() == null)) {
      throw new IllegalArgumentException(
          "either topics or a topic pattern must be given, got topics "
              + topics
              + " and pattern "
              + settings.topicPattern());
    }
    return settings.topicPattern() == null
        ? ExplainedSubscriber.ofTopics(topics, settings.servers())
        : ExplainedSubscriber.ofPattern(
            Pattern.compile(settings.topicPattern()), settings.servers());
  }

  private static OffsetsInitializer start(KafkaSettings settings) {
    String start = settings.start();
    if (start.equals("committed") && settings.group() == null) {
      throw new IllegalArgumentException("start: committed needs a group");
    }
    return switch (start) {
      case "earliest" -> new NeverReset(OffsetsInitializer.earliest());
      case "latest" -> new NeverReset(OffsetsInitializer.latest());
      case "committed" -> new NeverReset(new CommittedElseEarliest());
      default -> new NeverReset(OffsetsInitializer.timestamp(millis("start", start)));
    };
  }

  private static OffsetsInitializer end(String end) {
    return end.equals("latest")
        ? OffsetsInitializer.latest()
        : OffsetsInitializer.timestamp(millis("end", end));
  }

  private static long millis(String setting, String time) {
    try {
      return Instant.parse(time).toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException(
          setting + " must be a known word or a time like 2026-11-21T17:00:00Z, got " + time, e);
    }
  }
}
