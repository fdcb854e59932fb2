package dev.atalaya.job.window;

import dev.atalaya.job.detect.Saturating;
import dev.atalaya.sketch.KeySummary;

/**
 * One window of one slice of one detector, in part or whole: the summary of the slice's keys and
 * the totals of all slices. Not thread-safe.
 */
public final class WindowSketch {

  public final long startMillis;

  /** Events added up, of all slices. */
  public long events;

  /** Events the detector's filter passed over. */
  public long filtered;

  /** The sum of absolute weights, of all slices, saturating at {@link Long#MAX_VALUE}. */
  public long total;

  public final KeySummary keys;

  public WindowSketch(long startMillis, KeySummary keys) {
    this.startMillis = startMillis;
    this.keys = keys;
  }

  /** Adds all of another part of the same window. */
  public void merge(WindowSketch part) {
    events += part.events;
    filtered += part.filtered;
    total = Saturating.add(total, part.total);
    keys.merge(part.keys);
  }

  public boolean isEmpty() {
    return events == 0 && filtered == 0;
  }

  WindowSketch copy() {
    WindowSketch copy = new WindowSketch(startMillis, keys.copy());
    copy.events = events;
    copy.filtered = filtered;
    copy.total = total;
    return copy;
  }
}
