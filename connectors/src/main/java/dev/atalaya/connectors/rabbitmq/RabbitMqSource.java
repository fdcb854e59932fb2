package dev.atalaya.connectors.rabbitmq;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConsumerCancelledException;
import com.rabbitmq.client.ShutdownSignalException;
import dev.atalaya.connectors.BrokerRefusedException;
import dev.atalaya.connectors.Decoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.operators.StreamingRuntimeContext;
import org.apache.flink.streaming.connectors.rabbitmq.RMQSource;
import org.apache.flink.streaming.connectors.rabbitmq.common.RMQConnectionConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one queue. Messages are acknowledged when a checkpoint that covers them is complete,
 * whatever the decoder made of them.
 *
 * <p>A lost connection fails the task, and Flink goes back to the last checkpoint. To connect anew
 * and read on would be wrong: the broker delivers again what was not acknowledged, and without ids
 * only the way back undoes what those messages have already added. For the same reason the client
 * does not recover connections by itself; delivery tags would then also mean other messages than
 * those noted.
 */
class RabbitMqSource<T> extends RMQSource<T> {

  // Of the stock class are used: the loop that takes deliveries, the list of tags for each
  // checkpoint, and the order in which connection, channel, queue and consumer are made. It is told
  // that there are no ids: what it does with them loses and repeats messages (see the tests).

  private static final Logger LOG = LoggerFactory.getLogger(RabbitMqSource.class);

  /**
   * After this long no earlier reader of this job holds a connection: the broker has missed its
   * heartbeats, and a machine cut off from Flink has cancelled its tasks. Far more than needed,
   * since waiting costs nothing but the memory of the ids.
   */
  private static final Duration OLD_CONNECTIONS_GONE = Duration.ofMinutes(10);

  /** How long a stop waits for the loop to look up. */
  private static final int LOOK_UP_MILLIS = 200;

  private static final int CLOSE_MILLIS = 5_000;

  private final RabbitMqSettings settings;
  private final DeliveryDecoder<T> deliveries;
  private final Duration oldConnectionsGone;
  private transient ListState<List<String>> idState;
  private transient SeenIds ids;
  private transient long openedNanos;

  RabbitMqSource(RabbitMqSettings settings, String queue, Decoder<T> decoder) {
    this(settings, queue, decoder, OLD_CONNECTIONS_GONE);
  }

  RabbitMqSource(
      RabbitMqSettings settings, String queue, Decoder<T> decoder, Duration oldConnectionsGone) {
    this(
        settings,
        queue,
        new DeliveryDecoder<>(decoder, queue, settings.messageId()),
        oldConnectionsGone);
  }

  private RabbitMqSource(
      RabbitMqSettings settings,
      String queue,
      DeliveryDecoder<T> deliveries,
      Duration oldConnectionsGone) {
    super(stockSettings(settings), queue, false, deliveries);
    this.settings = settings;
    this.deliveries = deliveries;
    this.oldConnectionsGone = oldConnectionsGone;
  }

  /** How to connect is said elsewhere; this names the servers in messages of the stock class. */
  private static RMQConnectionConfig stockSettings(RabbitMqSettings settings) {
    return new RMQConnectionConfig.Builder()
        .setHost(String.join(", ", settings.servers()))
        .setPort(0)
        .setVirtualHost(settings.virtualHost())
        .setUserName(settings.username())
        .setPassword("")
        .setDeliveryTimeout(LOOK_UP_MILLIS)
        .build();
  }

  // The state of the superclass is not kept: it holds Java-serialized objects.
  @Override
  public void initializeState(FunctionInitializationContext context) throws Exception {
    ids = new SeenIds(settings.prefetch());
    deliveries.compareWith(ids);
    idState =
        context
            .getOperatorStateStore()
            .getListState(new ListStateDescriptor<>("seen-ids", IdListSerializer.INSTANCE));
    for (List<String> restored : idState.get()) {
      int forgotten = ids.restore(restored);
      if (forgotten > 0) {
        LOG.warn(
            "{} ids of queue {} are too many to remember after so many failures: should the broker"
                + " still hold one of these messages, it would count again",
            forgotten,
            queueName);
      }
    }
  }

  @Override
  @SuppressWarnings("deprecation") // the stock class has no other
  public void open(Configuration parameters) throws Exception {
    // Without checkpoints the stock class lets the broker forget a message on sending it.
    if (!(getRuntimeContext() instanceof StreamingRuntimeContext context)
        || !context.isCheckpointingEnabled()) {
      throw new SuppressRestartsException(
          new IllegalStateException(
              "messages of RabbitMQ are acknowledged with checkpoints:"
                  + " execution.checkpointing.interval must be set"));
    }
    try {
      super.open(parameters);
    } catch (BrokerRefusedException e) {
      throw e;
    } catch (RuntimeException e) {
      Failure failure = new Failure(settings, String.join(", ", settings.servers()), e);
      if (failure.isRefusal()) {
        throw new BrokerRefusedException(failure.message(), e);
      }
      throw e;
    }
    openedNanos = System.nanoTime();
    getRuntimeContext().getMetricGroup().gauge("idsRemembered", ids::size);
  }

  @Override
  protected Connection setupConnection() throws Exception {
    return new QueueConnector(settings).await(queueName);
  }

  /** The queue itself was seen to while connecting. */
  @Override
  protected void setupQueue() throws IOException {
    // For each consumer, where the stock class sets it for the channel: quorum queues refuse that.
    channel.basicQos(settings.prefetch());
  }

  @Override
  public void run(SourceContext<T> context) throws Exception {
    try {
      super.run(context);
    } catch (ShutdownSignalException | ConsumerCancelledException e) {
      throw ended("no longer sends from", e);
    }
  }

  private IOException ended(String what, Exception cause) {
    return new IOException(
        "RabbitMQ at "
            + settings.servers()
            + " "
            + what
            + " queue \""
            + queueName
            + "\"; reading goes on from the last checkpoint",
        cause);
  }

  @Override
  public void snapshotState(FunctionSnapshotContext context) throws Exception {
    sessionIdsPerSnapshot.add(Tuple2.of(context.getCheckpointId(), sessionIds));
    sessionIds = new ArrayList<>();
    idState.update(List.of(ids.snapshot()));
  }

  /** Acknowledges what this checkpoint covers, that of earlier ones that never completed too. */
  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    try {
      acknowledgeIDs(checkpointId, Set.of());
      if (ids.needsEndOfRestored()
          && System.nanoTime() - openedNanos >= oldConnectionsGone.toNanos()) {
        ids.endRestoredAfter(channel.messageCount(queueName), deliveries.lastTag());
      }
    } catch (IOException | UncheckedIOException | ShutdownSignalException e) {
      // The last when the connection was lost before, and this is where it is noticed first.
      throw ended("no longer takes acknowledgements of", e);
    }
  }

  @Override
  protected void acknowledgeSessionIDs(List<Long> tags) {
    if (tags.isEmpty()) {
      return;
    }
    long last = tags.get(tags.size() - 1);
    try {
      // Tags grow, and all up to this one are in this checkpoint or an earlier one.
      channel.basicAck(last, true);
      channel.txCommit();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // Not before: should the commit fail, the ids must be known after the restart.
    ids.acknowledged(last);
  }

  /** Never throws: a connection that is already broken is closed well enough. */
  @Override
  public void close() {
    if (connection != null) {
      connection.abort(CLOSE_MILLIS);
    }
  }
}
