package dev.atalaya.connectors.kafka;

import dev.atalaya.connectors.Decoder;
import dev.atalaya.connectors.Origin;
import dev.atalaya.connectors.Payload;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Hands the value of each Kafka record to the decoder; keys mean nothing here, and of the headers
 * only that of the id, if at all. Runs in the task's thread. Without ids it allocates nothing per
 * record.
 */
final class PayloadDeserializer<T> implements KafkaRecordDeserializationSchema<T>, Origin {

  private final Decoder<T> decoder;
  private final RecentIds ids;
  private transient Payload payload;
  private transient ConsumerRecord<byte[], byte[]> current;
  private transient Collector<T> collector;
  private transient Decoder.RecordOutput<T> output;

  /**
   * @param ids null to have none
   */
  PayloadDeserializer(Decoder<T> decoder, RecentIds ids) {
    this.decoder = decoder;
    this.ids = ids;
  }

  @Override
  public void open(DeserializationSchema.InitializationContext context) {
    payload = new Payload();
    output = decoded -> collector.collect(decoded);
    decoder.open();
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> consumed, Collector<T> out) {
    current = consumed;
    collector = out;
    byte[] value = consumed.value();
    if (value == null) {
      payload.set(null, 0, 0, this);
    } else {
      payload.set(value, 0, value.length, this);
    }
    payload.timestampMillis = consumed.timestamp();
    if (ids != null) {
      String id = RecentIds.id(consumed);
      if (id == null) {
        payload.fault = "no-id";
      } else {
        payload.isDuplicate = ids.isDuplicate(consumed, id);
      }
      if (ids.isHistory(consumed)) {
        return;
      }
    }
    decoder.decode(payload, output);
  }

  @Override
  public String describe() {
    return describe(current.topic(), current.partition(), current.offset());
  }

  static String describe(String topic, int partition, long offset) {
    return "kafka:" + topic + "/" + partition + "@" + offset;
  }

  @Override
  public TypeInformation<T> getProducedType() {
    return decoder.producedType();
  }
}
