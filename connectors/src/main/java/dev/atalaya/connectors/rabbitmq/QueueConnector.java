package dev.atalaya.connectors.rabbitmq;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.atalaya.connectors.BrokerRefusedException;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings.Binding;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings.Declare;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects to the first server that answers, and sees to the queue. Waits for servers that do not
 * answer; does not wait when one refuses.
 */
final class QueueConnector {

  private static final Logger LOG = LoggerFactory.getLogger(QueueConnector.class);

  /**
   * How long a reader waits for its servers before its task fails. A restart of the job would do
   * the same for all other tasks too, and restarts are counted.
   */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final long FIRST_PAUSE_MILLIS = 500;
  private static final long LONGEST_PAUSE_MILLIS = 15_000;

  /** A server that hangs takes this, the handshake's, and that of two probes for TLS. */
  private static final int CONNECT_MILLIS = 5_000;

  private static final int HANDSHAKE_MILLIS = 8_000;

  /** A check tries no further server after this long. */
  private static final Duration CHECK_TIME = Duration.ofSeconds(8);

  /** An acknowledgement of a full prefetch is one such call. */
  private static final int CALL_MILLIS = 60_000;

  private static final int ABORT_MILLIS = 2_000;

  /** The broker refuses larger messages itself; the client's own limit is lower, and loops. */
  private static final int MAX_MESSAGE_BYTES = 512 << 20;

  private final RabbitMqSettings settings;

  QueueConnector(RabbitMqSettings settings) {
    this.settings = settings;
  }

  /**
   * A connection to a server that has the queue, declared and bound as the settings say.
   *
   * @throws BrokerRefusedException when a server refuses what waiting cannot heal
   * @throws IOException when no server has answered for five minutes
   */
  Connection await(String queue) throws IOException, InterruptedException {
    long start = System.nanoTime();
    long pauseMillis = FIRST_PAUSE_MILLIS;
    while (true) {
      try {
        return open(queue);
      } catch (IOException e) {
        if (System.nanoTime() - start > PATIENCE.toNanos()) {
          throw e;
        }
        LOG.warn("Waiting for queue {}: {}", queue, e.getMessage());
      }
      // Jitter: the readers of many queues lost the same broker at the same moment.
      Thread.sleep(ThreadLocalRandom.current().nextLong(pauseMillis / 2, pauseMillis + 1));
      pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
    }
  }

  /** Like {@link #await}, after one try of each server; refusals are thrown as they are. */
  Connection open(String queue) throws IOException {
    return connect(factory(CALL_MILLIS), PATIENCE, connection -> setUp(queue, connection));
  }

  /** Connects and looks for everything that is read from; changes nothing at the server. */
  void check() throws IOException {
    connect(factory(CONNECT_MILLIS), CHECK_TIME, this::look).abort(ABORT_MILLIS);
  }

  private ConnectionFactory factory(int callMillis) {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setVirtualHost(settings.virtualHost());
    factory.setUsername(settings.username());
    factory.setPassword(settings.password().value());
    factory.setAutomaticRecoveryEnabled(false);
    factory.setTopologyRecoveryEnabled(false);
    factory.setRequestedHeartbeat(
        (int) Math.max(1, Duration.ofMillis(settings.heartbeatMillis()).toSeconds()));
    factory.setConnectionTimeout(CONNECT_MILLIS);
    factory.setHandshakeTimeout(HANDSHAKE_MILLIS);
    factory.setChannelRpcTimeout(callMillis);
    factory.setMaxInboundMessageBodySize(MAX_MESSAGE_BYTES);
    if (settings.tls() != null) {
      TlsContext.use(settings.tls(), factory);
    }
    return factory;
  }

  /** Tries each server once, for no longer than {@code limit} plus the time of the last one. */
  private Connection connect(ConnectionFactory factory, Duration limit, Task task)
      throws IOException {
    long start = System.nanoTime();
    BrokerRefusedException refusal = null;
    IOException failure = new IOException("servers must name at least one");
    for (String server : settings.servers()) {
      Address address = Address.parseAddress(server);
      Connection connection = null;
      try {
        connection = factory.newConnection(List.of(address), "atalaya");
        task.run(connection);
        return connection;
      } catch (IOException | TimeoutException | RuntimeException e) {
        if (connection != null) {
          connection.abort(ABORT_MILLIS);
        }
        Failure explained = new Failure(settings, server, e);
        if (explained.isRefusal()) {
          refusal = new BrokerRefusedException(explained.message(), e);
        } else if (settings.tls() == null
            && connection == null
            && !(e instanceof ConnectException)
            && TlsContext.isSpokenAt(address)) {
          refusal =
              new BrokerRefusedException(
                  "RabbitMQ at " + server + " wants TLS here, and tls is not set", e);
        } else {
          failure = new IOException(explained.message(), e);
        }
      }
      if (System.nanoTime() - start > limit.toNanos()) {
        break;
      }
    }
    if (refusal != null) {
      throw refusal;
    }
    throw failure;
  }

  private void setUp(String queue, Connection connection) throws IOException {
    Channel channel = connection.createChannel();
    Declare declare = settings.declare();
    if (declare == null) {
      channel.queueDeclarePassive(queue);
    } else {
      channel.queueDeclare(
          queue, declare.durable(), false, false, QueueArguments.typed(declare.arguments()));
    }
    for (Binding binding : settings.bindings()) {
      for (String key : binding.routingKeys()) {
        channel.queueBind(queue, binding.exchange(), key);
      }
    }
    channel.abort();
  }

  private void look(Connection connection) throws IOException {
    Channel channel = connection.createChannel();
    if (settings.declare() == null) {
      for (String queue : settings.queues()) {
        channel.queueDeclarePassive(queue);
      }
    }
    for (Binding binding : settings.bindings()) {
      channel.exchangeDeclarePassive(binding.exchange());
    }
  }

  /** What is done with a new connection. */
  @FunctionalInterface
  private interface Task {
    void run(Connection connection) throws IOException;
  }
}
