package dev.atalaya.job.capture;

import dev.atalaya.connectors.Decoder;
import dev.atalaya.job.config.SourceConfig;
import java.io.IOException;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * What is listened to and followed, without a queue between: one reader, in the process of the
 * task, so its parallelism must be 1. Each way in has its own watermarks.
 *
 * <ul>
 *   <li>HTTP, at least once: an answer 200 says that a completed checkpoint covers the events. What
 *       was not answered is the client's to send again.
 *   <li>UDP, at most once: what comes after the last checkpoint before a failure is lost.
 *   <li>Followed files, exactly once: the follower goes on from what is confirmed, which is no more
 *       than the last checkpoint covers, and what that checkpoint knows already is left out.
 * </ul>
 */
public final class CaptureSource<T> implements Source<T, CaptureSplit, Boolean> {

  private static final long serialVersionUID = 1L;

  private final SourceConfig.Capture config;
  private final Decoder<T> decoder;

  public CaptureSource(SourceConfig.Capture config, Decoder<T> decoder) {
    this.config = config;
    this.decoder = decoder;
  }

  /**
   * Looks whether everything can be listened to.
   *
   * @throws IOException saying what cannot
   */
  public static void check(SourceConfig.Capture config) throws IOException {
    Ways.check(config);
  }

  @Override
  public Boundedness getBoundedness() {
    return Boundedness.CONTINUOUS_UNBOUNDED;
  }

  @Override
  public SourceReader<T, CaptureSplit> createReader(SourceReaderContext context) {
    return new CaptureSourceReader<>(config, decoder, context.metricGroup());
  }

  @Override
  public SplitEnumerator<CaptureSplit, Boolean> createEnumerator(
      SplitEnumeratorContext<CaptureSplit> context) {
    return new CaptureEnumerator(context, false);
  }

  @Override
  public SplitEnumerator<CaptureSplit, Boolean> restoreEnumerator(
      SplitEnumeratorContext<CaptureSplit> context, Boolean isAssigned) {
    return new CaptureEnumerator(context, isAssigned);
  }

  @Override
  public SimpleVersionedSerializer<CaptureSplit> getSplitSerializer() {
    return new CaptureSplit.Serializer();
  }

  @Override
  public SimpleVersionedSerializer<Boolean> getEnumeratorCheckpointSerializer() {
    return new CaptureEnumerator.StateSerializer();
  }
}
