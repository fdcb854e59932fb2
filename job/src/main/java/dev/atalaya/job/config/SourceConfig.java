package dev.atalaya.job.config;

import dev.atalaya.connectors.kafka.KafkaSettings;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings;
import java.io.Serializable;

/** Where events come from. */
public sealed interface SourceConfig extends Serializable {

  /** The word in the configuration: {@code kafka}, {@code rabbitmq}, {@code files}. */
  String system();

  /** Whether the source ends by itself. */
  boolean bounded();

  /** Whether each event is counted once, through any failure; else it is at least once. */
  default boolean exactlyOnce() {
    return true;
  }

  /** Topics of a Kafka cluster. */
  record Kafka(KafkaSettings settings) implements SourceConfig {

    @Override
    public String system() {
      return "kafka";
    }

    @Override
    public boolean bounded() {
      return settings.end() != null;
    }
  }

  /** Queues of a RabbitMQ broker. */
  record RabbitMq(RabbitMqSettings settings) implements SourceConfig {

    /**
     * Messages per second that a queue can give at most: a reader holds {@code prefetch} of them
     * until a checkpoint acknowledges them.
     */
    public long ceilingPerSecond(long checkpointMillis) {
      return settings.prefetch() * 1000L / checkpointMillis;
    }

    @Override
    public boolean exactlyOnce() {
      return settings.messageId() != RabbitMqSettings.MessageId.NONE;
    }

    @Override
    public String system() {
      return "rabbitmq";
    }

    @Override
    public boolean bounded() {
      return false;
    }
  }

  /**
   * @param path a file or a directory
   * @param watchMillis how often a directory is looked at for new files; 0 reads once and ends
   */
  record Files(String path, long watchMillis) implements SourceConfig {

    @Override
    public String system() {
      return "files";
    }

    @Override
    public boolean bounded() {
      return watchMillis <= 0;
    }
  }
}
