package dev.atalaya.connectors.kafka;

import dev.atalaya.connectors.Document;
import java.nio.charset.StandardCharsets;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Makes a Kafka record of a document. */
final class DocumentRecords implements KafkaRecordSerializationSchema<Document> {

  private final KafkaSinkSettings settings;

  DocumentRecords(KafkaSinkSettings settings) {
    this.settings = settings;
  }

  /**
   * @param timestamp of Flink; the document has its own
   */
  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      Document document, KafkaSinkContext context, Long timestamp) {
    return new ProducerRecord<>(
        topic(document.kind()),
        null,
        time(document.eventTimeMillis()),
        document.key().getBytes(StandardCharsets.UTF_8),
        document.json().getBytes(StandardCharsets.UTF_8));
  }

  /** Null, which lets the client take its clock, where there is none that Kafka can keep. */
  private static Long time(long eventTimeMillis) {
    return eventTimeMillis < 0 ? null : eventTimeMillis;
  }

  private String topic(Document.Kind kind) {
    return switch (kind) {
      case ALERT -> settings.alerts();
      case REPORT -> settings.reports();
      case DEAD_LETTER -> settings.deadLetters();
    };
  }
}
