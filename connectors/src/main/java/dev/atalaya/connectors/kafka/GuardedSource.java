package dev.atalaya.connectors.kafka;

import dev.atalaya.connectors.Decoder;
import dev.atalaya.connectors.kafka.KafkaSettings.LostOffsets;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * The Kafka source with three differences: it knows what to do when offsets are lost, a bounded
 * read that was restored ends, and it can know records by their ids.
 */
final class GuardedSource<T>
    implements Source<T, KafkaPartitionSplit, KafkaSourceEnumState>, ResultTypeQueryable<T> {

  private final KafkaSource<T> kafka;
  private final KafkaSettings settings;
  private final Decoder<T> decoder;
  private final RecentIds ids;

  /**
   * @param decoder the one that {@code kafka} decodes with
   * @param ids the one that {@code kafka} looks at, or null
   */
  GuardedSource(KafkaSource<T> kafka, KafkaSettings settings, Decoder<T> decoder, RecentIds ids) {
    this.kafka = kafka;
    this.settings = settings;
    this.decoder = decoder;
    this.ids = ids;
  }

  @Override
  public SourceReader<T, KafkaPartitionSplit> createReader(SourceReaderContext context)
      throws Exception {
    SourceReader<T, KafkaPartitionSplit> reader = kafka.createReader(context);
    BrokerOffsets broker = new BrokerOffsets(ClientProperties.admin(settings), settings.servers());
    if (ids != null) {
      reader = new IdHistory<>(reader, broker, ids);
    }
    return settings.onLostOffsets() == LostOffsets.STOP
        ? new StopOnLostOffsets<>(reader)
        : new SkipLostOffsets<>(
            reader, broker, decoder, context.metricGroup().counter("offsetsLost"));
  }

  @Override
  public Boundedness getBoundedness() {
    return kafka.getBoundedness();
  }

  @Override
  public SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> createEnumerator(
      SplitEnumeratorContext<KafkaPartitionSplit> context) {
    return kafka.createEnumerator(context);
  }

  @Override
  public SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> restoreEnumerator(
      SplitEnumeratorContext<KafkaPartitionSplit> context, KafkaSourceEnumState checkpoint)
      throws Exception {
    SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> restored =
        kafka.restoreEnumerator(context, checkpoint);
    return getBoundedness() == Boundedness.BOUNDED
        ? new EndAfterRestore<>(restored, context)
        : restored;
  }

  @Override
  public SimpleVersionedSerializer<KafkaPartitionSplit> getSplitSerializer() {
    return kafka.getSplitSerializer();
  }

  @Override
  public SimpleVersionedSerializer<KafkaSourceEnumState> getEnumeratorCheckpointSerializer() {
    return kafka.getEnumeratorCheckpointSerializer();
  }

  @Override
  public TypeInformation<T> getProducedType() {
    return decoder.producedType();
  }
}
