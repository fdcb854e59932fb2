/** Apache Kafka and the services that speak its protocol. */
package dev.atalaya.connectors.kafka;
