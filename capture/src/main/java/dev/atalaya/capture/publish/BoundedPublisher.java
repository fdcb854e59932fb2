package dev.atalaya.capture.publish;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * What publishers have in common: whoever waits for room waits on the publisher's own monitor,
 * which is notified whenever there is more of it, and when it is closed.
 */
public abstract class BoundedPublisher implements Publisher {

  /** An id of no more characters is short enough, however many bytes they have in UTF-8. */
  private static final int SURELY_SHORT = MAX_ID_BYTES / 3;

  // Guarded by this.
  private boolean closed;

  @Override
  public final synchronized boolean awaitRoom(long millis) throws InterruptedException {
    long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (isFull() && !closed) {
      long left = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return !closed;
  }

  /** Whether nothing is taken any more. */
  protected final synchronized boolean isClosed() {
    return closed;
  }

  /** From now on nothing is taken, and nobody waits for room. */
  protected final synchronized void closeDoor() {
    closed = true;
    notifyAll();
  }

  protected static boolean isTooLong(String id) {
    return id.length() > SURELY_SHORT && id.getBytes(StandardCharsets.UTF_8).length > MAX_ID_BYTES;
  }
}
