package dev.atalaya.capture.publish;

import dev.atalaya.capture.publish.PublishRefusedException.Reason;
import dev.atalaya.connectors.BrokerRefusedException;
import dev.atalaya.connectors.MessageWriter;
import dev.atalaya.connectors.kafka.KafkaSettings;
import dev.atalaya.connectors.kafka.KafkaWriter;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings;
import dev.atalaya.connectors.rabbitmq.RabbitMqWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes to one topic of Kafka (an idempotent producer, all replicas) or one queue of RabbitMQ
 * (publisher confirms). One thread of its own hands events to the client, in order.
 *
 * <p>A broker that is away is waited for. One that refuses what it allowed before (a topic deleted,
 * a password changed) counts as away too, and is tried again: somebody may mend it, and until then
 * nothing that was taken is lost.
 */
public final class QueuePublisher extends BoundedPublisher {

  /**
   * What is kept at most.
   *
   * @param events not confirmed
   * @param bytes of them together
   * @param eventBytes of one
   */
  public record Limits(int events, long bytes, int eventBytes) {
    public static final Limits DEFAULT = new Limits(100_000, 64L << 20, 1_000_000);
  }

  /** Connects to the broker; may wait for it. */
  @FunctionalInterface
  interface Broker {
    MessageWriter open(MessageWriter.Watcher watcher) throws InterruptedException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(QueuePublisher.class);

  /** How often the connection is looked after while there is nothing to send. */
  private static final long LOOK_MILLIS = 20;

  private static final long FIRST_PAUSE_MILLIS = 500;
  private static final long LAST_PAUSE_MILLIS = 10_000;
  private static final long CLOSE_MILLIS = 10_000;

  private final Broker broker;
  private final Limits limits;
  private final Thread sender = new Thread(this::run, "publisher");
  private final LinkedBlockingQueue<Pending> waiting = new LinkedBlockingQueue<>();
  private final CompletableFuture<Void> connected = new CompletableFuture<>();

  /** Of the thread that sends: what the client was given, in order; finished ones in between. */
  private final Deque<Pending> sent = new ArrayDeque<>();

  /** Null while the broker is there. */
  private volatile String awayBecause = "the broker has not answered yet";

  // Guarded by this.
  private long published;
  private long confirmed;
  private long failed;
  private long unconfirmedBytes;

  QueuePublisher(Broker broker, Limits limits) {
    this.broker = broker;
    this.limits = limits;
    sender.setDaemon(true);
    sender.start();
  }

  /**
   * @param topic that must exist
   */
  public static QueuePublisher kafka(KafkaSettings settings, String topic, Limits limits) {
    return new QueuePublisher(watcher -> KafkaWriter.open(settings, topic, watcher), limits);
  }

  public static QueuePublisher rabbitMq(RabbitMqSettings settings, String queue, Limits limits) {
    return new QueuePublisher(watcher -> RabbitMqWriter.open(settings, queue, watcher), limits);
  }

  /**
   * Completed when the broker was there for the first time; failed with a {@link
   * BrokerRefusedException} when it refused, and then nothing is ever published.
   */
  public CompletableFuture<Void> connected() {
    return connected.copy();
  }

  @Override
  public CompletableFuture<Void> publish(String id, byte[] event) {
    if (isTooLong(id)) {
      return refused(Reason.REFUSED, "its id is longer than " + MAX_ID_BYTES + " bytes");
    }
    if (event.length > limits.eventBytes()) {
      return refused(Reason.REFUSED, "it is larger than " + limits.eventBytes() + " bytes");
    }
    Pending pending = new Pending(id, event);
    synchronized (this) {
      if (isClosed()) {
        return refused(Reason.CLOSED, "the publisher is closed");
      }
      if (isFull()) {
        return refused(Reason.FULL, "too much is not confirmed yet");
      }
      published++;
      unconfirmedBytes += event.length;
      waiting.add(pending);
    }
    return pending.done;
  }

  private static CompletableFuture<Void> refused(Reason reason, String why) {
    return CompletableFuture.failedFuture(
        new PublishRefusedException(reason, "the event is not taken: " + why, null));
  }

  @Override
  public synchronized boolean isFull() {
    return unconfirmed() >= limits.events() || unconfirmedBytes >= limits.bytes();
  }

  @Override
  public boolean isAway() {
    return awayBecause != null;
  }

  /** Why it is away, in a sentence; null when it is not. */
  public String awayBecause() {
    return awayBecause;
  }

