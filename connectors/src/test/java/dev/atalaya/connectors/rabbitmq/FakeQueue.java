package dev.atalaya.connectors.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Consumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A queue for faults that a real broker does not produce on demand: acknowledgements that fail, and
 * redeliveries that come late. One consumer at a time; transactions as AMQP has them.
 */
final class FakeQueue {

  private final Deque<Message> ready = new ArrayDeque<>();
  private final NavigableMap<Long, Message> unacknowledged = new TreeMap<>();
  private final TreeSet<Long> toAcknowledge = new TreeSet<>();
  private final TreeSet<Long> toReject = new TreeSet<>();
  private final List<Message> held = new ArrayList<>();
  private final List<String> acknowledged = new ArrayList<>();
  private final List<String> rejected = new ArrayList<>();
  private final List<List<Object>> prefetches = new ArrayList<>();
  private Consumer consumer;
  private long lastTag;
  private boolean failCommits;
  private boolean holdReturned;
  private boolean closed;

  private record Message(String id, String body, boolean redelivered) {}

  synchronized Connection connect() {
    lastTag = 0;
    failCommits = false;
    closed = false;
    return proxy(Connection.class, this::onConnection);
  }

  synchronized void publish(String id, String body) {
    ready.add(new Message(id, body, false));
    deliver();
  }

  /** From now until the next connection, commits fail. */
  synchronized void failCommits() {
    failCommits = true;
  }

  /** Keeps what returns from a closed connection, as if the broker had not noticed its end. */
  synchronized void holdReturned() {
    holdReturned = true;
  }

  /** The broker has noticed. */
  synchronized void releaseReturned() {
    holdReturned = false;
    for (int i = held.size() - 1; i >= 0; i--) {
      ready.addFirst(held.get(i));
    }
    held.clear();
    deliver();
  }

  /** The broker is gone; the client does not know yet. */
  synchronized void breakConnection() {
    closed = true;
  }

  synchronized List<String> acknowledged() {
    return List.copyOf(acknowledged);
  }

  synchronized List<String> rejected() {
    return List.copyOf(rejected);
  }

  /** Bodies that the broker still has. */
  synchronized int left() {
    return ready.size() + held.size() + unacknowledged.size();
  }

  /** The arguments of each setting of the prefetch. */
  synchronized List<List<Object>> prefetches() {
    return List.copyOf(prefetches);
  }

  private synchronized Object onConnection(Object self, Method method, Object[] args) {
    return switch (method.getName()) {
      case "createChannel" -> proxy(Channel.class, this::onChannel);
      case "abort", "close" -> {
        end();
        yield null;
      }
      default -> throw new UnsupportedOperationException(method.getName());
    };
  }

  private synchronized Object onChannel(Object self, Method method, Object[] args)
      throws IOException {
    if (closed && !method.getName().equals("abort")) {
      throw new AlreadyClosedException(
          new ShutdownSignalException(
              true, false, new AMQP.Connection.Close.Builder().build(), null));
    }
    Object answer = null;
    switch (method.getName()) {
      case "basicQos" -> prefetches.add(List.of(args));
      case "queueDeclare", "txSelect", "basicCancel", "close", "abort" -> {}
      case "messageCount" -> answer = (long) ready.size();
      case "basicConsume" -> {
        consumer = (Consumer) args[2];
        consumer.handleConsumeOk("consumer");
        deliver();
        answer = "consumer";
      }
      case "basicAck" ->
          toAcknowledge.addAll(
              (boolean) args[1]
                  ? unacknowledged.headMap((Long) args[0], true).keySet()
                  : List.of((Long) args[0]));
      case "basicReject" -> toReject.add((Long) args[0]);
      case "txCommit" -> commit();
      default -> throw new UnsupportedOperationException(method.getName());
    }
    return answer;
  }

  private void commit() throws IOException {
    if (failCommits) {
      throw new IOException("the commit failed, as the test wants it");
    }
    toAcknowledge.forEach(tag -> acknowledged.add(unacknowledged.remove(tag).body()));
    toReject.forEach(tag -> rejected.add(unacknowledged.remove(tag).body()));
    toAcknowledge.clear();
    toReject.clear();
  }

  private void end() {
    consumer = null;
    toAcknowledge.clear();
    toReject.clear();
    for (Message message : unacknowledged.values()) {
      held.add(new Message(message.id(), message.body(), true));
    }
    unacknowledged.clear();
    if (!holdReturned) {
      releaseReturned();
    }
  }

  private void deliver() {
    while (consumer != null && !ready.isEmpty()) {
      Message message = ready.remove();
      unacknowledged.put(++lastTag, message);
      try {
        consumer.handleDelivery(
            "consumer",
            new Envelope(lastTag, message.redelivered(), "", "q"),
            new AMQP.BasicProperties.Builder().correlationId(message.id()).build(),
            message.body().getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
