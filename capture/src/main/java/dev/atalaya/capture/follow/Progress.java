package dev.atalaya.capture.follow;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Up to where all is confirmed, though confirmations come in any order: positions wait behind each
 * other until nothing before them is open.
 *
 * <p>One thread adds and asks; confirmations may come from any.
 *
 * @param <P> a position
 */
final class Progress<P> {

  /** Records that end at a position. */
  static final class Step {
    /** One more than are open, until the step is complete. */
    private final AtomicInteger open = new AtomicInteger(1);

    void sent() {
      open.incrementAndGet();
    }

    void settled() {
      open.decrementAndGet();
    }
  }

  private record Waiting<P>(Step step, P position) {}

  private final Deque<Waiting<P>> waiting = new ArrayDeque<>();
  private P confirmed;

  Progress(P start) {
    confirmed = start;
  }

  /** Begins elsewhere; nothing was added yet. */
  void startAt(P start) {
    confirmed = start;
  }

  /** All records of a step were sent, and behind them is this position. */
  void add(Step step, P position) {
    step.settled();
    waiting.add(new Waiting<>(step, position));
  }

  P confirmed() {
    while (!waiting.isEmpty() && waiting.peek().step().open.get() == 0) {
      confirmed = waiting.remove().position();
    }
    return confirmed;
  }

  /** Whether nothing is open. */
  boolean isIdle() {
    confirmed();
    return waiting.isEmpty();
  }
}
