package dev.atalaya.capture.publish;

import java.io.Closeable;
import java.util.concurrent.CompletableFuture;

/**
 * Where events go: a topic or a queue of a broker, or a disk that passes them on later.
 *
 * <p>At least once: an event whose confirmation was lost is sent again, with the same id; the job
 * behind recognises it by that.
 *
 * <p>Bounded in the number and in the bytes of what is not confirmed. Whoever cannot do without an
 * event waits for room ({@link #awaitRoom}), whoever cannot wait counts what is refused.
 *
 * <p>Thread-safe. Futures are completed by the threads of a client, which must not be held up: what
 * follows a completion is short, or goes to another thread.
 */
public interface Publisher extends Closeable {

  /** AMQP's limit of an id, in bytes of UTF-8; longer ids are refused. */
  int MAX_ID_BYTES = 255;

  /**
   * Hands on an event; does not wait.
   *
   * @param id the same for the same event, however often it is sent; at most {@link #MAX_ID_BYTES}
   * @param event not to be changed afterwards; one JSON object, or the line that the job's format
   *     reads
   * @return completed when the event is kept for certain; failed with a {@link
   *     PublishRefusedException} when it never will be: there is no room for it, it is larger than
   *     the broker takes, or the publisher is closed. While the broker is away it stays open. One
   *     that is cancelled is not sent any more, unless it was sent already.
   */
  CompletableFuture<Void> publish(String id, byte[] event);

  /** Whether {@link #publish} would refuse the next event for want of room. */
  boolean isFull();

  /**
   * Waits until there is room.
   *
   * @return whether there is, when {@code millis} are over at the latest
   */
  boolean awaitRoom(long millis) throws InterruptedException;

  /** Whether the broker does not answer or does not take events, as far as is known. */
  boolean isAway();

  /** What was done so far. */
  Counts counts();

  /** Gives up what is not confirmed; its futures fail. */
  @Override
  void close();

  /**
   * Numbers of events since the start; {@code published = confirmed + failed + unconfirmed}.
   *
   * @param published taken, not counting those refused at once for want of room
   * @param failed taken and then refused by the broker
   * @param unconfirmed taken and neither confirmed nor refused yet
   */
  record Counts(long published, long confirmed, long failed, long unconfirmed) {}
}
