package dev.atalaya.connectors.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.atalaya.connectors.BrokerRefusedException;
import dev.atalaya.connectors.MessageWriter;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * Writes persistent messages to a queue with publisher confirms. A message's id is both its {@code
 * correlation-id} and its {@code message-id}. Messages whose confirmation was lost with a
 * connection are sent again over the next one, and those that a full queue refuses are offered
 * again.
 */
public final class RabbitMqWriter extends MessageWriter {

  private static final long FIRST_RETRY_MILLIS = 500;
  private static final long LAST_RETRY_MILLIS = 10_000;
  private static final int CLOSE_MILLIS = 2_000;
  private static final int PERSISTENT = 2;

  private final RabbitMqSettings settings;
  private final String queue;
  private final Deque<Message> unsent = new ArrayDeque<>();
  private final ConcurrentLinkedQueue<Message> refused = new ConcurrentLinkedQueue<>();
  private Session session;

  private static final class Message {
    final AMQP.BasicProperties properties;
    final byte[] body;
    final Fate fate;

    Message(String id, byte[] body, Fate fate) {
      this.body = body;
      this.fate = fate;
      properties =
          new AMQP.BasicProperties.Builder()
              .correlationId(id)
              .messageId(id)
              .deliveryMode(PERSISTENT)
              .build();
    }
  }

  private RabbitMqWriter(RabbitMqSettings settings, String queue, Watcher watcher) {
    super(watcher);
    this.settings = settings;
    this.queue = queue;
  }

  /**
   * Connects, and waits for the broker if it is away. The queue is declared as the job declares it.
   *
   * @throws BrokerRefusedException when the broker refuses the user, the virtual host or the queue
   */
  public static RabbitMqWriter open(RabbitMqSettings settings, String queue, Watcher watcher)
      throws InterruptedException {
    RabbitMqWriter writer = new RabbitMqWriter(settings, queue, watcher);
    writer.sendUnsent();
    return writer;
  }

  @Override
  protected void send(String id, byte[] body, Fate fate) throws InterruptedException {
    unsent.add(new Message(id, body, fate));
    sendUnsent();
  }

  @Override
  protected void whileWaiting() throws InterruptedException {
    if (!refused.isEmpty()) {
      tellAway(broker() + " refuses messages for queue " + queue + ": is it full?");
      TimeUnit.MILLISECONDS.sleep(FIRST_RETRY_MILLIS);
      for (Message message = refused.poll(); message != null; message = refused.poll()) {
        unsent.add(message);
      }
    }
    if (!unsent.isEmpty() || !session.isOpen()) {
      sendUnsent();
    }
  }

  /** Sends what is to be sent, over a new connection when the one there was is lost. */
  private void sendUnsent() throws InterruptedException {
    long pauseMillis = FIRST_RETRY_MILLIS;
    while (true) {
      try {
        if (session == null) {
          session = new Session();
          tellBack();
        }
        session.send(unsent);
        return;
      } catch (IOException | ShutdownSignalException e) {
        if (session != null) {
          // In their order, before all that has not been sent at all.
          List<Message> lost = session.end();
          lost.addAll(unsent);
          unsent.clear();
          unsent.addAll(lost);
          session = null;
        }
        throwIfRefused(e);
        throwIfFailedOrStopped();
        tellAway(new Failure(settings, servers(), e).message());
        TimeUnit.MILLISECONDS.sleep(pauseMillis);
        pauseMillis = Math.min(2 * pauseMillis, LAST_RETRY_MILLIS);
      }
    }
  }

  private void throwIfRefused(Exception failure) {
    Failure explained = new Failure(settings, servers(), failure);
    if (explained.isRefusal()) {
      throw new BrokerRefusedException(explained.message(), failure);
    }
  }

  private String servers() {
    return String.join(", ", settings.servers());
  }

  private String broker() {
    return "RabbitMQ at " + servers();
  }

  @Override
  protected String silence() {
    String alarm = session == null ? null : session.alarm;
    return broker() + (alarm == null ? " does not confirm" : " takes no messages: " + alarm);
  }

  @Override
  public void close() {
    if (session != null) {
      session.end();
    }
  }

  /** One connection and what it has sent without a confirmation. */
  private final class Session {

    private final Connection connection;
    private final Channel channel;
    // Guarded by this.
    private final TreeMap<Long, Message> sent = new TreeMap<>();
    private boolean ended;
    // Why the broker takes no messages at present, or null. What is sent all the same fills the
    // connection until sending blocks.
    private volatile String alarm;

    Session() throws IOException {
      connection = new QueueConnector(settings).open(queue);
      try {
        connection.addBlockedListener(reason -> alarm = reason, () -> alarm = null);
        channel = connection.createChannel();
        channel.confirmSelect();
        channel.addConfirmListener(this::confirmed, this::refused);
        channel.addReturnListener(
            message ->
                fail(
                    new BrokerRefusedException(
                        broker() + " has no queue " + queue + " any more", null)));
      } catch (IOException | RuntimeException e) {
        connection.abort(CLOSE_MILLIS);
        throw e;
      }
    }

    boolean isOpen() {
      return channel.isOpen();
    }

    void send(Deque<Message> messages) throws IOException {
      if (!channel.isOpen()) {
        throw new AlreadyClosedException(channel.getCloseReason());
      }
      while (alarm == null && !messages.isEmpty()) {
        Message message = messages.remove();
        synchronized (this) {
          sent.put(channel.getNextPublishSeqNo(), message);
        }
        channel.basicPublish("", queue, true, message.properties, message.body);
      }
    }

    private void confirmed(long number, boolean allUpToIt) {
      take(number, allUpToIt).forEach(message -> confirm(message.fate));
    }

    private void refused(long number, boolean allUpToIt) {
      refused.addAll(take(number, allUpToIt));
    }

    private synchronized Collection<Message> take(long number, boolean allUpToIt) {
      if (ended) {
        return List.of();
      }
      if (!allUpToIt) {
        Message message = sent.remove(number);
        return message == null ? List.of() : List.of(message);
      }
      var upToIt = sent.headMap(number, true);
      List<Message> taken = new ArrayList<>(upToIt.values());
      upToIt.clear();
      return taken;
    }

    /** Closes it; returns what is not confirmed, in order. */
    List<Message> end() {
      List<Message> unconfirmed;
      synchronized (this) {
        ended = true;
        unconfirmed = new ArrayList<>(sent.values());
      }
      connection.abort(CLOSE_MILLIS);
      return unconfirmed;
    }
  }
}
