package dev.atalaya.connectors.rabbitmq;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Envelope;
import dev.atalaya.connectors.Decoder;
import dev.atalaya.connectors.LineDecoder;
import dev.atalaya.connectors.Payload;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings.MessageId;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.connectors.rabbitmq.RMQDeserializationSchema;
import org.apache.flink.streaming.connectors.rabbitmq.RMQSource;
import org.apache.flink.streaming.connectors.rabbitmq.common.RMQConnectionConfig;

/** Flink's reader and ours, on a queue that is not real. */
enum Readers {
  STOCK {
    @Override
    RMQSource<String> on(FakeQueue queue) {
      RMQConnectionConfig config =
          new RMQConnectionConfig.Builder()
              .setHost("localhost")
              .setPort(5672)
              .setVirtualHost("/")
              .setUserName("u")
              .setPassword("p")
              .setPrefetchCount(PREFETCH)
              .setDeliveryTimeout(10)
              .build();
      return new RMQSource<>(config, "q", true, new SkippingSchema()) {
        @Override
        protected Connection setupConnection() {
          return queue.connect();
        }
      };
    }
  },
  OURS {
    @Override
    RMQSource<String> on(FakeQueue queue) {
      return new OnFake(queue);
    }
  };

  static final int PREFETCH = 100;

  /** A reader by correlation id that makes no record of the message {@code skip}. */
  abstract RMQSource<String> on(FakeQueue queue);

  static RabbitMqSettings settings() {
    return new RabbitMqSettings(
        List.of("localhost:5672"),
        "/",
        "u",
        null,
        List.of("q"),
        null,
        List.of(),
        MessageId.CORRELATION_ID,
        PREFETCH,
        10_000,
        null);
  }

  private static final class SkippingSchema implements RMQDeserializationSchema<String> {

    @Override
    public void deserialize(
        Envelope envelope,
        AMQP.BasicProperties properties,
        byte[] body,
        RMQCollector<String> collector) {
      String text = new String(body, UTF_8);
      if (!text.equals("skip")) {
        collector.collect(text);
      }
    }

    @Override
    public boolean isEndOfStream(String next) {
      return false;
    }

    @Override
    public TypeInformation<String> getProducedType() {
      return Types.STRING;
    }
  }

  private static final class OnFake extends RabbitMqSource<String> {

    private final FakeQueue queue;

    OnFake(FakeQueue queue) {
      super(settings(), "q", new SkippingDecoder(), Duration.ZERO);
      this.queue = queue;
    }

    @Override
    protected Connection setupConnection() {
      return queue.connect();
    }
  }

  /** No decoder may give nothing; acknowledgements do not depend on it all the same. */
  private static final class SkippingDecoder implements Decoder<String> {

    @Override
    public void open() {}

    @Override
    public void decode(Payload payload, RecordOutput<String> out) {
      String shown = LineDecoder.show(payload);
      if (!shown.equals("skip")) {
        out.emit(shown);
      }
    }

    @Override
    public TypeInformation<String> producedType() {
      return Types.STRING;
    }
  }
}
