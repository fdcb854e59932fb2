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

  /** Where nothing is configured; measured with, see {@link Series}. */
  static final int USUAL_WINDOWS = 12;

  /** That of the configuration; of a moving average where it compares with the window before. */
  public static Learning of(DetectorConfig detector) {
    Baseline baseline = detector.baseline();
    long window = detector.windowMillis();
    if (baseline.equals(Baseline.PREVIOUS)) {
      return of(BaselineKind.MOVING_AVERAGE, USUAL_WINDOWS * window, USUAL_WINDOWS, window);
    }
    // What varies cannot be told from one window: signals need more, whatever keys have.
    boolean isLearned = baseline.kind() != BaselineKind.PREVIOUS_WINDOW;
    return of(
        isLearned ? baseline.kind() : BaselineKind.MOVING_AVERAGE,
        baseline.halfLifeMillis(),
        baseline.warmUpWindows(),
        window);
  }

  static Learning of(BaselineKind kind, long halfLifeMillis, int warmUp, long window) {
    // StrictMath: the same on every machine.
    double alpha = 1 - StrictMath.pow(2, -(double) window / halfLifeMillis);
    return new Learning(kind, alpha, warmUp, window);
  }

  /** Another pace of the same; kind and window decide what a series holds. */
  Learning changedTo(Learning other) {
    if (kind != other.kind || windowMillis != other.windowMillis) {
      throw new IllegalArgumentException("cannot go on learning: " + this + " != " + other);
    }
    return other;
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
