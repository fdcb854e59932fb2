package dev.atalaya.connectors.kafka;

import java.util.Optional;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.util.ExceptionUtils;
import org.apache.kafka.clients.consumer.InvalidOffsetException;

/**
 * When the broker no longer has the offsets to go on from, the job stops for good and says so. A
 * restart would meet the same gap for ever.
 */
@SuppressWarnings("try") // as in its base
final class StopOnLostOffsets<T, SplitT extends SourceSplit> extends ForwardingReader<T, SplitT> {

  StopOnLostOffsets(SourceReader<T, SplitT> kafka) {
    super(kafka);
  }

  @Override
  public InputStatus pollNext(ReaderOutput<T> output) throws Exception {
    try {
      return super.pollNext(output);
    } catch (RuntimeException e) {
      Optional<InvalidOffsetException> lost =
          ExceptionUtils.findThrowable(e, InvalidOffsetException.class);
      if (lost.isPresent()) {
        throw new SuppressRestartsException(
            new IllegalStateException(
                "Kafka no longer has the offsets to go on from in "
                    + lost.get().partitions()
                    + ": retention removed them, or the topic was created anew. To read what is"
                    + " there, start without the old state and not from committed offsets, or set"
                    + " on-lost-offsets: continue",
                e));
      }
      throw e;
    }
  }
}
