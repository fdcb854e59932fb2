package dev.atalaya.job.capture;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Gives the one split to the one reader. Its state is whether it has done so. */
final class CaptureEnumerator implements SplitEnumerator<CaptureSplit, Boolean> {

  private final SplitEnumeratorContext<CaptureSplit> context;

  /** Null when the reader has it. */
  private CaptureSplit split;

  CaptureEnumerator(SplitEnumeratorContext<CaptureSplit> context, boolean isAssigned) {
    this.context = context;
    split = isAssigned ? null : new CaptureSplit(Map.of());
  }

  @Override
  public void start() {}

  @Override
  public void handleSplitRequest(int subtask, String host) {}

  /** None when a checkpoint has it: then the reader finds it there. */
  @Override
  public void addSplitsBack(List<CaptureSplit> splits, int subtask) {
    splits.forEach(back -> split = back);
  }

  @Override
  public void addReader(int subtask) {
    if (split != null) {
      context.assignSplit(split, subtask);
      split = null;
    }
  }

  @Override
  public Boolean snapshotState(long checkpointId) {
    return split == null;
  }

  @Override
  public void close() {}

  /** One byte. */
  static final class StateSerializer implements SimpleVersionedSerializer<Boolean> {

    private static final int VERSION = 1;

    @Override
    public int getVersion() {
      return VERSION;
    }

    @Override
    public byte[] serialize(Boolean isAssigned) {
      return new byte[] {(byte) (isAssigned ? 1 : 0)};
    }

    @Override
    public Boolean deserialize(int version, byte[] serialized) throws IOException {
      if (version != VERSION || serialized.length != 1) {
        throw new IOException("state of version " + version + "; " + VERSION + " is read here");
      }
      return serialized[0] == 1;
    }
  }
}
