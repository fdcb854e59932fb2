package dev.atalaya.connectors.rabbitmq;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Envelope;
import dev.atalaya.connectors.Decoder;
import dev.atalaya.connectors.Origin;
import dev.atalaya.connectors.Payload;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings.MessageId;
import java.net.URLEncoder;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.connectors.rabbitmq.RMQDeserializationSchema;

/**
 * Hands the body of each delivery to the decoder, marked when it was seen before, cannot be told
 * from others, or is about an MQTT broker itself. Runs in the source's thread, under the checkpoint
 * lock.
 */
final class DeliveryDecoder<T> implements RMQDeserializationSchema<T>, Origin {

  private static final String SYSTEM_TOPIC = "$SYS";

  private final Decoder<T> decoder;
  private final String queue;
  private final MessageId property;
  private transient SeenIds seen;
  private transient Payload payload;
  private transient RMQCollector<T> collector;
  private transient Decoder.RecordOutput<T> output;
  private transient long tag;
  private transient String id;

  DeliveryDecoder(Decoder<T> decoder, String queue, MessageId property) {
    this.decoder = decoder;
    this.queue = queue;
    this.property = property;
  }

  /** To be called before {@link #open}. */
  void compareWith(SeenIds ids) {
    seen = ids;
  }

  @Override
  public void open(DeserializationSchema.InitializationContext context) {
    payload = new Payload();
    output = decoded -> collector.collect(decoded);
    decoder.open();
  }

  @Override
  public void deserialize(
      Envelope envelope, AMQP.BasicProperties properties, byte[] body, RMQCollector<T> out) {
    collector = out;
    tag = envelope.getDeliveryTag();
    // Puts the delivery on the list of what the next checkpoint acknowledges. The stock source
    // does so at the first record, and waits for ever when there is none.
    out.setMessageIdentifiers(null, tag);
    id = id(properties);
    payload.set(body, 0, body.length, this);
    if (properties.getTimestamp() != null) {
      payload.timestampMillis = properties.getTimestamp().toInstant().toEpochMilli();
    }
    if (id != null) {
      payload.isDuplicate = seen.isDuplicate(id, tag);
    } else if (property != MessageId.NONE) {
      payload.fault = "no-id";
    }
    if (isOfSystemTopic(envelope)) {
      payload.fault = "system-topic";
    }
    decoder.decode(payload, output);
  }

  /**
   * What brokers say of themselves, such as {@code $SYS/broker/uptime}: a bridge may pass it on.
   */
  private static boolean isOfSystemTopic(Envelope envelope) {
    String key = envelope.getRoutingKey();
    return RabbitMqSources.MQTT_EXCHANGE.equals(envelope.getExchange())
        && (key.equals(SYSTEM_TOPIC) || key.startsWith(SYSTEM_TOPIC + "."));
  }

  /** An empty id tells nothing apart: it is as none. */
  private String id(AMQP.BasicProperties properties) {
    String value =
        switch (property) {
          case NONE -> null;
          case CORRELATION_ID -> properties.getCorrelationId();
          case MESSAGE_ID -> properties.getMessageId();
        };
    return value == null || value.isEmpty() ? null : value;
  }

  /** The tag of the last delivery decoded, 0 before the first. */
  long lastTag() {
    return tag;
  }

  /** Whoever publishes chooses the id, so it is escaped as in a URL. */
  @Override
  public String describe() {
    return "rabbitmq:" + queue + "@" + (id == null ? tag : URLEncoder.encode(id, UTF_8));
  }

  @Override
  public boolean isEndOfStream(T decoded) {
    return false;
  }

  @Override
  public TypeInformation<T> getProducedType() {
    return decoder.producedType();
  }
}
