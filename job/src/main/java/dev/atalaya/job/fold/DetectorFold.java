package dev.atalaya.job.fold;

import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.decode.DecodedRecord;
import dev.atalaya.job.decode.FieldPlan;
import dev.atalaya.job.detect.Saturating;
import dev.atalaya.job.detect.SummaryPlan;
import dev.atalaya.job.window.WindowSketch;
import dev.atalaya.sketch.KeyHash;
import dev.atalaya.sketch.KeySummary;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The open windows of one detector in one subtask: the summaries of each slice, until they are
 * flushed. Not thread-safe.
 */
final class DetectorFold {

  /** Open windows there is always room for, and the most there may be. */
  private static final int MIN_OPEN_WINDOWS = 4;

  private static final int MAX_OPEN_WINDOWS = 64;

  /** Receives what is flushed; the sketches are used again as soon as it returns. */
  @FunctionalInterface
  interface PartialOutput {
    void emit(String detector, int slice, WindowSketch part);
  }

  /** One window: the summaries of each slice, and the totals that all slices carry. */
  private static final class OpenWindow {
    final long startMillis;
    final KeySummary[][] slices;
    long events;
    long filtered;
    long total;

    OpenWindow(long startMillis, KeySummary[][] slices) {
      this.startMillis = startMillis;
      this.slices = slices;
    }
  }

  private final DetectorConfig detector;
  private final String stateId;

  /**
   * Events far apart in time open a window each. Beyond this many the oldest is flushed early: the
   * merge behind takes any number of partials of a window.
   */
  private final int maxOpenWindows;

  private final EventFilter filter;
  private final Measure measure;
  private final SummaryPlan summaries;
  private final long seedFingerprint;

  /** Null when there are none. */
  private final FurtherSummaries further;

  private final PartialOutput output;
  private final TreeMap<Long, OpenWindow> open = new TreeMap<>();

  /** Summaries of flushed windows, empty again. */
  private final ArrayDeque<KeySummary[][]> spare = new ArrayDeque<>();

  /** The slices of {@link #current}. */
  private final SliceFold[] slices;

  private OpenWindow current;
  private long currentStart;
  private long currentEnd;

  /**
   * @param prefixes of its key, or null without roll-up
   * @param outOfOrdernessMillis of the stream: so far back its windows are open side by side
   */
  DetectorFold(
      DetectorConfig detector,
      FieldPlan plan,
      PrefixKeys prefixes,
      KeyHash hash,
      long outOfOrdernessMillis,
      PartialOutput output) {
    this.detector = detector;
    long sideBySide = outOfOrdernessMillis / detector.windowMillis() + 3;
    maxOpenWindows = (int) Math.min(MAX_OPEN_WINDOWS, Math.max(MIN_OPEN_WINDOWS, sideBySide));
    stateId = detector.stateId();
    filter = new EventFilter(detector, plan);
    measure = Measure.of(detector.weight(), detector.distinct(), plan, hash);
    summaries = SummaryPlan.of(detector);
    seedFingerprint = hash.fingerprint();
    further = summaries.size() == 0 ? null : new FurtherSummaries(detector, prefixes, plan, hash);
    this.output = output;
    slices = new SliceFold[detector.slices()];
    Arrays.setAll(slices, slice -> new SliceFold(summaries.size(), this::emitCurrent));
  }

  /**
   * Adds an event to its window.
   *
   * @param hasKey whether the event has all of the key's fields
   */
  void fold(DecodedRecord event, boolean hasKey, CompositeKey key, long keyHash) {
    long time = event.timestampMillis();
    if (current == null || time < currentStart || time >= currentEnd) {
      switchTo(time);
    }
    OpenWindow window = current;
    if (!hasKey || !filter.passes(event) || !measure.isIn(event)) {
      window.filtered++;
      return;
    }
    long value = measure.value(event);
    window.events++;
    if (!measure.isOfPeers()) {
      window.total = Saturating.add(window.total, Saturating.abs(value));
    }
    // The low half of the hash picks the slice; the sketch inside takes the high half.
    SliceFold slice =
        slices[slices.length == 1 ? 0 : (int) (((keyHash & 0xffffffffL) * slices.length) >>> 32)];
    slice.addKey(keyHash, key, value);
    if (further != null) {
      further.fold(event, key, keyHash, value, measure.isOfPeers() ? 1 : value, slice);
    }
  }

  private void switchTo(long time) {
    drainCurrent();
    long size = detector.windowMillis();
    currentStart = Math.floorDiv(time, size) * size;
    currentEnd = currentStart + size;
    current = open.get(currentStart);
    if (current == null) {
      if (open.size() >= maxOpenWindows) {
        flush(open.pollFirstEntry().getValue());
      }
      current = new OpenWindow(currentStart, spare.isEmpty() ? newSlices() : spare.pop());
      open.put(currentStart, current);
    }
    for (int slice = 0; slice < slices.length; slice++) {
      slices[slice].switchTo(current.slices[slice]);
    }
  }

  private void drainCurrent() {
    for (int slice = 0; slice < slices.length && current != null; slice++) {
      slices[slice].drain();
    }
  }

  private KeySummary[][] newSlices() {
    KeySummary[][] empty = new KeySummary[slices.length][];
    for (int slice = 0; slice < empty.length; slice++) {
      List<KeySummary> more = summaries.newMore(seedFingerprint);
      empty[slice] = new KeySummary[1 + more.size()];
      empty[slice][0] = summaries.newKeys(seedFingerprint);
      for (int i = 0; i < more.size(); i++) {
        empty[slice][1 + i] = more.get(i);
      }
    }
    return empty;
  }

  /** Emits and forgets all windows whose last millisecond is at or before the watermark. */
  void flushUpTo(long watermark) {
    Iterator<Map.Entry<Long, OpenWindow>> windows = open.entrySet().iterator();
    while (windows.hasNext()) {
      OpenWindow window = windows.next().getValue();
      if (window.startMillis + detector.windowMillis() - 1 > watermark) {
        return;
      }
      windows.remove();
      flush(window);
    }
  }

  private void flush(OpenWindow window) {
    if (window == current) {
      drainCurrent();
      current = null;
    }
    emit(window);
    spare.push(window.slices);
  }

  private void emitCurrent() {
    emit(current);
  }

  /** Sends on what the window holds, and leaves it empty. */
  private void emit(OpenWindow window) {
    for (int slice = 0; slice < window.slices.length; slice++) {
      List<KeySummary> ofSlice = Arrays.asList(window.slices[slice]);
      WindowSketch part =
          new WindowSketch(window.startMillis, ofSlice.get(0), ofSlice.subList(1, ofSlice.size()));
      part.events = window.events;
      part.filtered = window.filtered;
      part.total = window.total;
      output.emit(stateId, slice, part);
      ofSlice.forEach(KeySummary::clear);
    }
    window.events = 0;
    window.filtered = 0;
    window.total = 0;
  }
}
