package dev.atalaya.connectors.kafka;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.util.ExceptionUtils;
import org.apache.kafka.clients.consumer.InvalidOffsetException;

/**
 * The Kafka source with one difference: when the broker no longer has the offsets to go on from,
 * the job stops for good and says so. A restart would meet the same gap for ever.
 */
final class StopOnLostOffsets<T, SplitT extends SourceSplit, StateT>
    implements Source<T, SplitT, StateT>, ResultTypeQueryable<T> {

  private final Source<T, SplitT, StateT> kafka;
  private final TypeInformation<T> producedType;

  StopOnLostOffsets(Source<T, SplitT, StateT> kafka, TypeInformation<T> producedType) {
    this.kafka = kafka;
    this.producedType = producedType;
  }

  @Override
  public SourceReader<T, SplitT> createReader(SourceReaderContext context) throws Exception {
    return new Reader<>(kafka.createReader(context));
  }

  @Override
  public Boundedness getBoundedness() {
    return kafka.getBoundedness();
  }

  @Override
  public SplitEnumerator<SplitT, StateT> createEnumerator(SplitEnumeratorContext<SplitT> context)
      throws Exception {
    return kafka.createEnumerator(context);
  }

  @Override
  public SplitEnumerator<SplitT, StateT> restoreEnumerator(
      SplitEnumeratorContext<SplitT> context, StateT checkpoint) throws Exception {
    SplitEnumerator<SplitT, StateT> restored = kafka.restoreEnumerator(context, checkpoint);
    return getBoundedness() == Boundedness.BOUNDED
        ? new EndAfterRestore<>(restored, context)
        : restored;
  }

  @Override
  public SimpleVersionedSerializer<SplitT> getSplitSerializer() {
    return kafka.getSplitSerializer();
  }

  @Override
  public SimpleVersionedSerializer<StateT> getEnumeratorCheckpointSerializer() {
    return kafka.getEnumeratorCheckpointSerializer();
  }

  @Override
  public TypeInformation<T> getProducedType() {
    return producedType;
  }

  // try: javac warns of every close() that may throw InterruptedException, as this interface's
  // does.
  @SuppressWarnings("try")
  private record Reader<T, SplitT extends SourceSplit>(SourceReader<T, SplitT> kafka)
      implements SourceReader<T, SplitT> {

    @Override
    public InputStatus pollNext(ReaderOutput<T> output) throws Exception {
      try {
        return kafka.pollNext(output);
      } catch (RuntimeException e) {
        Optional<InvalidOffsetException> lost =
            ExceptionUtils.findThrowable(e, InvalidOffsetException.class);
        if (lost.isPresent()) {
          throw new SuppressRestartsException(
              new IllegalStateException(
                  "Kafka no longer has the offsets to go on from in "
                      + lost.get().partitions()
                      + ": retention removed them, or the topic was created anew. To read what is"
                      + " there, start without the old state and not from committed offsets",
                  e));
        }
        throw e;
      }
    }

    @Override
    public void start() {
      kafka.start();
    }

    @Override
    public List<SplitT> snapshotState(long checkpointId) {
      return kafka.snapshotState(checkpointId);
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
      return kafka.isAvailable();
    }

    @Override
    public void addSplits(List<SplitT> splits) {
      kafka.addSplits(splits);
    }

    @Override
    public void notifyNoMoreSplits() {
      kafka.notifyNoMoreSplits();
    }

    @Override
    public void handleSourceEvents(SourceEvent sourceEvent) {
      kafka.handleSourceEvents(sourceEvent);
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
      kafka.notifyCheckpointComplete(checkpointId);
    }

    @Override
    public void notifyCheckpointAborted(long checkpointId) throws Exception {
      kafka.notifyCheckpointAborted(checkpointId);
    }

    @Override
    public void pauseOrResumeSplits(Collection<String> pause, Collection<String> resume) {
      kafka.pauseOrResumeSplits(pause, resume);
    }

    @Override
    public void close() throws Exception {
      kafka.close();
    }
  }
}
