package dev.atalaya.job.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.atalaya.job.config.DetectorConfig.BaselineKind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SeriesTest {

  private static final long MINUTE = 60_000;
  private static final long HOUR = 60 * MINUTE;

  private static final List<BaselineKind> LEARNED =
      List.of(
          BaselineKind.MOVING_AVERAGE,
          BaselineKind.SAME_HOUR_YESTERDAY,
          BaselineKind.SAME_HOUR_LAST_WEEK);

  @Test
  void duringWarmUpItIsThePlainMeanAndVariance() {
    Series series = new Series(LearningCurves.usual(MINUTE));
    double[] values = {3000, 5000, 1000, 7000, 4000};
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < values.length; i++) {
      assertThat(series.isWarm()).isFalse();
      series.add(i * MINUTE, values[i]);
      sum += values[i];
      squares += values[i] * values[i];
    }
    double mean = sum / values.length;
    assertThat(series.expected(0)).isCloseTo(mean, within(1e-9));
    assertThat(series.deviation(0))
        .isCloseTo(Math.sqrt(squares / values.length - mean * mean), within(1e-9));
  }

  @Test
  void theDeviationOfSteadyNoiseIsLearned() {
    Random random = new Random(1);
    Series series = new Series(LearningCurves.usual(MINUTE));
    for (int i = 0; i < 2_000; i++) {
      series.add(i * MINUTE, 100_000 + 9_000 * random.nextGaussian());
    }
    assertThat(series.expected(0)).isCloseTo(100_000, within(2_500.0));
    assertThat(series.deviation(0)).isCloseTo(9_000, within(1_500.0));
  }

  @Test
  void aValueThatNeverVariesHasFloors() {
    assertThat(steady(0).deviation(0)).isEqualTo(1);
    assertThat(steady(100).deviation(0)).isEqualTo(20);
    assertThat(steady(-100).deviation(0)).isEqualTo(20);
    assertThat(steady(10_000).deviation(0)).isEqualTo(500);
  }

  private static Series steady(double value) {
    Series series = new Series(LearningCurves.usual(MINUTE));
    for (int i = 0; i < 50; i++) {
      series.add(i * MINUTE, value);
    }
    return series;
  }

  @Test
  void oneAnomalyMovesLittleAndALevelThatStaysIsAdopted() {
    Series series = steady(100);
    series.add(50 * MINUTE, 1e9);
    assertThat(series.expected(0)).isBetween(104.0, 105.0);
    assertThat(series.deviation(0)).isEqualTo(2 * Math.sqrt(series.expected(0)));

    int unusual = 0;
    for (int i = 51; i < 51 + 12 * 60; i++) {
      if (Math.abs(1_000 - series.expected(0)) > 4 * series.deviation(0)) {
        unusual++;
      }
      series.add(i * MINUTE, 1_000);
    }
    assertThat(unusual).isBetween(12, 6 * 12);
    assertThat(series.expected(0)).isCloseTo(1_000, within(10.0));
  }

  @Test
  void whatCannotBeLearnedFromIsNoNumberButNothing() {
    Series series = new Series(LearningCurves.usual(MINUTE));
    series.add(0, (double) Long.MAX_VALUE);
    series.add(MINUTE, (double) Long.MIN_VALUE);
    for (int i = 2; i < 100; i++) {
      series.add(i * MINUTE, i % 2 == 0 ? (double) Long.MAX_VALUE : 0);
    }
    assertThat(series.expected(0)).isFinite();
    assertThat(series.deviation(0)).isFinite();
  }

  /** One by one, as values of 0 that are no outliers. */
  @Test
  void aGapInOneStepIsTheSameAsWindowByWindow() {
    Random random = new Random(2);
    for (int round = 0; round < 300; round++) {
      long window = MINUTE * (1 + random.nextInt(90));
      BaselineKind kind = LEARNED.get(random.nextInt(LEARNED.size()));
      Learning learning = LearningCurves.of(kind, window);
      Series bulk = new Series(learning);
      Series single = new Series(learning);
      long start = window * random.nextInt(1_000);
      for (int part = 0; part < 6; part++) {
        int values = random.nextInt(40);
        for (int i = 0; i < values; i++, start += window) {
          double value = random.nextInt(100_000);
          bulk.addFirst(start, value);
          single.addFirst(start, value);
        }
        int gap = random.nextInt(random.nextBoolean() ? 4 : 20_000);
        bulk.addZeros(start, gap);
        for (int i = 0; i < gap; i++, start += window) {
          single.addZeros(start, 1);
        }
        assertThat(bulk.windows()).isEqualTo(single.windows());
        assertThat(bulk.deviation(start)).isCloseTo(single.deviation(start), within(1e-6));
        for (long hour = 0; hour < 200; hour++) {
          double expected = single.expected(start + hour * HOUR);
          assertThat(bulk.expected(start + hour * HOUR)).isCloseTo(expected, within(1e-6));
        }
      }
    }
  }

  @Test
  void aSingleZeroIsTheAverageOfAllValues() {
    Series series = new Series(LearningCurves.usual(MINUTE));
    series.add(0, 30_000);
    series.add(MINUTE, 60_000);
    series.addZeros(2 * MINUTE, 1);
    assertThat(series.expected(0)).isCloseTo(30_000, within(1e-6));
    assertThat(series.deviation(0)).isCloseTo(Math.sqrt(6e8), within(1e-6));
  }

  @Test
  void theSameHourIsWhatThatHourBroughtPerWindowADayOrAWeekBefore() {
    for (BaselineKind kind :
        new BaselineKind[] {BaselineKind.SAME_HOUR_YESTERDAY, BaselineKind.SAME_HOUR_LAST_WEEK}) {
      int period = kind == BaselineKind.SAME_HOUR_YESTERDAY ? 24 : 168;
      for (long window : new long[] {7 * MINUTE, 10 * MINUTE, HOUR, 5 * HOUR}) {
        Learning learning = LearningCurves.of(kind, window);
        Series series = new Series(learning);
        Map<Long, Double> sums = new HashMap<>();
        Map<Long, Integer> counts = new HashMap<>();
        Random random = new Random(window);
        for (long start = 0; start < 3L * period * HOUR; start += window) {
          long hour = start / HOUR;
          long before = hour - period;
          // A window longer than an hour is what all its hours brought.
          while (window > HOUR && before >= 0 && !sums.containsKey(before)) {
            before--;
          }
          boolean isKnown = before >= 0;
          if (isKnown) {
            assertThat(series.expected(start))
                .as("%s, windows of %d min, at %d min", kind, window / MINUTE, start / MINUTE)
                .isCloseTo(sums.get(before) / counts.get(before), within(0.01));
          }
          double value = 1_000 + random.nextInt(300);
          series.addFirst(start, value);
          sums.merge(hour, value, Double::sum);
          counts.merge(hour, 1, Integer::sum);
        }
      }
    }
  }

  @Test
  void theSameHourIsWarmAfterAWholeDay() {
    Series series = new Series(LearningCurves.of(BaselineKind.SAME_HOUR_YESTERDAY, HOUR));
    for (int hour = 0; hour < 24; hour++) {
      assertThat(series.isWarm()).isFalse();
      series.add(hour * HOUR, 5);
    }
    assertThat(series.isWarm()).isTrue();
  }

  @Test
  void itIsWrittenAndReadBitForBit() throws IOException {
    Random random = new Random(3);
    for (BaselineKind kind : BaselineKind.values()) {
      Learning learning = LearningCurves.of(kind, 10 * MINUTE);
      Series series = new Series(learning);
      for (int i = 0; i < 400; i++) {
        series.add(i * (10 * MINUTE), random.nextInt(1_000));
        if (i % 50 == 0) {
          series = read(write(series), learning);
        }
      }
      Series read = read(write(series), learning);
      assertThat(write(read)).isEqualTo(write(series));
      assertThat(write(series.copy())).isEqualTo(write(series));
    }
  }

  private static byte[] write(Series series) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    series.write(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static Series read(byte[] bytes, Learning learning) throws IOException {
    return Series.read(new DataInputStream(new ByteArrayInputStream(bytes)), learning);
  }
}
