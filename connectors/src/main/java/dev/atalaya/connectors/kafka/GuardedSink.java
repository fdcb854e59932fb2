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
import org.apache.flink.util.ExceptionUtils;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidPidMappingException;

/**
 * The Kafka sink with two differences. What brokers refuse ends the job as it starts, with the
 * setting's name, where the producer retries or tells of silence. And when a transaction that a
 * checkpoint relies on cannot be committed any more, the job stops for good and says so, where
 * Kafka's own logs the loss and goes on.
 */
final class GuardedSink<StateT, CommT>
    implements Sink<Document>, SupportsCommitter<CommT>, SupportsWriterState<Document, StateT> {

  private final KafkaSinkSettings settings;
  private final Sink<Document> sink;
  private final SupportsCommitter<CommT> committing;
  private final SupportsWriterState<Document, StateT> stateful;

  <KafkaT extends Sink<Document> & SupportsCommitter<CommT> & SupportsWriterState<Document, StateT>>
      GuardedSink(KafkaT kafka, KafkaSinkSettings settings) {
    this.settings = settings;
    sink = kafka;
    committing = kafka;
    stateful = kafka;
  }

  @Override
  public SinkWriter<Document> createWriter(WriterInitContext context) throws IOException {
    return opened(() -> sink.createWriter(context));
  }

  /** Flink calls the other one; this is what is left of an older interface. */
  @Deprecated
  @Override
  public SinkWriter<Document> createWriter(InitContext context) throws IOException {
    return opened(() -> sink.createWriter(context));
  }

  @Override
  public StatefulSinkWriter<Document, StateT> restoreWriter(
      WriterInitContext context, Collection<StateT> state) throws IOException {
    return opened(() -> stateful.restoreWriter(context, state));
  }

  private <W> W opened(Opening<W> opening) throws IOException {
    KafkaSinks.check(settings);
    try {
      return opening.open();
    } catch (KafkaException e) {
      throw KafkaFailures.explained(
          e, settings.servers(), "transactions of " + settings.transactionPrefix());
    }
  }

  private interface Opening<W> {
    W open() throws IOException;
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
                      + ". "
                      + reason(request.lost)
                      + " To go on without it, restore with --allowNonRestoredState and another"
                      + " transaction-prefix",
                  request.lost));
        }
      }
    }

    private static String reason(Throwable lost) {
      return isForgotten(lost)
          ? "The brokers no longer know its transactional id, which was not used for"
              + " transactional.id.expiration.ms (7 days unless set otherwise). What it held is"
              + " written if the job was stopped with this savepoint, and may be lost if not."
          : "It was open for longer than transaction-timeout, or a job with the same"
              + " transaction-prefix was started meanwhile. What it held may be lost.";
    }

    @Override
    public void close() throws Exception {
      kafka.close();
    }
  }

  /** The one end of a transaction that the stock committer does not know. */
  private static boolean isForgotten(Throwable reason) {
    return ExceptionUtils.findThrowable(reason, InvalidPidMappingException.class).isPresent();
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
      if (isForgotten(reason)) {
        lost = reason;
      } else {
        request.signalFailedWithUnknownReason(reason);
      }
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
