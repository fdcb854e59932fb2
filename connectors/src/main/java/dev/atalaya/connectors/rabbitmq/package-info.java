/** RabbitMQ: AMQP queues, and through RabbitMQ's own plugins MQTT and STOMP. */
package dev.atalaya.connectors.rabbitmq;
