package dev.atalaya.connectors.kafka;

import java.io.IOException;
import java.util.List;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;

/**
 * The enumerator of a bounded read that was restored, with one difference: it tells the readers
 * that no more splits will come. Kafka's own says so only after it has met a new partition, so a
 * restored read that has none would never end.
 */
final class EndAfterRestore<SplitT extends SourceSplit, StateT>
    implements SplitEnumerator<SplitT, StateT> {

  private final SplitEnumerator<SplitT, StateT> kafka;
  private final SplitEnumeratorContext<SplitT> context;
  private boolean allAssigned;

  EndAfterRestore(SplitEnumerator<SplitT, StateT> kafka, SplitEnumeratorContext<SplitT> context) {
    this.kafka = kafka;
    this.context = context;
  }

  @Override
  public void start() {
    kafka.start();
    // Calls run one after the other, and their answers too. Behind Kafka's look for partitions
    // comes
    // this one; if that look found new ones, it has asked for their offsets, and behind that asking
    // comes the second.
    context.callAsync(
        EndAfterRestore::nothing,
        (first, failed) ->
            context.callAsync(EndAfterRestore::nothing, (second, failedToo) -> endAll()));
  }

  private static boolean nothing() {
    return true;
  }

  private void endAll() {
    allAssigned = true;
    context.registeredReaders().keySet().forEach(context::signalNoMoreSplits);
  }

  @Override
  public void addReader(int subtask) {
    kafka.addReader(subtask);
    if (allAssigned) {
      context.signalNoMoreSplits(subtask);
    }
  }

  @Override
  public void handleSplitRequest(int subtask, String requesterHostname) {
    kafka.handleSplitRequest(subtask, requesterHostname);
  }

  @Override
  public void addSplitsBack(List<SplitT> splits, int subtask) {
    kafka.addSplitsBack(splits, subtask);
  }

  @Override
  public void handleSourceEvent(int subtask, SourceEvent event) {
    kafka.handleSourceEvent(subtask, event);
  }

  @Override
  public StateT snapshotState(long checkpointId) throws Exception {
    return kafka.snapshotState(checkpointId);
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
  public void close() throws IOException {
    kafka.close();
  }
}
