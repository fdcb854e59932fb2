package dev.atalaya.job.decode;

import dev.atalaya.job.config.TimeConfig;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.TimestampAssignerSupplier;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.util.clock.RelativeClock;

/**
 * Event time of one partition: the newest event's time minus the allowed out-of-orderness. Only
 * events move it or count as activity; a partition that delivers nothing but rejected and skewed
 * records is idle, and idle partitions hold no window open.
 *
 * @param outOfOrdernessMillis how far behind the newest event of its partition an event may be
 * @param idleMillis without an event, after which a partition is idle; 0 for never
 */
public record EventWatermarks(long outOfOrdernessMillis, long idleMillis)
    implements WatermarkStrategy<DecodedRecord> {

  public EventWatermarks {
    if (outOfOrdernessMillis < 0 || idleMillis < 0) {
      throw new IllegalArgumentException(
          "out-of-orderness and idle must be >= 0, got "
              + outOfOrdernessMillis
              + " and "
              + idleMillis);
    }
  }

  public static EventWatermarks of(TimeConfig time) {
    return new EventWatermarks(time.outOfOrdernessMillis(), time.idleMillis());
  }

  @Override
  public TimestampAssigner<DecodedRecord> createTimestampAssigner(
      TimestampAssignerSupplier.Context context) {
    return (record, brokerMillis) ->
        record.kind() == DecodedRecord.Kind.REJECTED ? brokerMillis : record.timestampMillis();
  }

  @Override
  public WatermarkGenerator<DecodedRecord> createWatermarkGenerator(
      WatermarkGeneratorSupplier.Context context) {
    return new Generator(context.getInputActivityClock());
  }

  private final class Generator implements WatermarkGenerator<DecodedRecord> {

    /** Stands still while back-pressure or alignment blocks the input. */
    private final RelativeClock clock;

    private long newestMillis = Long.MIN_VALUE + outOfOrdernessMillis + 1;
    private boolean active;
    private boolean idle;
    private long lastActiveNanos;

    Generator(RelativeClock clock) {
      this.clock = clock;
      lastActiveNanos = clock.relativeTimeNanos();
    }

    @Override
    public void onEvent(DecodedRecord record, long timestampMillis, WatermarkOutput output) {
      if (record.kind() != DecodedRecord.Kind.EVENT) {
        return;
      }
      newestMillis = Math.max(newestMillis, timestampMillis);
      active = true;
      if (idle) {
        // At once: until the next periodic call, other partitions would make its events late.
        idle = false;
        output.markActive();
      }
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
      if (active) {
        active = false;
        lastActiveNanos = clock.relativeTimeNanos();
      } else if (idleMillis > 0
          && clock.relativeTimeNanos() - lastActiveNanos
              >= TimeUnit.MILLISECONDS.toNanos(idleMillis)) {
        idle = true;
      }
      if (idle) {
        output.markIdle();
      } else {
        output.emitWatermark(new Watermark(newestMillis - outOfOrdernessMillis - 1));
      }
    }
  }
}
