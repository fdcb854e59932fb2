package dev.atalaya.connectors;

import java.io.Closeable;

/**
 * Writes messages to one topic or queue, in order, and counts those that the broker has confirmed.
 *
 * <p>At least once: a message whose confirmation was lost with a connection is sent again, with the
 * same id. A broker that is away is waited for.
 *
 * <p>Memory: at most {@link #MAX_UNCONFIRMED} messages that the broker has not confirmed.
 *
 * <p>One thread writes, flushes and closes; the counts and {@link #stop} are for any thread.
 */
public abstract class MessageWriter implements Closeable {

  public static final int MAX_UNCONFIRMED = 5_000;

  /** Without a confirmation for so long the broker counts as away, and it is told so as often. */
  private static final long SILENCE_NANOS = 3_000_000_000L;

  private static final long LOOK_MILLIS = 200;

  /** Is told when the broker goes and comes back, by the thread that waits for it. */
  public interface Watcher {

    /** Called again and again while it is away; the reason is a sentence with host and port. */
    void away(String reason);

    void back();
  }

  /** Is told what becomes of one message, by a thread of the client: it must not wait. */
  public interface Fate {

    /** The broker has it. */
    void confirmed();

    /** The broker will never take this message; others it may. */
    void refused(RuntimeException why);
  }

  private final Watcher watcher;
  private boolean away;
  private long seenConfirmed;
  private long lookedNanos = System.nanoTime();

  // Guarded by this.
  private long written;
  private long confirmed;
  private RuntimeException failure;
  private boolean stopped;

  protected MessageWriter(Watcher watcher) {
    this.watcher = watcher;
  }

  /**
   * Hands a message to the client; waits while too many are unconfirmed or the broker is away.
   *
   * @throws BrokerRefusedException when the broker will not take it, now or later
   * @throws InterruptedException also after {@link #stop}
   */
  public final void write(String id, byte[] body) throws InterruptedException {
    write(id, body, null);
  }

  /**
   * As {@link #write(String, byte[])}, and tells what becomes of the message.
   *
   * @param fate null to have a refused message fail the writer
   */
  public final void write(String id, byte[] body, Fate fate) throws InterruptedException {
    awaitAtMost(MAX_UNCONFIRMED - 1);
    synchronized (this) {
      written++;
    }
    send(id, body, fate);
  }

  /**
   * Sees to the connection and to what the broker did not take. To be called now and then while
   * there is nothing to write; may wait while the broker is away.
   */
  public final void tend() throws InterruptedException {
    throwIfFailedOrStopped();
    whileWaiting();
    look();
  }

  /** Waits until everything written is confirmed. */
  public final void flush() throws InterruptedException {
    awaitAtMost(0);
  }

  public final synchronized long confirmed() {
    return confirmed;
  }

  public final synchronized long unconfirmed() {
    return written - confirmed;
  }

  /** Makes whoever waits in {@link #write} or {@link #flush} give up. */
  public final synchronized void stop() {
    stopped = true;
    notifyAll();
  }

  /** Lets the connection go; what is unconfirmed is given up. */
  @Override
  public abstract void close();

  /**
   * @param fate or null
   */
  protected abstract void send(String id, byte[] body, Fate fate) throws InterruptedException;

  /** Called now and then by the thread that waits for confirmations. */
  protected void whileWaiting() throws InterruptedException {}

  /** What to say when nothing has been confirmed for some seconds. */
  protected abstract String silence();

  /**
   * @param fate or null
   */
  protected final void confirm(Fate fate) {
    synchronized (this) {
      // Behind a failure it is not sure what a confirmation is worth: RabbitMQ also confirms a
      // message that reached no queue.
      if (failure != null) {
        return;
      }
      confirmed++;
      notifyAll();
    }
    if (fate != null) {
      fate.confirmed();
    }
  }

  /** Of a message that nobody needs to wait for any longer. */
  protected final void refuse(Fate fate, RuntimeException why) {
    if (fate == null) {
      fail(why);
      return;
    }
    synchronized (this) {
      written--;
      notifyAll();
    }
    fate.refused(why);
  }

  /** The thread that writes learns of it. */
  protected final synchronized void fail(RuntimeException refusal) {
    failure = failure == null ? refusal : failure;
    notifyAll();
  }

  protected final synchronized void throwIfFailedOrStopped() throws InterruptedException {
    if (failure != null) {
      throw failure;
    }
    if (stopped) {
      throw new InterruptedException("stopped");
    }
  }

  protected final void tellAway(String reason) {
    away = true;
    watcher.away(reason);
  }

  private void awaitAtMost(long unconfirmed) throws InterruptedException {
    throwIfFailedOrStopped();
    if (unconfirmed() > unconfirmed) {
      seenConfirmed = confirmed();
      lookedNanos = System.nanoTime();
    }
    while (unconfirmed() > unconfirmed) {
      synchronized (this) {
        if (written - confirmed > unconfirmed) {
          wait(LOOK_MILLIS);
        }
      }
      tend();
    }
  }

  /** Tells when confirmations have stopped coming, and when they come again. */
  private void look() {
    long now = System.nanoTime();
    if (confirmed() > seenConfirmed || unconfirmed() == 0) {
      tellBack();
      seenConfirmed = confirmed();
      lookedNanos = now;
    } else if (now - lookedNanos > SILENCE_NANOS) {
      tellAway(silence());
      lookedNanos = now;
    }
  }

  protected final void tellBack() {
    if (away) {
      away = false;
      watcher.back();
    }
  }
}
