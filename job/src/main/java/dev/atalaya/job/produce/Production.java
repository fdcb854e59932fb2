package dev.atalaya.job.produce;

import dev.atalaya.connectors.MessageWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Writes one event after the other, numbered and at a pace. The id of event {@code n}, from 1 on,
 * is {@code <prefix>-n}: the same input gives the same ids again.
 *
 * <p>One thread produces; {@link #progress} and {@link #stop} are for any thread.
 */
public final class Production {

  private static final long LOOK_MILLIS = 50;

  private final MessageWriter writer;
  private final String idPrefix;
  private final Pacer pacer;
  private final long startNanos = System.nanoTime();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile long events;
  private volatile boolean writing;
  private volatile boolean stopped;

  /**
   * How far it is.
   *
   * @param events handed to the client
   * @param confirmed of them, by the broker
   */
  public record Progress(long events, long confirmed, double seconds) {}

  public Production(MessageWriter writer, String idPrefix, Pacer pacer) {
    this.writer = writer;
    this.idPrefix = idPrefix;
    this.pacer = pacer;
  }

  /**
   * @throws InterruptedException also after {@link #stop}
   */
  public void produce(byte[] event) throws InterruptedException {
    pacer.await();
    writing = true;
    try {
      if (stopped) {
        throw new InterruptedException("stopped");
      }
      long number = events + 1;
      writer.write(idPrefix + "-" + number, event);
      events = number;
    } finally {
      writing = false;
    }
  }

  /** Waits until all is confirmed. */
  public void finish() throws InterruptedException {
    writer.flush();
  }

  /** Called in the end, however it came. */
  public void end() {
    ended.countDown();
    writer.close();
  }

  /**
   * Begins nothing more, and waits until all that was begun is confirmed, but not for ever. For the
   * hook that runs when the process is told to end: the thread that produces may wait for input.
   */
  public void stop(long patienceMillis) throws InterruptedException {
    stopped = true;
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
    while (writing || writer.unconfirmed() > 0) {
      if (ended.await(LOOK_MILLIS, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
        break;
      }
    }
    writer.stop();
  }

  public Progress progress() {
    return new Progress(events, writer.confirmed(), (System.nanoTime() - startNanos) / 1e9);
  }
}
