package dev.atalaya.job.config;

import java.io.Serializable;
import java.util.List;
import java.util.Map;

/** Where events come from. */
public sealed interface SourceConfig extends Serializable {

  /** The word in the configuration: {@code kafka}, {@code files}. */
  String system();

  /** Whether the source ends by itself. */
  boolean bounded();

  /**
   * @param topics names; empty when {@code topicPattern} is set
   * @param topicPattern a regular expression over topic names, or null
   * @param start {@code earliest}, {@code latest}, {@code committed} or an ISO-8601 time
   * @param end where a bounded replay ends: {@code latest}, an ISO-8601 time, or null for never
   * @param discoveryMillis how often new partitions are looked for; 0 or less is never
   * @param security TLS and SASL, or null for plain text
   * @param properties passed to the Kafka client as they are
   */
  record Kafka(
      String servers,
      List<String> topics,
      String topicPattern,
      String group,
      String start,
      String end,
      long discoveryMillis,
      KafkaSecurity security,
      Map<String, String> properties)
      implements SourceConfig {

    @Override
    public String system() {
      return "kafka";
    }

    @Override
    public boolean bounded() {
      return end != null;
    }
  }

  /**
   * @param protocol {@code ssl}, {@code sasl_plaintext} or {@code sasl_ssl}
   * @param mechanism {@code PLAIN}, {@code SCRAM-SHA-256}, {@code SCRAM-SHA-512}, or null without
   *     SASL
   * @param username with SASL, else null
   * @param password already read from its file or the environment; never shown
   * @param caFile PEM certificates to trust, or null for the machine's own
   * @param certFile PEM client certificate, or null
   * @param keyFile PEM client key, or null
   */
  record KafkaSecurity(
      String protocol,
      String mechanism,
      String username,
      Secret password,
      String caFile,
      String certFile,
      String keyFile)
      implements Serializable {}

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
   * The sample stream of {@code atalaya demo}.
   *
   * @param eventsPerSecond how fast it is played; 0 or less is as fast as possible
   */
  record Sample(long seed, long eventsPerSecond) implements SourceConfig {

    @Override
    public String system() {
      return "sample";
    }

    @Override
    public boolean bounded() {
      return true;
    }
  }
}
