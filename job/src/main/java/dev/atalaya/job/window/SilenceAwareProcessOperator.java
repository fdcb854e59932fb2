package dev.atalaya.job.window;

import java.io.Serializable;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * A keyed process operator with a {@link SilenceClock}.
 *
 * <p>The operator never tells those behind it that it is idle: it is the one that keeps time.
 */
public final class SilenceAwareProcessOperator<K, I, O> extends KeyedProcessOperator<K, I, O> {

  /** Tells the newest event time that an element knows of. */
  @FunctionalInterface
  public interface NewestEvent<I> extends Serializable {
    long millisIn(I element);
  }

  private final NewestEvent<I> newest;
  private final long beyondMillis;

  private transient SilenceClock clock;

  /**
   * @param newest the newest event time that an element knows of
   * @param beyondMillis as {@link SilenceClock} has it
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
    clock = new SilenceClock(processingTimeService, beyondMillis, super::processWatermark);
  }

  @Override
  public void processElement(StreamRecord<I> element) throws Exception {
    clock.see(newest.millisIn(element.getValue()));
    super.processElement(element);
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    clock.advance(mark);
  }

  @Override
  public void processWatermarkStatus(WatermarkStatus status) {
    clock.listen(status);
  }

  @Override
  public void close() throws Exception {
    if (clock != null) {
      clock.stop();
    }
    super.close();
  }
}
