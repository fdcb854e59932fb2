package dev.atalaya.connectors.kafka;

import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;

/**
 * The enumerator of a bounded read that was restored, with one difference: it tells the readers
 * that no more splits will come. Kafka's own says so only after it has met a new partition, so a
 * restored read that has none would never end.
 */
final class EndAfterRestore<SplitT extends SourceSplit, StateT>
    extends ForwardingEnumerator<SplitT, StateT> {

  private final SplitEnumeratorContext<SplitT> context;
  private boolean allAssigned;

  EndAfterRestore(SplitEnumerator<SplitT, StateT> kafka, SplitEnumeratorContext<SplitT> context) {
    super(kafka);
    this.context = context;
  }

  @Override
  public void start() {
    super.start();
    // Calls run one after the other, and their answers too. Behind Kafka's look for partitions
    // comes this one; if that look found new ones, it has asked for their offsets, and behind that
    // asking comes the second.
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
    super.addReader(subtask);
    if (allAssigned) {
      context.signalNoMoreSplits(subtask);
    }
  }
}
