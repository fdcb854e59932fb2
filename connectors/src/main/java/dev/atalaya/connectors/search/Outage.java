package dev.atalaya.connectors.search;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether something goes wrong, and since when. It is told in the log when it happens the second
 * time in a row, once a minute from then on, and when it is over.
 *
 * <p>One thread tells it; the time is for any thread.
 */
final class Outage {

  private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

  private static final long TELL_NANOS = TimeUnit.MINUTES.toNanos(1);

  private int failures;
  private long toldNanos;
  private String told;
  private volatile long beganNanos;
  private volatile boolean isOn;

  /**
   * It went wrong.
   *
   * @return how many in a row, with this one
   */
  int failed(String reason) {
    long now = System.nanoTime();
    failures++;
    if (failures == 1) {
      beganNanos = now;
      isOn = true;
    } else if (failures == 2 || now - toldNanos > TELL_NANOS) {
      LOG.warn("{}; tried again for {} ms now, until it succeeds", reason, millis());
      toldNanos = now;
      told = reason;
    }
    return failures;
  }

  void over() {
    if (failures > 1) {
      LOG.info("{}; over, after {} ms", told, millis());
    }
    failures = 0;
    isOn = false;
  }

  boolean isOn() {
    return isOn;
  }

  /** How long it has lasted, 0 while all is well. */
  long millis() {
    return isOn ? TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos) : 0;
  }
}
