package dev.atalaya.job.config;

import dev.atalaya.capture.follow.FollowSettings;
import dev.atalaya.capture.http.HttpSettings;
import dev.atalaya.capture.udp.UdpSettings;
import dev.atalaya.connectors.kafka.KafkaSettings;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings;
import java.io.Serializable;
import java.util.List;

/** Where events come from. */
public sealed interface SourceConfig extends Serializable {

  /**
   * In documents: {@code kafka}, {@code rabbitmq}, {@code files}, {@code capture}, {@code pcap}.
   */
  String system();

  /** Whether the source ends by itself. */
  boolean bounded();

  /** How often an event is counted, whatever fails. */
  enum Guarantee {
    EXACTLY_ONCE,
    AT_LEAST_ONCE,
    AT_MOST_ONCE,
    /** At least once by one way, at most once by another. */
    BY_WAY
  }

  /** Of all its events. */
  default Guarantee guarantee() {
    return Guarantee.EXACTLY_ONCE;
  }

  default boolean exactlyOnce() {
    return guarantee() == Guarantee.EXACTLY_ONCE;
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
    public Guarantee guarantee() {
      return settings.messageId() == RabbitMqSettings.MessageId.NONE
          ? Guarantee.AT_LEAST_ONCE
          : Guarantee.EXACTLY_ONCE;
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

  /**
   * What this process listens to and follows itself.
   *
   * @param http null for none
   * @param follow null for none
   */
  record Capture(HttpSettings http, List<UdpSettings> udp, FollowSettings follow)
      implements SourceConfig {

    public Capture {
      udp = List.copyOf(udp);
    }

    @Override
    public String system() {
      return "capture";
    }

    @Override
    public boolean bounded() {
      return false;
    }

    @Override
    public Guarantee guarantee() {
      if (udp.isEmpty()) {
        return http == null ? Guarantee.EXACTLY_ONCE : Guarantee.AT_LEAST_ONCE;
      }
      return http == null ? Guarantee.AT_MOST_ONCE : Guarantee.BY_WAY;
    }
  }

  /**
   * Packets of capture files.
   *
   * @param paths files or directories
   */
  record Packets(List<String> paths) implements SourceConfig {

    public Packets {
      paths = List.copyOf(paths);
    }

    @Override
    public String system() {
      return "pcap";
    }

    @Override
    public boolean bounded() {
      return true;
    }
  }
}
