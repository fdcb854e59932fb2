package dev.atalaya.connectors.kafka;

import dev.atalaya.connectors.Secret;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * What is read from Kafka and how the client connects.
 *
 * @param topics names; empty when {@code topicPattern} is set
 * @param topicPattern a regular expression over topic names, or null
 * @param start {@code earliest}, {@code latest}, {@code committed} or an ISO-8601 time
 * @param end where a bounded replay ends: {@code latest}, an ISO-8601 time, or null for never
 * @param discoveryMillis how often new partitions are looked for; 0 or less is never
 * @param onLostOffsets what follows when the broker no longer has the offsets to go on from
 * @param idHeader whether the header {@value KafkaWriter#ID_HEADER} tells a record from all others,
 *     so that one written twice counts once
 * @param security TLS and SASL, or null for plain text
 * @param properties passed to the Kafka client as they are
 */
public record KafkaSettings(
    String servers,
    List<String> topics,
    String topicPattern,
    String group,
    String start,
    String end,
    long discoveryMillis,
    LostOffsets onLostOffsets,
    boolean idHeader,
    Security security,
    Map<String, String> properties)
    implements Serializable {

  /** Of records without ids. */
  public KafkaSettings(
      String servers,
      List<String> topics,
      String topicPattern,
      String group,
      String start,
      String end,
      long discoveryMillis,
      LostOffsets onLostOffsets,
      Security security,
      Map<String, String> properties) {
    this(
        servers,
        topics,
        topicPattern,
        group,
        start,
        end,
        discoveryMillis,
        onLostOffsets,
        false,
        security,
        properties);
  }

  /** Offsets are lost when retention was faster than the job, or a topic was created anew. */
  public enum LostOffsets {
    /** The job ends with a message. */
    STOP,
    /** Reading goes on at the earliest there is; what is gone is counted and named. */
    CONTINUE
  }

  /**
   * @param protocol {@code ssl}, {@code sasl_plaintext} or {@code sasl_ssl}
   * @param mechanism {@code PLAIN}, {@code SCRAM-SHA-256}, {@code SCRAM-SHA-512}, or null without
   *     SASL
   * @param username with SASL, else null
   * @param password with SASL, else null
   * @param caFile PEM certificates to trust, or null for the machine's own
   * @param certFile PEM client certificate, or null
   * @param keyFile PEM client key, or null
   */
  public record Security(
      String protocol,
      String mechanism,
      String username,
      Secret password,
      String caFile,
      String certFile,
      String keyFile)
      implements Serializable {}
}
