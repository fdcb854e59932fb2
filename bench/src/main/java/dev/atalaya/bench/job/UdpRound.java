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
  private static final double LOWEST_RATE = 1_000;
  private static final long TRIAL_MILLIS = 3_000;
  private static final long LONG_TRIAL_MILLIS = 8_000;
  private static final long BEHIND_MILLIS = 1_000;
  private static final long PATIENCE_MILLIS = 60_000;
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

  /** A rate that any machine can hold, and time for what it takes. */
  void quick() throws IOException, InterruptedException {
    Trial trial = trial(3_000, 500, PATIENCE_MILLIS);
    if (trial.isLossy()) {
      throw new IllegalStateException("records were lost: " + trial);
    }
  }

  Round search() throws IOException, InterruptedException {
    trial(FIRST_RATE, LONG_TRIAL_MILLIS, PATIENCE_MILLIS); // to warm up
    double holds = FIRST_RATE;
    double fails = 2 * holds;
    while (held(fails, TRIAL_MILLIS) != null) {
      holds = fails;
      fails = 2 * holds;
    }
    while (fails > holds * NEAR) {
      double between = Math.sqrt(holds * fails);
      if (held(between, TRIAL_MILLIS) != null) {
        holds = between;
      } else {
        fails = between;
      }
    }
    for (; holds > LOWEST_RATE; holds *= BACK) {
      Round round = held(holds, LONG_TRIAL_MILLIS);
      if (round != null) {
        return round;
      }
    }
    throw new IllegalStateException("records are lost at every rate");
  }

  /** Null when the rate does not hold. */
  private Round held(double rate, long millis) throws IOException, InterruptedException {
    Trial trial = trial(rate, millis, BEHIND_MILLIS);
    boolean isReached = trial.sent() >= REACHED * rate * millis / 1_000;
    if (!trial.isLossy() && isReached) {
      Progress.say("capture: %.0f records/s by UDP: held", rate);
      return new Round(trial.sent(), millis / 1e3, trial.cpuSeconds(), trial.arrived(), 0);
    }
    Progress.say(
        "capture: %.0f records/s by UDP: %s: %s",
        rate, isReached ? "too many" : "more than the sender can send", trial);
    settle();
    return null;
  }

  /**
   * @param arrived in the topic when all were there, or patience was at its end
   */
  private record Trial(long sent, long arrived, long droppedDatagrams, double cpuSeconds) {
    boolean isLossy() {
      return arrived != sent || droppedDatagrams > 0;
    }
  }

  private Trial trial(double rate, long millis, long patienceMillis)
      throws IOException, InterruptedException {
    long before = queue.count();
    long dropsBefore = drops();
    double cpuBefore = capture.cpuSeconds();
    long sent = sender.send(rate, millis);
    long end = System.nanoTime() + patienceMillis * 1_000_000;
    while (queue.count() - before < sent && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    long arrived = queue.count() - before;
    return new Trial(sent, arrived, drops() - dropsBefore, capture.cpuSeconds() - cpuBefore);
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
