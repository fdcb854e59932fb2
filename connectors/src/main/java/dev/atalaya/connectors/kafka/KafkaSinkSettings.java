package dev.atalaya.connectors.kafka;

import java.io.Serializable;
import java.util.Map;

/**
 * Where documents go in Kafka and how the client connects.
 *
 * @param alerts topic of the alerts
 * @param reports topic of the reports
 * @param deadLetters topic of the dead letters
 * @param transactionPrefix the stable beginning of the transactional ids; with it documents are
 *     delivered exactly once, null for at least once. No other running job may have the same.
 * @param transactionTimeoutMillis after which the broker aborts a transaction nobody finished
 * @param security TLS and SASL, or null for plain text
 * @param properties passed to the Kafka client as they are
 */
public record KafkaSinkSettings(
    String servers,
    String alerts,
    String reports,
    String deadLetters,
    String transactionPrefix,
    long transactionTimeoutMillis,
    KafkaSettings.Security security,
    Map<String, String> properties)
    implements Serializable {}
