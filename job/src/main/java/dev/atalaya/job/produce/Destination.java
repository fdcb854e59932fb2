package dev.atalaya.job.produce;

import dev.atalaya.connectors.MessageWriter;
import dev.atalaya.connectors.kafka.KafkaSettings;
import dev.atalaya.connectors.kafka.KafkaWriter;
import dev.atalaya.connectors.rabbitmq.RabbitMqWriter;
import dev.atalaya.job.config.SourceConfig;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One topic or queue that a job reads.
 *
 * @param name of the topic or queue
 */
public record Destination(SourceConfig source, String name) {

  /**
   * Chooses among what the source reads.
   *
   * @param wanted a name, or null when there is only one
   * @throws IllegalArgumentException when there is no such choice; the message says what there is
   */
  public static Destination of(SourceConfig source, String wanted) {
    if (source instanceof SourceConfig.RabbitMq rabbitMq) {
      return new Destination(source, choose("queue", rabbitMq.settings().queues(), wanted));
    }
    if (source instanceof SourceConfig.Kafka kafka) {
      KafkaSettings settings = kafka.settings();
      return new Destination(
          source,
          settings.topicPattern() == null
              ? choose("topic", settings.topics(), wanted)
              : matching(settings.topicPattern(), wanted));
    }
    throw new IllegalArgumentException(
        "source." + source.system() + " is no broker: events go into Kafka or RabbitMQ");
  }

  private static String choose(String kind, List<String> names, String wanted) {
    if (wanted == null && names.size() == 1) {
      return names.get(0);
    }
    if (wanted == null || !names.contains(wanted)) {
      throw new IllegalArgumentException(
          "--" + kind + ": name one that the job reads: " + String.join(", ", names));
    }
    return wanted;
  }

  private static String matching(String pattern, String wanted) {
    if (wanted == null || !Pattern.matches(pattern, wanted)) {
      throw new IllegalArgumentException("--topic: name one that the job reads, like " + pattern);
    }
    return wanted;
  }

  /**
   * Connects, and waits for the broker if it is away.
   *
   * @throws dev.atalaya.connectors.BrokerRefusedException when it refuses the user or the name
   */
  public MessageWriter open(MessageWriter.Watcher watcher) throws InterruptedException {
    return source instanceof SourceConfig.RabbitMq rabbitMq
        ? RabbitMqWriter.open(rabbitMq.settings(), name, watcher)
        : KafkaWriter.open(((SourceConfig.Kafka) source).settings(), name, watcher);
  }
}
