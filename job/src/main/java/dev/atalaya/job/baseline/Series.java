package dev.atalaya.job.baseline;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * What one value, measured once per window, usually is: its average and how far it strays.
 *
 * <p>Shape: mean and variance as exponentially weighted averages, and for {@code SAME_HOUR_*} the
 * mean per window of each hour of a day (24) or a week (168); 32 bytes, and 4 for each hour.
 *
 * <p>Error: none is stated; this is a guess. {@link #deviation} is the standard deviation of what
 * was neither unusual nor an outlier. A value more than {@link #EDGE} deviations away enters as if
 * it were at that edge: one anomaly moves next to nothing, and a level that stays is adopted within
 * some half-lives.
 *
 * <p>Time: values come in the order of their windows; same values, same series, on any machine.
 *
 * <p>Not thread-safe.
 *
 * <p>Source: Gelper, Fried and Croux, Robust Forecasting with Exponential and Holt-Winters
 * Smoothing (Journal of Forecasting 2010): cleaned values, and a scale by a bounded biweight; with
 * the average of the first windows in the place of their start-up regression, and floors.
 */
public final class Series {

  /* The constants, and what they were measured with: SeriesOnRecordedTrafficTest, QuietTrafficTest.

  EDGE is the edge of medium sensitivity. At 3, a burst of one of the four series of NAB left so
  little trace that the series raised five times the alarms.

  The biweight is that of the source: consistent for values that vary normally, and an outlier
  counts for at most 2.52 variances, so that a burst does not make the series blind. With the plain
  variance there were a quarter of the alarms outside the labelled windows of NAB, but one of the
  seven, in the wake of a burst, was missed at any half-life from 15 minutes to a day.

  FLOOR_FACTOR: independent events would vary by the root of their number. Those of people and
  programs come in groups (a page and its images), which at groups of four is twice as much. With
  one root, the paths of a quiet web server raised 102 alarms in 78 windows; with two, 2.

  FLOOR_SHARE: a value that hardly ever varies is no reason to report one request in twenty. */

  static final double EDGE = 4;
  static final double FLOOR_FACTOR = 2;
  static final double FLOOR_SHARE = 0.05;

  private static final double BIWEIGHT_EDGE = 2;
  private static final double BIWEIGHT_MAX = 2.52;

  private final float[] hours;
  private Learning learning;

  private long windows;
  private double mean;
  private double variance;

  /** The hour that is being added up; its slot still holds what it was a day or a week before. */
  private long hour = Long.MIN_VALUE;

  private double hourSum;
  private long hourWindows;

  public Series(Learning learning) {
    this(learning, 0);
  }

  /** Of a value that was 0 for so many windows, as far as anybody knows. */
  Series(Learning learning, long windows) {
    this.learning = learning;
    this.windows = windows;
    hours = new float[learning.slots()];
    Arrays.fill(hours, Float.NaN);
  }

  private Series(Series other) {
    learning = other.learning;
    hours = other.hours.clone();
    windows = other.windows;
    mean = other.mean;
    variance = other.variance;
    hour = other.hour;
    hourSum = other.hourSum;
    hourWindows = other.hourWindows;
  }

  Series copy() {
    return new Series(this);
  }

  /** Goes on at another pace; what is compared with what stays. */
  void learnAs(Learning other) {
    learning = other;
  }

  /** How many windows it has learned from. */
  long windows() {
    return windows;
  }

  public boolean isWarm() {
    return learning.isWarm(windows);
  }

  /** What a window that starts then is expected to bring, before it is added. */
  public double expected(long startMillis) {
    if (hours.length > 0) {
      float same = hours[slot(hourOf(startMillis))];
      if (!Float.isNaN(same)) {
        return same;
      }
    }
    return mean;
  }

  /** The standard deviation around {@link #expected}; at least 1. */
  public double deviation(long startMillis) {
    return deviationAround(expected(startMillis));
  }

  private double deviationAround(double expected) {
    double size = Math.abs(expected);
    double floor = Math.max(FLOOR_FACTOR * Math.sqrt(size), FLOOR_SHARE * size);
    return Math.max(1, Math.max(floor, Math.sqrt(variance)));
  }

  /** The largest of what it expects at any time: what the memory spent on it is worth. */
  double level() {
    double level = Math.abs(mean);
    for (float same : hours) {
      if (Math.abs(same) > level) {
        level = Math.abs(same);
      }
    }
    return level;
  }

  /** The value of the next window. */
  public void add(long startMillis, double value) {
    learn(startMillis, value, windows >= learning.warmUpWindows());
  }

  /** The value of the next window, whatever it is: nothing else is known of it. */
  void addFirst(long startMillis, double value) {
    learn(startMillis, value, false);
  }

  private void learn(long startMillis, double value, boolean cleaned) {
    double weight = nextWeight();
    double expected = expected(startMillis);
    double residual = value - expected;
    if (cleaned) {
      double deviation = deviationAround(expected);
      double square = deviation * deviation;
      variance += weight * (square * biweight(residual * residual / square) - variance);
      residual = Math.max(-EDGE * deviation, Math.min(EDGE * deviation, residual));
    } else {
      variance = (1 - weight) * (variance + weight * residual * residual);
    }
    double clean = expected + residual;
    mean += weight * (clean - mean);
    windows++;
    if (hours.length > 0) {
      enter(hourOf(startMillis));
      hourSum += clean;
      hourWindows++;
    }
  }

  /** The plain average at first, which no start value can bend. */
  private double nextWeight() {
    return Math.max(learning.alpha(), 1.0 / (windows + 1));
  }

  private static double biweight(double square) {
    double rest = 1 - square / (BIWEIGHT_EDGE * BIWEIGHT_EDGE);
    return rest <= 0 ? BIWEIGHT_MAX : BIWEIGHT_MAX * (1 - rest * rest * rest);
  }

  /**
   * Windows in which nothing came, the first of them starting then: in one step, as values of 0
   * that are no outliers. What strays is then that of the average, not that of the hour.
   */
  public void addZeros(long startMillis, long count) {
    if (count <= 0) {
      return;
    }
    double remains = remainsAfter(count);
    variance = remains * (variance + mean * mean * (1 - remains));
    mean *= remains;
    windows += count;
    if (hours.length > 0) {
      addZeroHours(startMillis, count);
    }
  }

  /** The product of (1 - weight) over the next windows. */
  private double remainsAfter(long count) {
    // The plain average of the first 1/alpha windows, of which each takes 1/n.
    long averaged =
        (long) Math.min(Math.ceil(1 / learning.alpha()) - 1, (double) (windows + count));
    double remains = averaged > windows ? (double) windows / averaged : 1;
    long weighted = windows + count - Math.max(windows, averaged);
    return remains * StrictMath.pow(1 - learning.alpha(), (double) weighted);
  }

  /** Hour by hour, and of a long gap only the last day or week. */
  private void addZeroHours(long startMillis, long count) {
    long window = learning.windowMillis();
    long kept = (hours.length + 1) * Math.max(1, Learning.HOUR / window + 1);
    long left = Math.min(count, kept);
    long start = startMillis + (count - left) * window;
    while (left > 0) {
      long now = hourOf(start);
      enter(now);
      long untilNext = (now + 1) * Learning.HOUR - start;
      long inThisHour = Math.min(left, (untilNext + window - 1) / window);
      hourWindows += inThisHour;
      start += inThisHour * window;
      left -= inThisHour;
    }
  }

  /** Writes down the hour before, and all that its window covered when windows are longer. */
  private void enter(long now) {
    if (now == hour) {
      return;
    }
    if (hourWindows > 0) {
      float mean = (float) (hourSum / hourWindows);
      long covered = learning.windowMillis() > Learning.HOUR ? now : hour + 1;
      for (long past = Math.max(hour, covered - hours.length); past < covered; past++) {
        hours[slot(past)] = mean;
      }
    }
    hour = now;
    hourSum = 0;
    hourWindows = 0;
  }

  private int slot(long hour) {
    return (int) Math.floorMod(hour, (long) hours.length);
  }

  private static long hourOf(long millis) {
    return Math.floorDiv(millis, Learning.HOUR);
  }

  void write(DataOutput target) throws IOException {
    target.writeLong(windows);
    target.writeDouble(mean);
    target.writeDouble(variance);
    if (hours.length > 0) {
      target.writeLong(hour);
      target.writeDouble(hourSum);
      target.writeLong(hourWindows);
      for (float same : hours) {
        target.writeFloat(same);
      }
    }
  }

  static Series read(DataInput source, Learning learning) throws IOException {
    Series series = new Series(learning);
    series.windows = source.readLong();
    series.mean = source.readDouble();
    series.variance = source.readDouble();
    if (series.hours.length > 0) {
      series.hour = source.readLong();
      series.hourSum = source.readDouble();
      series.hourWindows = source.readLong();
      for (int i = 0; i < series.hours.length; i++) {
        series.hours[i] = source.readFloat();
      }
    }
    return series;
  }
}
