package dev.atalaya.bench.job;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * A bounded source in memory: of {@code p} subtasks, number {@code s} emits the events {@code s},
 * {@code s + p}, {@code s + 2 p} and so on, one per call, as fast as they are taken.
 *
 * <p>With {@code holds}, its subtasks stay, silent, behind their last event until {@link
 * Probe#release} lets them end.
 */
final class GeneratorSource<T> implements Source<T, GeneratorSource.Share, Integer> {

  private final long events;
  private final EventMaker<T> maker;
  private final boolean holds;

  GeneratorSource(long events, EventMaker<T> maker, boolean holds) {
    this.events = events;
    this.maker = maker;
    this.holds = holds;
  }

  /** What one subtask emits. */
  record Share(long next, int step) implements SourceSplit {
    @Override
    public String splitId() {
      return Long.toString(next % step);
    }
  }

  @Override
  public Boundedness getBoundedness() {
    return Boundedness.BOUNDED;
  }

  @Override
  public SplitEnumerator<Share, Integer> createEnumerator(SplitEnumeratorContext<Share> context) {
    return new Enumerator(context, 0);
  }

  @Override
  public SplitEnumerator<Share, Integer> restoreEnumerator(
      SplitEnumeratorContext<Share> context, Integer assigned) {
    return new Enumerator(context, assigned);
  }

  @Override
  public SourceReader<T, Share> createReader(SourceReaderContext context) {
    return new Reader();
  }

  @Override
  public SimpleVersionedSerializer<Share> getSplitSerializer() {
    return new ShareSerializer();
  }

  @Override
  public SimpleVersionedSerializer<Integer> getEnumeratorCheckpointSerializer() {
    return new NumberSerializer();
  }

  private final class Reader implements SourceReader<T, Share> {

    private CompletableFuture<Void> available = new CompletableFuture<>();
    private long next = -1;
    private int step;

    @Override
    public void start() {
      maker.open();
    }

    @Override
    public InputStatus pollNext(ReaderOutput<T> output) {
      if (next < 0) {
        available = new CompletableFuture<>();
        return InputStatus.NOTHING_AVAILABLE;
      }
      if (next < events) {
        output.collect(maker.make(next));
        next += step;
        return InputStatus.MORE_AVAILABLE;
      }
      if (holds && !Probe.isReleased()) {
        Probe.reachedEnd();
        available = Probe.whenReleased();
        return InputStatus.NOTHING_AVAILABLE;
      }
      return InputStatus.END_OF_INPUT;
    }

    @Override
    public List<Share> snapshotState(long checkpointId) {
      return next < 0 ? List.of() : List.of(new Share(next, step));
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
      return available;
    }

    @Override
    public void addSplits(List<Share> splits) {
      Share share = splits.get(0);
      next = share.next();
      step = share.step();
      Probe.started();
      available.complete(null);
    }

    @Override
    public void notifyNoMoreSplits() {}

    @Override
    public void close() {}
  }

  /** Gives every subtask its share when it comes up. */
  private static final class Enumerator implements SplitEnumerator<Share, Integer> {

    private final SplitEnumeratorContext<Share> context;
    private final List<Share> returned = new ArrayList<>();
    private int assigned;

    Enumerator(SplitEnumeratorContext<Share> context, int assigned) {
      this.context = context;
      this.assigned = assigned;
    }

    @Override
    public void start() {}

    @Override
    public void handleSplitRequest(int subtask, String host) {}

    @Override
    public void addSplitsBack(List<Share> splits, int subtask) {
      returned.addAll(splits);
    }

    @Override
    public void addReader(int subtask) {
      if (!returned.isEmpty()) {
        context.assignSplit(returned.remove(0), subtask);
      } else if (assigned < context.currentParallelism()) {
        context.assignSplit(new Share(assigned++, context.currentParallelism()), subtask);
      }
    }

    @Override
    public Integer snapshotState(long checkpointId) {
      return assigned;
    }

    @Override
    public void close() {}
  }

  private static final class ShareSerializer implements SimpleVersionedSerializer<Share> {

    @Override
    public int getVersion() {
      return 1;
    }

    @Override
    public byte[] serialize(Share share) {
      return ByteBuffer.allocate(12).putLong(share.next()).putInt(share.step()).array();
    }

    @Override
    public Share deserialize(int version, byte[] bytes) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      return new Share(buffer.getLong(), buffer.getInt());
    }
  }

  private static final class NumberSerializer implements SimpleVersionedSerializer<Integer> {

    @Override
    public int getVersion() {
      return 1;
    }

    @Override
    public byte[] serialize(Integer number) {
      return ByteBuffer.allocate(4).putInt(number).array();
    }

    @Override
    public Integer deserialize(int version, byte[] bytes) {
      return ByteBuffer.wrap(bytes).getInt();
    }
  }
}
