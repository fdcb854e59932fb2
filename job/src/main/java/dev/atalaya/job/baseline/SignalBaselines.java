package dev.atalaya.job.baseline;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * What is usual of the windows of one detector as a whole: a {@link Series} of each signal. Not
 * thread-safe.
 */
public final class SignalBaselines {

  public final Series events;
  public final Series total;
  public final Series distinctKeys;

  /** In thousandths of a bit; of windows with events only, as others have none. */
  public final Series entropy;

  private Learning learning;

  /** The start of the window behind the last, and the events of that one. */
  private long nextMillis = Long.MIN_VALUE;

  private long lastEvents;

  public SignalBaselines(Learning learning) {
    this(
        learning,
        new Series(learning),
        new Series(learning),
        new Series(learning),
        new Series(learning));
  }

  private SignalBaselines(
      Learning learning, Series events, Series total, Series distinctKeys, Series entropy) {
    this.learning = learning;
    this.events = events;
    this.total = total;
    this.distinctKeys = distinctKeys;
    this.entropy = entropy;
  }

  /** As {@link KeyBaselines#learnAs}. */
  public void learnAs(Learning other) {
    if (!other.equals(learning)) {
      learning = learning.changedTo(other);
      events.learnAs(other);
      total.learnAs(other);
      distinctKeys.learnAs(other);
      entropy.learnAs(other);
    }
  }

  public Learning learning() {
    return learning;
  }

  /** The events of the window that ends where one begins; 0 when there was none. */
  public long eventsBefore(long startMillis) {
    return startMillis == nextMillis ? lastEvents : 0;
  }

  /**
   * Makes up for the windows since the last that were never closed, as nothing came: to be called
   * before anything is asked of a window that starts then.
   */
  public void skipTo(long startMillis) {
    if (nextMillis == Long.MIN_VALUE || nextMillis >= startMillis) {
      return;
    }
    long skipped = (startMillis - nextMillis) / learning.windowMillis();
    events.addZeros(nextMillis, skipped);
    total.addZeros(nextMillis, skipped);
    distinctKeys.addZeros(nextMillis, skipped);
    nextMillis = startMillis;
    lastEvents = 0;
  }

  /** Learns from a closed window, behind those before. */
  public void add(long startMillis, long eventCount, long sum, long keys, long millibits) {
    skipTo(startMillis);
    events.add(startMillis, (double) eventCount);
    total.add(startMillis, (double) sum);
    distinctKeys.add(startMillis, (double) keys);
    if (eventCount > 0) {
      entropy.add(startMillis, (double) millibits);
    }
    nextMillis = startMillis + learning.windowMillis();
    lastEvents = eventCount;
  }

  SignalBaselines copy() {
    SignalBaselines copy =
        new SignalBaselines(
            learning, events.copy(), total.copy(), distinctKeys.copy(), entropy.copy());
    copy.nextMillis = nextMillis;
    copy.lastEvents = lastEvents;
    return copy;
  }

  void write(DataOutput target) throws IOException {
    learning.write(target);
    events.write(target);
    total.write(target);
    distinctKeys.write(target);
    entropy.write(target);
    target.writeLong(nextMillis);
    target.writeLong(lastEvents);
  }

  static SignalBaselines read(DataInput source) throws IOException {
    Learning learning = Learning.read(source);
    SignalBaselines baselines =
        new SignalBaselines(
            learning,
            Series.read(source, learning),
            Series.read(source, learning),
            Series.read(source, learning),
            Series.read(source, learning));
    baselines.nextMillis = source.readLong();
    baselines.lastEvents = source.readLong();
    return baselines;
  }
}
