package dev.atalaya.connectors.kafka;

import dev.atalaya.connectors.Document;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.SupportsWriterState;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.runtime.execution.SuppressRestartsException;

/**
 * The Kafka sink with one difference: when a transaction that a checkpoint relies on cannot be
 * committed any more, the job stops for good and says so. Kafka's own logs the loss and goes on.
 */
final class StopOnLostTransaction<StateT, CommT>
    implements Sink<Document>, SupportsCommitter<CommT>, SupportsWriterState<Document, StateT> {

  private final Sink<Document> sink;
  private final SupportsCommitter<CommT> committing;
  private final SupportsWriterState<Document, StateT> stateful;

  <KafkaT extends Sink<Document> & SupportsCommitter<CommT> & SupportsWriterState<Document, StateT>>
      StopOnLostTransaction(KafkaT kafka) {
    sink = kafka;
    committing = kafka;
    stateful = kafka;
  }

  @Override
  public SinkWriter<Document> createWriter(WriterInitContext context) throws IOException {
    return sink.createWriter(context);
  }

  /** Flink calls the other one; this is what is left of an older interface. */
  @Deprecated
  @Override
  public SinkWriter<Document> createWriter(InitContext context) throws IOException {
    return sink.createWriter(context);
  }

  @Override
  public StatefulSinkWriter<Document, StateT> restoreWriter(
      WriterInitContext context, Collection<StateT> state) throws IOException {
    return stateful.restoreWriter(context, state);
  }

  @Override
  public SimpleVersionedSerializer<StateT> getWriterStateSerializer() {
    return stateful.getWriterStateSerializer();
  }

  @Override
  public Committer<CommT> createCommitter(CommitterInitContext context) throws IOException {
    return new AllOrStop<>(committing.createCommitter(context));
  }

  @Override
  public SimpleVersionedSerializer<CommT> getCommittableSerializer() {
    return committing.getCommittableSerializer();
  }

  // try: javac warns of every close() that may throw InterruptedException, as this interface's
  // does.
  @SuppressWarnings("try")
  private record AllOrStop<CommT>(Committer<CommT> kafka) implements Committer<CommT> {

    @Override
    public void commit(Collection<CommitRequest<CommT>> requests)
        throws IOException, InterruptedException {
      List<Request<CommT>> noted = requests.stream().map(Request::new).toList();
      kafka.commit(new ArrayList<>(noted));
      for (Request<CommT> request : noted) {
        if (request.lost != null) {
          throw new SuppressRestartsException(
              new IllegalStateException(
                  "Kafka has ended a transaction that a checkpoint relies on: "
                      + request.getCommittable()
                      + ". It was open for longer than transaction-timeout, or a job with the same"
                      + " transaction-prefix was started meanwhile. What it held may be lost. To go"
                      + " on without it, restore with --allowNonRestoredState and another"
                      + " transaction-prefix",
                  request.lost));
        }
      }
    }

    @Override
    public void close() throws Exception {
      kafka.close();
    }
  }

  /** Keeps the reason that the engine would drop. */
  private static final class Request<CommT> implements Committer.CommitRequest<CommT> {

    private final Committer.CommitRequest<CommT> request;
    private Throwable lost;

    Request(Committer.CommitRequest<CommT> request) {
      this.request = request;
    }

    @Override
    public void signalFailedWithKnownReason(Throwable reason) {
      lost = reason;
    }

    @Override
    public CommT getCommittable() {
      return request.getCommittable();
    }

    @Override
    public int getNumberOfRetries() {
      return request.getNumberOfRetries();
    }

    @Override
    public void signalFailedWithUnknownReason(Throwable reason) {
      request.signalFailedWithUnknownReason(reason);
    }

    @Override
    public void retryLater() {
      request.retryLater();
    }

    @Override
    public void updateAndRetryLater(CommT committable) {
      request.updateAndRetryLater(committable);
    }

    @Override
    public void signalAlreadyCommitted() {
      request.signalAlreadyCommitted();
    }
  }
}
