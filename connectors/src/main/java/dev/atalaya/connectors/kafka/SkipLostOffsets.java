package dev.atalaya.connectors.kafka;

import dev.atalaya.connectors.Decoder;
import dev.atalaya.connectors.Payload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.metrics.Counter;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When the broker no longer has the offsets to go on from, reading goes on at the earliest there
 * is. Nothing is skipped without a word: each gap is logged, adds to the metric {@code
 * offsetsLost}, and is handed to the decoder as one payload with the fault {@code lost-offsets}, so
 * that it is in the ledger and the dead letters as often as in truth: once.
 *
 * <p>Gaps are looked for when partitions are assigned, which every restart does. A reader that
 * falls behind retention while it runs fails, is restarted, and then finds its gap here.
 */
@SuppressWarnings("try") // as in its base
final class SkipLostOffsets<T> extends ForwardingReader<T, KafkaPartitionSplit> {

  /** What a decoder finds in {@link Payload#fault}. */
  static final String FAULT = "lost-offsets";

  private static final Logger LOG = LoggerFactory.getLogger(SkipLostOffsets.class);

  private final BrokerOffsets broker;
  private final Decoder<T> decoder;
  private final Counter offsetsLost;

  /** Found and not yet handed out, by split; a checkpoint must not forget them. */
  private final Map<String, Gap> gaps = new LinkedHashMap<>();

  /**
   * @param decoder open already
   */
  SkipLostOffsets(
      SourceReader<T, KafkaPartitionSplit> kafka,
      BrokerOffsets broker,
      Decoder<T> decoder,
      Counter offsetsLost) {
    super(kafka);
    this.broker = broker;
    this.decoder = decoder;
    this.offsetsLost = offsetsLost;
  }

  @Override
  public void addSplits(List<KafkaPartitionSplit> splits) {
    Map<TopicPartition, BrokerOffsets.Range> ranges =
        broker.ranges(splits.stream().map(KafkaPartitionSplit::getTopicPartition).toList());
    List<KafkaPartitionSplit> readable = new ArrayList<>();
    for (KafkaPartitionSplit split : splits) {
      BrokerOffsets.Range range = ranges.get(split.getTopicPartition());
      long position = split.getStartingOffset();
      if (range == null || position < 0 || range.holds(position)) {
        readable.add(split);
      } else {
        Gap gap = new Gap(split, range.earliest());
        gaps.put(split.splitId(), gap);
        readable.add(
            new KafkaPartitionSplit(
                split.getTopicPartition(),
                range.earliest(),
                split.getStoppingOffset().orElse(KafkaPartitionSplit.NO_STOPPING_OFFSET)));
        LOG.warn("Lost: {}. Reading goes on at {}.", gap.describe(), range.earliest());
      }
    }
    super.addSplits(readable);
  }

  @Override
  public CompletableFuture<Void> isAvailable() {
    return gaps.isEmpty() ? super.isAvailable() : CompletableFuture.completedFuture(null);
  }

  @Override
  public InputStatus pollNext(ReaderOutput<T> output) throws Exception {
    if (gaps.isEmpty()) {
      return super.pollNext(output);
    }
    Payload payload = new Payload();
    gaps.forEach(
        (split, gap) -> {
          payload.set(null, 0, 0, gap::describe);
          payload.fault = FAULT;
          decoder.decode(payload, output.createOutputForSplit(split)::collect);
          offsetsLost.inc(gap.lost());
        });
    gaps.clear();
    return InputStatus.MORE_AVAILABLE;
  }

  @Override
  public List<KafkaPartitionSplit> snapshotState(long checkpointId) {
    return super.snapshotState(checkpointId).stream()
        .map(split -> gaps.containsKey(split.splitId()) ? gaps.get(split.splitId()).before : split)
        .toList();
  }

  /**
   * @param before the partition with the position that is gone
   * @param earliest offset that there is
   */
  private record Gap(KafkaPartitionSplit before, long earliest) {

    /** Unknown, hence 0, when the topic was created anew: its offsets are others. */
    long lost() {
      return Math.max(0, earliest - before.getStartingOffset());
    }

    /** For example {@code kafka:flows/3@1200..1999}; without an end when the topic is another. */
    String describe() {
      return PayloadDeserializer.describe(
              before.getTopic(), before.getPartition(), before.getStartingOffset())
          + ".."
          + (lost() == 0 ? "" : Long.toString(earliest - 1));
    }
  }
}
