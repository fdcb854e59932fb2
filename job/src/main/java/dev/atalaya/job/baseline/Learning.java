package dev.atalaya.job.baseline;

import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.config.DetectorConfig.Baseline;
import dev.atalaya.job.config.DetectorConfig.BaselineKind;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * How the series of one detector learn.
 *
 * @param kind what a value is compared with
 * @param alpha the weight of the newest window in an average, in (0, 1]
 * @param warmUpWindows before which nothing is told, and no value can be unusual
 * @param windowMillis from one value to the next
 */
public record Learning(BaselineKind kind, double alpha, int warmUpWindows, long windowMillis) {

  static final long HOUR = 3_600_000;

  private static final int MIN_HALF_LIFE_WINDOWS = 6;
  private static final int WARM_UP_WINDOWS = 12;

  /** That of the configuration; of a moving average where it compares with the window before. */
  public static Learning of(DetectorConfig detector) {
    Baseline baseline = detector.baseline();
    long window = detector.windowMillis();
    if (baseline.kind() == BaselineKind.PREVIOUS_WINDOW) {
      // What varies cannot be told from one window: signals need more, whatever keys have.
      return of(BaselineKind.MOVING_AVERAGE, usualHalfLifeMillis(window), WARM_UP_WINDOWS, window);
    }
    return of(baseline.kind(), baseline.halfLifeMillis(), baseline.warmUpWindows(), window);
  }

  private static Learning of(BaselineKind kind, long halfLifeMillis, int warmUp, long window) {
    // StrictMath: the same on every machine.
    double alpha = 1 - StrictMath.pow(2, -(double) window / halfLifeMillis);
    return new Learning(kind, alpha, warmUp, window);
  }

  /**
   * An hour: what people do changes within hours, so that a longer average would lag behind every
   * morning; but never less than some windows, of which a spread can be learned.
   */
  public static long usualHalfLifeMillis(long windowMillis) {
    return Math.max(HOUR, MIN_HALF_LIFE_WINDOWS * windowMillis);
  }

  /** How many hours a series remembers one by one. */
  int slots() {
    return switch (kind) {
      case SAME_HOUR_YESTERDAY -> 24;
      case SAME_HOUR_LAST_WEEK -> 7 * 24;
      case MOVING_AVERAGE, PREVIOUS_WINDOW -> 0;
    };
  }

  /** Whether after so many windows enough is known to tell what is unusual. */
  boolean isWarm(long windows) {
    return windows >= warmUpWindows && windows * windowMillis >= slots() * HOUR;
  }

  void write(DataOutput target) throws IOException {
    target.writeUTF(kind.name());
    target.writeDouble(alpha);
    target.writeInt(warmUpWindows);
    target.writeLong(windowMillis);
  }

  static Learning read(DataInput source) throws IOException {
    return new Learning(
        BaselineKind.valueOf(source.readUTF()),
        source.readDouble(),
        source.readInt(),
        source.readLong());
  }
}
