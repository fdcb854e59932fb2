package dev.atalaya.capture.publish;

import dev.atalaya.connectors.kafka.KafkaSettings;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings;

/** Where events go. */
public sealed interface PublishSettings {

  QueuePublisher.Limits limits();

  /** Connects in the background. */
  QueuePublisher open();

  /** The system and the name, for people. */
  String describe();

  /**
   * @param topic that must exist
   */
  record Kafka(KafkaSettings settings, String topic, QueuePublisher.Limits limits)
      implements PublishSettings {

    @Override
    public QueuePublisher open() {
      return QueuePublisher.kafka(settings, topic, limits);
    }

    @Override
    public String describe() {
      return "kafka: " + topic;
    }
  }

  /**
   * @param queue declared as the settings say
   */
  record RabbitMq(RabbitMqSettings settings, String queue, QueuePublisher.Limits limits)
      implements PublishSettings {

    @Override
    public QueuePublisher open() {
      return QueuePublisher.rabbitMq(settings, queue, limits);
    }

    @Override
    public String describe() {
      return "rabbitmq: " + queue;
    }
  }
}
