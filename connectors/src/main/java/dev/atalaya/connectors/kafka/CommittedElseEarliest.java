package dev.atalaya.connectors.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;

/** What the group committed; the earliest offset for partitions where it committed nothing. */
final class CommittedElseEarliest implements OffsetsInitializer {

  @Override
  public Map<TopicPartition, Long> getPartitionOffsets(
      Collection<TopicPartition> partitions, PartitionOffsetsRetriever broker) {
    Map<TopicPartition, Long> offsets = new HashMap<>(broker.committedOffsets(partitions));
    offsets.values().removeIf(offset -> offset == null);
    List<TopicPartition> uncommitted = new ArrayList<>(partitions);
    uncommitted.removeAll(offsets.keySet());
    offsets.putAll(OffsetsInitializer.earliest().getPartitionOffsets(uncommitted, broker));
    return offsets;
  }

  @Override
  public OffsetResetStrategy getAutoOffsetResetStrategy() {
    return OffsetResetStrategy.NONE;
  }
}
