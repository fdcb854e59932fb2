package dev.atalaya.job.window;

import java.io.Serializable;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * A keyed process operator whose event time goes on with the wall clock while all of its input is
 * silent, so that the last window is published and silence itself can be seen.
 *
 * <p>The operator never tells those behind it that it is idle: it is the one that keeps time. When
 * data returns, watermarks behind the time already announced are dropped.
 */
public final class SilenceAwareProcessOperator<K, I, O> extends KeyedProcessOperator<K, I, O> {

  private static final long TICK_MILLIS = 200;

  /** Tells the newest event time that an element knows of. */
  @FunctionalInterface
  public interface NewestEvent<I> extends Serializable {
    long millisIn(I element);
  }

  private final NewestEvent<I> newest;
  private final long beyondMillis;

  private transient ScheduledFuture<?> ticking;
  private transient long newestMillis;
  private transient long announced;
  private transient long announcedAtSilence;
  private transient long silentSince;

  /**
   * @param newest the newest event time that an element knows of
   * @param beyondMillis how far time goes on at most behind the newest event: until the last window
   *     and the empty one behind it are closed. Further would close nothing, and what returns after
   *     an outage would be late.
   */
  public SilenceAwareProcessOperator(
      KeyedProcessFunction<K, I, O> function, NewestEvent<I> newest, long beyondMillis) {
    super(function);
    this.newest = newest;
    this.beyondMillis = beyondMillis;
  }

  @Override
  public void open() throws Exception {
    super.open();
    announced = Long.MIN_VALUE;
    newestMillis = Long.MIN_VALUE;
  }

  @Override
  public void processElement(StreamRecord<I> element) throws Exception {
    newestMillis = Math.max(newestMillis, newest.millisIn(element.getValue()));
    super.processElement(element);
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    if (mark.getTimestamp() > announced) {
      announced = mark.getTimestamp();
      super.processWatermark(mark);
    }
  }

  @Override
  public void processWatermarkStatus(WatermarkStatus status) throws Exception {
    if (status.isActive()) {
      stopTicking();
    } else if (ticking == null) {
      announcedAtSilence = announced;
      silentSince = processingTimeService.getCurrentProcessingTime();
      ticking = processingTimeService.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS);
    }
  }

  private void tick(long now) throws Exception {
    boolean anythingSeen = announcedAtSilence != Long.MIN_VALUE;
    if (ticking != null && anythingSeen && announced != Long.MAX_VALUE) {
      long end = Math.max(newestMillis, announcedAtSilence) + beyondMillis;
      processWatermark(new Watermark(Math.min(announcedAtSilence + (now - silentSince), end)));
    }
  }

  private void stopTicking() {
    if (ticking != null) {
      ticking.cancel(false);
      ticking = null;
    }
  }

  @Override
  public void close() throws Exception {
    stopTicking();
    super.close();
  }
}
