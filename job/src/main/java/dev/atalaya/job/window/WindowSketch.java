package dev.atalaya.job.window;

import dev.atalaya.job.detect.Saturating;
import dev.atalaya.job.detect.SummaryPlan;
import dev.atalaya.job.detect.WindowSummaries;
import dev.atalaya.sketch.KeySummary;
import dev.atalaya.sketch.SpreadSketch;
import java.util.List;

/**
 * One window of one slice of one detector, in part or whole: the summary of the slice's keys, what
 * else the detector asks of them, and the totals of all slices. Not thread-safe.
 */
public final class WindowSketch {

  public final long startMillis;

  /** Events added up, of all slices. */
  public long events;

  /** Events the detector's filter passed over. */
  public long filtered;

  /**
   * The sum of absolute weights, of all slices, saturating at {@link Long#MAX_VALUE}. Where peers
   * are counted: of this slice, and 0 until the window closes.
   */
  public long total;

  public final KeySummary keys;

  /** The further summaries of the detector's {@link SummaryPlan}, in its order. */
  public final List<KeySummary> more;

  public WindowSketch(long startMillis, KeySummary keys) {
    this(startMillis, keys, List.of());
  }

  public WindowSketch(long startMillis, KeySummary keys, List<KeySummary> more) {
    this.startMillis = startMillis;
    this.keys = keys;
    this.more = more;
  }

  /** A window without events. */
  static WindowSketch empty(long startMillis, SummaryPlan plan, long seedFingerprint) {
    return new WindowSketch(
        startMillis, plan.newKeys(seedFingerprint), plan.newMore(seedFingerprint));
  }

  /** Adds all of another part of the same window. */
  public void merge(WindowSketch part) {
    if (more.size() != part.more.size()) {
      throw new IllegalArgumentException(
          "cannot merge: " + more.size() + " further summaries != " + part.more.size());
    }
    events += part.events;
    filtered += part.filtered;
    total = Saturating.add(total, part.total);
    keys.merge(part.keys);
    for (int i = 0; i < more.size(); i++) {
      more.get(i).merge(part.more.get(i));
    }
  }

  public boolean isEmpty() {
    return events == 0 && filtered == 0;
  }

  /** For who judges them. */
  WindowSummaries summaries() {
    return new WindowSummaries(keys, more);
  }

  WindowSketch copy() {
    WindowSketch copy =
        new WindowSketch(startMillis, keys.copy(), more.stream().map(KeySummary::copy).toList());
    copy.copyTotals(this);
    return copy;
  }

  /** What the next window is compared with; of peers, their numbers alone. Shares summaries. */
  WindowSketch asBaseline(SummaryPlan plan) {
    WindowSketch baseline =
        new WindowSketch(
            startMillis,
            values(keys),
            more.stream().limit(plan.kept()).map(WindowSketch::values).toList());
    baseline.copyTotals(this);
    return baseline;
  }

  private static KeySummary values(KeySummary summary) {
    return summary instanceof SpreadSketch peers ? peers.counts() : summary;
  }

  private void copyTotals(WindowSketch from) {
    events = from.events;
    filtered = from.filtered;
    total = from.total;
  }
}
