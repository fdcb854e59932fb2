package dev.atalaya.connectors.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads a partition from some records before its position, to know their ids. A checkpoint in the
 * meantime has the position itself.
 */
@SuppressWarnings("try") // as in its base
final class IdHistory<T> extends ForwardingReader<T, KafkaPartitionSplit> {

  private final BrokerOffsets broker;
  private final RecentIds ids;

  IdHistory(SourceReader<T, KafkaPartitionSplit> kafka, BrokerOffsets broker, RecentIds ids) {
    super(kafka);
    this.broker = broker;
    this.ids = ids;
  }

  @Override
  public void addSplits(List<KafkaPartitionSplit> splits) {
    // Others begin at one of the ends, and nothing was read before.
    List<TopicPartition> resumed =
        splits.stream()
            .filter(split -> split.getStartingOffset() > 0)
            .map(KafkaPartitionSplit::getTopicPartition)
            .toList();
    Map<TopicPartition, BrokerOffsets.Range> ranges =
        resumed.isEmpty() ? Map.of() : broker.ranges(resumed);
    List<KafkaPartitionSplit> earlier = new ArrayList<>();
    for (KafkaPartitionSplit split : splits) {
      BrokerOffsets.Range range = ranges.get(split.getTopicPartition());
      long position = split.getStartingOffset();
      if (range != null && range.holds(position)) {
        ids.resumeAt(split.getTopicPartition(), position);
        position = Math.max(range.earliest(), position - RecentIds.REMEMBERED);
      }
      earlier.add(at(split, position));
    }
    super.addSplits(earlier);
  }

  @Override
  public List<KafkaPartitionSplit> snapshotState(long checkpointId) {
    return super.snapshotState(checkpointId).stream()
        .map(
            split ->
                split.getStartingOffset() < 0
                    ? split
                    : at(
                        split,
                        ids.orResumption(split.getTopicPartition(), split.getStartingOffset())))
        .toList();
  }

  private static KafkaPartitionSplit at(KafkaPartitionSplit split, long offset) {
    if (offset == split.getStartingOffset()) {
      return split;
    }
    return new KafkaPartitionSplit(
        split.getTopicPartition(),
        offset,
        split.getStoppingOffset().orElse(KafkaPartitionSplit.NO_STOPPING_OFFSET));
  }
}
