package dev.atalaya.connectors.kafka;

import java.util.Collection;
import java.util.Map;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;

/**
 * The first positions of another initializer, but without leave to move: a position that the broker
 * no longer has is an error, where the stock initializers let the consumer jump to either end.
 */
final class NeverReset implements OffsetsInitializer {

  private final OffsetsInitializer first;

  NeverReset(OffsetsInitializer first) {
    this.first = first;
  }

  @Override
  public Map<TopicPartition, Long> getPartitionOffsets(
      Collection<TopicPartition> partitions, PartitionOffsetsRetriever broker) {
    return first.getPartitionOffsets(partitions, broker);
  }

  @Override
  public OffsetResetStrategy getAutoOffsetResetStrategy() {
    return OffsetResetStrategy.NONE;
  }
}
