package dev.atalaya.job.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.clock.RelativeClock;
import org.junit.jupiter.api.Test;

class EventWatermarksTest {

  private static final long OUT_OF_ORDERNESS = 2_000;
  private static final long IDLE = 30_000;

  private final FakeClock clock = new FakeClock();
  private final List<String> output = new ArrayList<>();
  private final RecordingOutput sink = new RecordingOutput();
  private final EventWatermarks strategy = new EventWatermarks(OUT_OF_ORDERNESS, IDLE);
  private final WatermarkGenerator<DecodedRecord> generator =
      strategy.createWatermarkGenerator(
          new WatermarkGeneratorSupplier.Context() {
            @Override
            public MetricGroup getMetricGroup() {
              return new UnregisteredMetricsGroup();
            }

            @Override
            public RelativeClock getInputActivityClock() {
              return clock;
            }
          });

  @Test
  void watermarkFollowsTheNewestEventAndNeverStepsBack() {
    event(100_000);
    event(90_000);
    emit();
    event(99_000);
    emit();
    event(101_000);
    emit();
    assertThat(output).containsExactly("97999", "97999", "98999");
  }

  @Test
  void watermarkBeforeTheFirstEventIsTheLeast() {
    emit();
    assertThat(output).containsExactly(String.valueOf(Long.MIN_VALUE));
  }

  @Test
  void skewedAndRejectedRecordsMoveNothing() {
    event(100_000);
    receive(skewed(900_000));
    receive(rejected());
    emit();
    assertThat(output).containsExactly("97999");
  }

  @Test
  void partitionOfGarbageBecomesIdle() {
    event(100_000);
    emit();
    for (int i = 0; i < 10; i++) {
      clock.pass(IDLE / 10);
      receive(rejected());
      receive(skewed(900_000));
      emit();
    }
    assertThat(output).startsWith("97999", "97999").endsWith("97999", "idle");
    assertThat(output).hasSize(11);
  }

  @Test
  void partitionWithoutAnyEventBecomesIdle() {
    clock.pass(IDLE - 1);
    emit();
    clock.pass(1);
    emit();
    assertThat(output).containsExactly(String.valueOf(Long.MIN_VALUE), "idle");
  }

  @Test
  void oneEventEndsIdlenessAtOnceAlsoWhenItIsOld() {
    event(100_000);
    emit();
    clock.pass(IDLE);
    emit();
    event(50_000);
    event(50_001);
    emit();
    assertThat(output).containsExactly("97999", "idle", "active", "97999");
  }

  @Test
  void timeOfBlockedInputDoesNotCount() {
    event(100_000);
    emit();
    // The input activity clock stands still meanwhile: a day of back-pressure passes unseen.
    emit();
    emit();
    assertThat(output).containsExactly("97999", "97999", "97999");
  }

  @Test
  void zeroIdleMeansNever() {
    WatermarkGenerator<DecodedRecord> never =
        new EventWatermarks(0, 0).createWatermarkGenerator(() -> new UnregisteredMetricsGroup());
    never.onPeriodicEmit(sink);
    assertThat(output).containsExactly(String.valueOf(Long.MIN_VALUE));
  }

  @Test
  void timestampIsTheEventsOwnAndForRejectionsTheBrokers() {
    TimestampAssigner<DecodedRecord> assigner = strategy.createTimestampAssigner(null);
    assertThat(assigner.extractTimestamp(eventAt(5), 7)).isEqualTo(5);
    assertThat(assigner.extractTimestamp(skewed(6), 7)).isEqualTo(6);
    assertThat(assigner.extractTimestamp(rejected(), 7)).isEqualTo(7);
  }

  @Test
  void negativeSettingsAreRefused() {
    assertThatThrownBy(() -> new EventWatermarks(-1, 0)).hasMessageContaining(">= 0");
  }

  private void emit() {
    generator.onPeriodicEmit(sink);
  }

  private void event(long millis) {
    receive(eventAt(millis));
  }

  private void receive(DecodedRecord record) {
    generator.onEvent(record, record.timestampMillis(), sink);
  }

  private static DecodedRecord eventAt(long millis) {
    DecodedRecord record = new DecodedRecord(0, 0);
    record.timestampMillis(millis);
    return record;
  }

  private static DecodedRecord skewed(long millis) {
    DecodedRecord record = eventAt(millis);
    record.markSkewed();
    return record;
  }

  private static DecodedRecord rejected() {
    DecodedRecord record = new DecodedRecord(0, 0);
    record.reject(new Rejection(RejectReason.EMPTY, "", "", 0, "test", 0));
    return record;
  }

  private static final class FakeClock implements RelativeClock {
    private long millis = 1_000_000;

    void pass(long moreMillis) {
      millis += moreMillis;
    }

    @Override
    public long relativeTimeMillis() {
      return millis;
    }

    @Override
    public long relativeTimeNanos() {
      return TimeUnit.MILLISECONDS.toNanos(millis);
    }
  }

  private final class RecordingOutput implements WatermarkOutput {
    @Override
    public void emitWatermark(Watermark watermark) {
      output.add(String.valueOf(watermark.getTimestamp()));
    }

    @Override
    public void markIdle() {
      output.add("idle");
    }

    @Override
    public void markActive() {
      output.add("active");
    }
  }
}
