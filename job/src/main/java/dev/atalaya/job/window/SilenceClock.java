package dev.atalaya.job.window;

import java.util.concurrent.ScheduledFuture;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * Event time that goes on with the wall clock while all of an operator's input is silent, so that
 * the last window is published and silence itself can be seen. It never goes back: when data
 * returns, watermarks behind the time already announced are dropped. Used by the operator's thread
 * alone.
 */
public final class SilenceClock {

  private static final long TICK_MILLIS = 200;

  /** What an operator does with a watermark that it announces. */
  @FunctionalInterface
  public interface Announcement {
    void announce(Watermark mark) throws Exception;
  }

  private final ProcessingTimeService wallClock;
  private final long beyondMillis;
  private final Announcement announcement;

  private ScheduledFuture<?> ticking;
  private long newestMillis = Long.MIN_VALUE;
  private long announced = Long.MIN_VALUE;
  private long announcedAtSilence;
  private long silentSince;

  /**
   * @param beyondMillis how far time goes on at most behind the newest event: until the last window
   *     and the empty one behind it are closed. Further would close nothing, and what returns after
   *     an outage would be late.
   */
  public SilenceClock(
      ProcessingTimeService wallClock, long beyondMillis, Announcement announcement) {
    this.wallClock = wallClock;
    this.beyondMillis = beyondMillis;
    this.announcement = announcement;
  }

  /** The last watermark that was announced; {@link Long#MIN_VALUE} before any. */
  public long announced() {
    return announced;
  }

  /** Tells of an event time that an element knows of. */
  public void see(long eventMillis) {
    newestMillis = Math.max(newestMillis, eventMillis);
  }

  public void advance(Watermark mark) throws Exception {
    if (mark.getTimestamp() > announced) {
      announced = mark.getTimestamp();
      announcement.announce(mark);
    }
  }

  /** Tells whether all of the input is silent from now on, or no longer. */
  public void listen(WatermarkStatus status) {
    if (status.isActive()) {
      stop();
    } else if (ticking == null) {
      announcedAtSilence = announced;
      silentSince = wallClock.getCurrentProcessingTime();
      ticking = wallClock.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS);
    }
  }

  private void tick(long now) throws Exception {
    boolean anythingSeen = announcedAtSilence != Long.MIN_VALUE;
    if (ticking != null && anythingSeen && announced != Long.MAX_VALUE) {
      long end = Math.max(newestMillis, announcedAtSilence) + beyondMillis;
      advance(new Watermark(Math.min(announcedAtSilence + (now - silentSince), end)));
    }
  }

  public void stop() {
    if (ticking != null) {
      ticking.cancel(false);
      ticking = null;
    }
  }
}
