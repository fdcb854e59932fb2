package dev.atalaya.bench.job;

import dev.atalaya.connectors.MessageWriter;
import dev.atalaya.connectors.kafka.KafkaSettings;
import dev.atalaya.connectors.kafka.KafkaSettings.LostOffsets;
import dev.atalaya.connectors.kafka.KafkaWriter;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings.MessageId;
import dev.atalaya.connectors.rabbitmq.RabbitMqWriter;
import dev.atalaya.fixtures.KafkaBroker;
import dev.atalaya.fixtures.RabbitMqBroker;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;

/** A topic or queue of a real broker that capture publishes to. */
interface CaptureQueue {

  /** What capture is told of it, in YAML. */
  String publish();

  /** How many events are in it. */
  long count();

  /** The client that capture has, without capture. */
  MessageWriter writer() throws InterruptedException;

  /** A new topic. */
  static CaptureQueue kafka(KafkaBroker broker, String topic) {
    int partitions = 2;
    broker.createTopic(topic, partitions);
    return new CaptureQueue() {
      @Override
      public String publish() {
        return "kafka: { servers: \"" + broker.servers() + "\", topic: " + topic + " }";
      }

      @Override
      public long count() {
        return broker
            .endOffsets(
                IntStream.range(0, partitions)
                    .mapToObj(partition -> new TopicPartition(topic, partition))
                    .toList())
            .values()
            .stream()
            .mapToLong(end -> end)
            .sum();
      }

      @Override
      public MessageWriter writer() throws InterruptedException {
        KafkaSettings settings =
            new KafkaSettings(
                broker.servers(),
                List.of(topic),
                null,
                null,
                "earliest",
                null,
                0,
                LostOffsets.STOP,
                null,
                Map.of());
        return KafkaWriter.open(settings, topic, new RabbitMqQueues.Loud());
      }
    };
  }

  /** A new durable queue. */
  static CaptureQueue rabbitMq(RabbitMqBroker broker, String name) {
    RabbitMqQueues queues =
        new RabbitMqQueues(
            "localhost:" + broker.port() + " " + broker.username() + " " + broker.password(),
            name,
            1);
    String queue = queues.names().get(0);
    broker.declareQueue(queue, Map.of());
    return new CaptureQueue() {
      @Override
      public String publish() {
        return "rabbitmq: { servers: \"localhost:%d\", username: \"%s\", password: \"%s\", queue: %s }"
            .formatted(broker.port(), broker.username(), broker.password(), queue);
      }

      @Override
      public long count() {
        return broker.ready(queue);
      }

      @Override
      public MessageWriter writer() throws InterruptedException {
        return RabbitMqWriter.open(
            queues.settings(MessageId.NONE), queue, new RabbitMqQueues.Loud());
      }
    };
  }
}
