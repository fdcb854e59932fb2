package dev.atalaya.job.fold;

import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.decode.DecodedRecord;
import dev.atalaya.job.decode.FieldPlan;
import dev.atalaya.job.detect.Saturating;
import dev.atalaya.job.window.WindowSketch;
import dev.atalaya.sketch.HeavyKeySketch;
import dev.atalaya.sketch.KeyHash;
import dev.atalaya.sketch.SignedHeavyKeySketch;
import dev.atalaya.sketch.WeightSummary;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/**
 * The open windows of one detector in one subtask: one sketch per slice, until they are flushed.
 * Not thread-safe.
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

  /** One window: a sketch per slice, and the totals that all of them carry. */
  private static final class OpenWindow {
    final long startMillis;
    final WeightSummary[] slices;
    long events;
    long filtered;
    long total;

    OpenWindow(long startMillis, WeightSummary[] slices) {
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
  private final int weightSlot;
  private final KeyHash hash;
  private final TreeMap<Long, OpenWindow> open = new TreeMap<>();

  /** Sketches of flushed windows, empty again. */
  private final ArrayDeque<WeightSummary[]> spare = new ArrayDeque<>();

  /** What the slices of {@link #current} have not got yet. */
  private final KeyBatch[] pending;

  private OpenWindow current;
  private long currentStart;
  private long currentEnd;

  /**
   * @param outOfOrdernessMillis of the stream: so far back its windows are open side by side
   */
  DetectorFold(DetectorConfig detector, FieldPlan plan, KeyHash hash, long outOfOrdernessMillis) {
    this.detector = detector;
    long sideBySide = outOfOrdernessMillis / detector.windowMillis() + 3;
    maxOpenWindows = (int) Math.min(MAX_OPEN_WINDOWS, Math.max(MIN_OPEN_WINDOWS, sideBySide));
    this.stateId = detector.stateId();
    this.filter = new EventFilter(detector.filter(), plan);
    this.weightSlot = detector.weight() == null ? -1 : plan.numberSlot(detector.weight());
    this.hash = hash;
    pending = new KeyBatch[detector.slices()];
    Arrays.setAll(pending, slice -> new KeyBatch());
  }

  /**
   * Adds an event to its window.
   *
   * @param hasKey whether the event has all of the key's fields
   */
  void fold(
      DecodedRecord event, boolean hasKey, CompositeKey key, long keyHash, PartialOutput output) {
    long time = event.timestampMillis();
    if (current == null || time < currentStart || time >= currentEnd) {
      switchTo(time, output);
    }
    OpenWindow window = current;
    if (!hasKey || !filter.passes(event)) {
      window.filtered++;
      return;
    }
    long weight = weightSlot < 0 ? 1 : event.number(weightSlot);
    window.events++;
    window.total = Saturating.add(window.total, Saturating.abs(weight));
    // The low half of the hash picks the slice; the sketch inside takes the high half.
    int slice = pending.length == 1 ? 0 : (int) (((keyHash & 0xffffffffL) * pending.length) >>> 32);
    if (pending[slice].add(keyHash, key, weight)) {
      pending[slice].drainTo(window.slices[slice]);
    }
  }

  private void drainPending() {
    for (int slice = 0; slice < pending.length && current != null; slice++) {
      pending[slice].drainTo(current.slices[slice]);
    }
  }

  private void switchTo(long time, PartialOutput output) {
    drainPending();
    long size = detector.windowMillis();
    currentStart = Math.floorDiv(time, size) * size;
    currentEnd = currentStart + size;
    current = open.get(currentStart);
    if (current == null) {
      if (open.size() >= maxOpenWindows) {
        flush(open.pollFirstEntry().getValue(), output);
      }
      current = new OpenWindow(currentStart, spare.isEmpty() ? newSlices() : spare.pop());
      open.put(currentStart, current);
    }
  }

  private WeightSummary[] newSlices() {
    WeightSummary[] slices = new WeightSummary[detector.slices()];
    for (int i = 0; i < slices.length; i++) {
      slices[i] =
          detector.signed()
              ? SignedHeavyKeySketch.create(detector.memoryBytes(), hash)
              : HeavyKeySketch.create(detector.memoryBytes(), hash);
    }
    return slices;
  }

  /** Emits and forgets all windows whose last millisecond is at or before the watermark. */
  void flushUpTo(long watermark, PartialOutput output) {
    Iterator<Map.Entry<Long, OpenWindow>> windows = open.entrySet().iterator();
    while (windows.hasNext()) {
      OpenWindow window = windows.next().getValue();
      if (window.startMillis + detector.windowMillis() - 1 > watermark) {
        return;
      }
      windows.remove();
      flush(window, output);
    }
  }

  private void flush(OpenWindow window, PartialOutput output) {
    if (window == current) {
      drainPending();
      current = null;
    }
    for (int slice = 0; slice < window.slices.length; slice++) {
      WindowSketch part = new WindowSketch(window.startMillis, window.slices[slice]);
      part.events = window.events;
      part.filtered = window.filtered;
      part.total = window.total;
      output.emit(stateId, slice, part);
      window.slices[slice].clear();
    }
    spare.push(window.slices);
  }
}
