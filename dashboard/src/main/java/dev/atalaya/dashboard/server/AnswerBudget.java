package dev.atalaya.dashboard.server;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Bounds the memory of answers: few are made at a time, and those that clients have not taken yet
 * are of so many bytes at most. A larger one is sent when there is no other.
 *
 * <p>Thread-safe.
 */
final class AnswerBudget {

  /** While an answer is made it takes ten times its bytes. */
  private static final int MAKERS = 2;

  private final long maxBytes;
  private final AtomicLong bytes = new AtomicLong();
  private final Semaphore makers = new Semaphore(MAKERS);

  AnswerBudget(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Refuses with 503 what is too much. */
  void send(Supplier<Answer> maker, Request request, Response response, Callback callback) {
    Answer answer;
    long size;
    makers.acquireUninterruptibly();
    try {
      answer = maker.get();
      size = answer.bytes();
      take(size);
    } finally {
      makers.release();
    }
    answer.send(request, response, Callback.from(callback, () -> bytes.addAndGet(-size)));
  }

  private void take(long size) {
    long before = bytes.getAndAdd(size);
    if (before > 0 && before + size > maxBytes) {
      bytes.addAndGet(-size);
      throw new RefusedException(503);
    }
  }
}
