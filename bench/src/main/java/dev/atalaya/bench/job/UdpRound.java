package dev.atalaya.bench.job;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * The highest steady rate of NetFlow at which nothing is lost. A rate holds when the topic has
 * every record within a second of the last datagram, so that no buffer hides what is too much, and
 * neither the kernel nor capture has dropped anything.
 */
final class UdpRound {

  private static final double FIRST_RATE = 20_000;
  private static final long TRIAL_MILLIS = 3_000;
  private static final long LONG_TRIAL_MILLIS = 8_000;
  private static final long BEHIND_MILLIS = 1_000;
  private static final long SETTLED_MILLIS = 1_000;
  private static final long LOOK_MILLIS = 20;

  /** Between a rate that holds and one that does not, in the end. */
  private static final double NEAR = 1.1;

  private static final double BACK = 0.9;

  /** What the sender reaches of a rate when the sender is not the limit. */
  private static final double REACHED = 0.97;

  private final CaptureProcess capture;
  private final CaptureQueue queue;
  private final NetflowSender sender;

  UdpRound(CaptureProcess capture, CaptureQueue queue, NetflowSender sender) {
    this.capture = capture;
    this.queue = queue;
    this.sender = sender;
  }

  /** A rate is tried once for a moment. */
  void quick() throws IOException, InterruptedException {
    if (trial(3_000, 500) == null) {
      throw new IllegalStateException("records were lost");
    }
  }

  Round search() throws IOException, InterruptedException {
    trial(FIRST_RATE, LONG_TRIAL_MILLIS); // to warm up
    double holds = FIRST_RATE;
    double fails = 2 * holds;
    while (holds(fails, TRIAL_MILLIS)) {
      holds = fails;
      fails = 2 * holds;
    }
    while (fails > holds * NEAR) {
      double between = Math.sqrt(holds * fails);
      if (holds(between, TRIAL_MILLIS)) {
        holds = between;
      } else {
        fails = between;
      }
    }
    while (holds > 1_000) {
      Round round = trial(holds, LONG_TRIAL_MILLIS);
      if (round != null) {
        return round;
      }
      holds *= BACK;
    }
    throw new IllegalStateException("records are lost at every rate");
  }

  private boolean holds(double rate, long millis) throws IOException, InterruptedException {
    Round round = trial(rate, millis);
    Progress.say("capture: %.0f records/s by UDP: %s", rate, round == null ? "too many" : "held");
    return round != null;
  }

  /** Null when the rate does not hold. */
  private Round trial(double rate, long millis) throws IOException, InterruptedException {
    long before = queue.count();
    long dropsBefore = drops();
    double cpuBefore = capture.cpuSeconds();
    long start = System.nanoTime();
    long sent = sender.send(rate, millis);
    long end = System.nanoTime() + BEHIND_MILLIS * 1_000_000;
    while (queue.count() - before < sent && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    long arrived = queue.count() - before;
    if (arrived == sent && drops() == dropsBefore && sent >= REACHED * rate * millis / 1_000) {
      return new Round(sent, millis / 1e3, capture.cpuSeconds() - cpuBefore, arrived, 0);
    }
    Progress.say(
        "capture: %d of %d records after %.1f s, %d datagrams dropped",
        arrived, sent, seconds, drops() - dropsBefore);
    settle();
    return null;
  }

  private long drops() throws IOException, InterruptedException {
    return capture.metric("udp_dropped_");
  }

  private void settle() throws InterruptedException {
    for (long last = -1, now = queue.count(); now != last; now = queue.count()) {
      last = now;
      TimeUnit.MILLISECONDS.sleep(SETTLED_MILLIS);
    }
  }
}
