package dev.atalaya.job.produce;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Lets events through at a rate. After a hold-up it goes on at the rate: what was missed is not
 * made up for in a burst.
 *
 * <p>Not thread-safe.
 */
public final class Pacer {

  /** Being early by less is not worth a sleep. */
  private static final long GRAIN_NANOS = 1_000_000;

  /** Being late by more is a hold-up. */
  private static final long SLACK_NANOS = 200_000_000;

  /** Sleeps for some nanoseconds. */
  @FunctionalInterface
  interface Sleeper {
    void sleep(long nanos) throws InterruptedException;
  }

  private final double nanosPerEvent;
  private final LongSupplier clock;
  private final Sleeper sleeper;
  private long startNanos;
  private long events;

  /**
   * @param perSecond events; 0 for no limit
   */
  public Pacer(double perSecond) {
    this(perSecond, System::nanoTime, TimeUnit.NANOSECONDS::sleep);
  }

  Pacer(double perSecond, LongSupplier clock, Sleeper sleeper) {
    nanosPerEvent = perSecond == 0 ? 0 : 1e9 / perSecond;
    this.clock = clock;
    this.sleeper = sleeper;
    startNanos = clock.getAsLong();
  }

  /** Waits until the next event is due. */
  public void await() throws InterruptedException {
    if (nanosPerEvent == 0) {
      return;
    }
    long early = startNanos + (long) (events * nanosPerEvent) - clock.getAsLong();
    if (early > GRAIN_NANOS) {
      sleeper.sleep(early);
    } else if (early < -SLACK_NANOS) {
      startNanos -= early;
    }
    events++;
  }
}
