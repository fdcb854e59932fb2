package dev.atalaya.bench.job;

import dev.atalaya.connectors.rabbitmq.RabbitMqSettings.MessageId;

/** How many queues are read, and what becomes of their messages. */
enum RabbitMqVariant {
  DISCARD_1("1 queue, decode → discard", 1, false, MessageId.CORRELATION_ID),
  ALERTS_1("1 queue, decode → alerts", 1, true, MessageId.CORRELATION_ID),
  DISCARD_2("2 queues, decode → discard", 2, false, MessageId.CORRELATION_ID),
  ALERTS_2("2 queues, decode → alerts", 2, true, MessageId.CORRELATION_ID),
  DISCARD_4("4 queues, decode → discard", 4, false, MessageId.CORRELATION_ID),
  ALERTS_4("4 queues, decode → alerts", 4, true, MessageId.CORRELATION_ID),
  NO_IDS("1 queue, decode → alerts, at least once", 1, true, MessageId.NONE);

  final String label;
  final int queues;
  final boolean alerts;
  final MessageId id;

  RabbitMqVariant(String label, int queues, boolean alerts, MessageId id) {
    this.label = label;
    this.queues = queues;
    this.alerts = alerts;
    this.id = id;
  }

  /** The one that only reads from as many queues. */
  RabbitMqVariant discarding() {
    return switch (queues) {
      case 1 -> DISCARD_1;
      case 2 -> DISCARD_2;
      default -> DISCARD_4;
    };
  }
}