  /** Waits until everything taken is confirmed or refused, but no longer than {@code millis}. */
  public synchronized void flush(long millis) throws InterruptedException {
    long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    for (long left = millis; unconfirmed() > 0 && left > 0 && !isClosed(); ) {
      wait(left);
      left = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
    }
  }

  @Override
  public synchronized Counts counts() {
    return new Counts(published, confirmed, failed, unconfirmed());
  }

  private long unconfirmed() {
    return published - confirmed - failed;
  }

  @Override
  public void close() {
    closeDoor();
    sender.interrupt();
    try {
      sender.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    long pauseMillis = FIRST_PAUSE_MILLIS;
    while (!isClosed()) {
      try (MessageWriter writer = broker.open(new Away())) {
        connected.complete(null);
        back();
        pauseMillis = FIRST_PAUSE_MILLIS;
        send(writer);
      } catch (InterruptedException e) {
        break; // nobody but close interrupts
      } catch (RuntimeException e) {
        if (isClosed()
            || (e instanceof BrokerRefusedException && connected.completeExceptionally(e))) {
          break;
        }
        away(e.getMessage());
        pauseMillis = pause(pauseMillis);
      }
    }
    end();
  }

  /** Until something goes wrong, or for ever. */
  private void send(MessageWriter writer) throws InterruptedException {
    for (Pending pending : sent) {
      if (!pending.isFinished()) {
        write(writer, pending);
      }
    }
    while (true) {
      Pending pending = waiting.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      if (pending == null) {
        writer.tend();
      } else {
        remember(pending);
        write(writer, pending);
      }
    }
  }

  private static void write(MessageWriter writer, Pending pending) throws InterruptedException {
    byte[] event = pending.event;
    if (pending.done.isCancelled()) {
      pending.finish(false);
    } else if (event != null) {
      writer.write(pending.id, event, pending);
    }
  }

  private void remember(Pending pending) {
    while (!sent.isEmpty() && sent.peek().isFinished()) {
      sent.remove();
    }
    if (sent.size() > 2 * limits.events()) {
      // The first is stuck, and others have overtaken it.
      sent.removeIf(Pending::isFinished);
    }
    sent.add(pending);
  }

  private static long pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Math.min(2 * millis, LAST_PAUSE_MILLIS);
  }

  /** Fails all that is left. */
  private void end() {
    closeDoor();
    waiting.drainTo(sent);
    PublishRefusedException why =
        new PublishRefusedException(Reason.CLOSED, "the publisher was closed", null);
    for (Pending pending : sent) {
      if (pending.finish(false)) {
        pending.done.completeExceptionally(why);
      }
    }
  }

  private void away(String reason) {
    if (awayBecause == null) {
      LOG.warn("{}; it is waited for", reason);
    }
    awayBecause = String.valueOf(reason);
  }

  private void back() {
    if (awayBecause != null) {
      LOG.info("the broker takes events");
    }
    awayBecause = null;
  }

  /** What the client tells. */
  private final class Away implements MessageWriter.Watcher {
    @Override
    public void away(String reason) {
      QueuePublisher.this.away(reason);
    }

    @Override
    public void back() {
      QueuePublisher.this.back();
    }
  }

  /** An event on its way. */
  private final class Pending implements MessageWriter.Fate {

    final String id;

    /** Null when it is finished: it may still stand in line behind one that is not. */
    volatile byte[] event;

    final CompletableFuture<Void> done = new CompletableFuture<>();
    private final AtomicBoolean finished = new AtomicBoolean();

    Pending(String id, byte[] event) {
      this.id = id;
      this.event = event;
    }

    boolean isFinished() {
      return finished.get();
    }

    /**
     * @return whether it is the first time: a lost connection may confirm what was sent again
     */
    boolean finish(boolean isConfirmed) {
      if (!finished.compareAndSet(false, true)) {
        return false;
      }
      synchronized (QueuePublisher.this) {
        if (isConfirmed) {
          confirmed++;
        } else {
          failed++;
        }
        unconfirmedBytes -= event.length;
        event = null;
        QueuePublisher.this.notifyAll();
      }
      return true;
    }

    @Override
    public void confirmed() {
      if (finish(true)) {
        done.complete(null);
      }
    }

    @Override
    public void refused(RuntimeException why) {
      if (finish(false)) {
        done.completeExceptionally(
            new PublishRefusedException(Reason.REFUSED, why.getMessage(), why));
      }
    }
  }
}
