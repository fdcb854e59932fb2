package dev.atalaya.job.window;

import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.detect.EntropyPart;
import dev.atalaya.job.detect.RuleVersion;
import dev.atalaya.job.detect.SliceFindings;
import dev.atalaya.job.detect.SummaryPlan;
import dev.atalaya.job.ledger.LedgerEntry;
import dev.atalaya.sketch.EntropyBounds;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Merges the partials of each window in keyed state and, when the window closes, compares it with
 * the window before. Keyed by (detector, slice).
 *
 * <p>A window closes by an event-time timer at its end plus the detector's lateness. A partial for
 * a closed window is late, by its number of events. While the stream lives every window exists:
 * behind a window with events an empty one is closed too, so that a key that vanishes is a change;
 * behind an empty one there is nothing to compare, and timers stop until data returns.
 */
public final class MergeAndDiff
    extends KeyedProcessFunction<Tuple2<String, Integer>, Partial, SliceFindings> {

  public static final OutputTag<LedgerEntry> LEDGER = new OutputTag<>("merge-ledger") {};

  /** The metric, and the accumulator that says at the end what it was. */
  public static final String EVENTS_COUNTED = "eventsCounted";

  private final Map<String, DetectorConfig> detectors = new HashMap<>();
  private final boolean rulesChange;

  /** Windows that still take partials, by start. */
  private transient MapState<Long, WindowSketch> open;

  /** The window closed last; the watermark is not part of a checkpoint, this is. */
  private transient ValueState<ClosedWindow> closed;

  private transient SliceMemory memory;

  private transient RuleVersions rules;

  private transient Counter eventsCounted;
  private transient LongCounter countedAtTheEnd;
  private transient Counter eventsLate;
  private transient Counter windowsClosed;

  /**
   * @param rulesChange whether rules come with the partials
   */
  public MergeAndDiff(List<DetectorConfig> detectors, boolean rulesChange) {
    this.rulesChange = rulesChange;
    detectors.forEach(detector -> this.detectors.put(detector.stateId(), detector));
  }

  @Override
  public void open(OpenContext context) {
    open =
        getRuntimeContext()
            .getMapState(
                new MapStateDescriptor<>("open-windows", Types.LONG, WindowSketchSerializer.TYPE));
    closed =
        getRuntimeContext()
            .getState(new ValueStateDescriptor<>("closed-window", ClosedWindowSerializer.TYPE));
    memory = new SliceMemory(getRuntimeContext());
    rules = new RuleVersions(getRuntimeContext());
    eventsCounted = getRuntimeContext().getMetricGroup().counter(EVENTS_COUNTED);
    countedAtTheEnd = new LongCounter();
    getRuntimeContext().addAccumulator(EVENTS_COUNTED, countedAtTheEnd);
    eventsLate = getRuntimeContext().getMetricGroup().counter("eventsLate");
    windowsClosed = getRuntimeContext().getMetricGroup().counter("windowsClosed");
  }

  @Override
  public void processElement(Partial partial, Context context, Collector<SliceFindings> out)
      throws Exception {
    DetectorConfig detector = detectors.get(partial.detector());
    if (detector == null) {
      // In flight when the job was stopped, and gone from the configuration since.
      return;
    }
    if (partial.rules() != null) {
      takeRules(partial.rules());
      return;
    }
    WindowSketch part = partial.window();
    long end = part.startMillis + detector.windowMillis();
    long closesAt = end - 1 + detector.latenessMillis();
    ClosedWindow last = closed.value();
    boolean late =
        (last != null && end <= last.endMillis())
            || closesAt <= context.timerService().currentWatermark();
    account(partial, late, context);
    if (late) {
      return;
    }
    WindowSketch whole = open.get(part.startMillis);
    if (whole == null) {
      whole = part;
    } else {
      whole.merge(part);
    }
    open.put(part.startMillis, whole);
    context.timerService().registerEventTimeTimer(closesAt);
  }

  private void takeRules(RuleVersion version) throws Exception {
    if (!rulesChange) {
      // In flight when the job was stopped; the configuration no longer lets rules change.
      return;
    }
    ClosedWindow last = closed.value();
    rules.add(version, last == null ? Long.MIN_VALUE : last.endMillis());
  }

  /** Totals are of all slices, so one slice enters them. */
  private void account(Partial partial, boolean late, Context context) {
    if (partial.slice() != 0) {
      return;
    }
    long events = partial.window().events + partial.window().filtered;
    (late ? eventsLate : eventsCounted).inc(events);
    countedAtTheEnd.add(late ? 0 : events);
    String fate = late ? LedgerEntry.LATE : LedgerEntry.COUNTED;
    String detector = detectors.get(partial.detector()).name();
    context.output(LEDGER, new LedgerEntry(fate + detector, events, partial.newestMillis()));
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<SliceFindings> out)
      throws Exception {
    DetectorConfig detector = detectors.get(context.getCurrentKey().f0);
    if (detector == null) {
      // A detector that the configuration no longer has; its state was restored all the same.
      open.clear();
      closed.clear();
      memory.clear();
      rules.clear();
      return;
    }
    if (!rulesChange) {
      // Should rules come back to the configuration, they are numbered anew.
      rules.clear();
    }
    long end = timestamp + 1 - detector.latenessMillis();
    long start = end - detector.windowMillis();
    ClosedWindow last = closed.value();
    if (last != null && end <= last.endMillis()) {
      return;
    }
    WindowSketch window = open.get(start);
    if (window == null && last == null) {
      // A timer left over from a time when the configuration had not this detector.
      return;
    }
    if (window == null) {
      // Only the window behind the last one is closed without events.
      window = emptyLike(detector, start, last);
    }
    open.remove(start);
    if (!detector.distinct().isEmpty()) {
      // Before the slice is whole nobody knows how many of its pairs are the same.
      window.total = window.keys.total();
    }
    out.collect(close(detector, context.getCurrentKey().f1, window, end, last));
    windowsClosed.inc();
    closed.update(new ClosedWindow(end, window.asBaseline(SummaryPlan.of(detector))));
    if (!window.isEmpty() && streamGoesOn(context)) {
      context.timerService().registerEventTimeTimer(timestamp + detector.windowMillis());
    }
  }

  /** The end of a bounded input is no silence: what comes after the last window is not known. */
  private boolean streamGoesOn(OnTimerContext context) throws Exception {
    return context.timerService().currentWatermark() < Long.MAX_VALUE || !open.isEmpty();
  }

  private SliceFindings close(
      DetectorConfig detector, int slice, WindowSketch window, long end, ClosedWindow last)
      throws Exception {
    SliceFindings result = new SliceFindings();
    result.rules = rules.of(window.startMillis);
    result.detector = detector.stateId();
    result.slice = slice;
    result.startMillis = window.startMillis;
    result.endMillis = end;
    result.events = window.events;
    result.filtered = window.filtered;
    result.total = window.total;
    WindowSketch baseline = null;
    if (last != null) {
      // Between windows that do not touch lie empty ones.
      boolean adjacent = last.endMillis() == window.startMillis;
      baseline =
          adjacent
              ? last.window()
              : emptyLike(detector, window.startMillis - detector.windowMillis(), last);
      result.baselineTotal = baseline.total;
    }
    DetectorConfig judged = result.judgedBy(detector);
    DetectorConfig.Signals signals = judged.signals();
    if (signals != null && signals.entropy() != null && !judged.signed()) {
      result.entropy = EntropyPart.of(EntropyBounds.of(window.keys));
    }
    memory.judge(
        judged, window.summaries(), baseline == null ? null : baseline.summaries(), result);
    return result;
  }

  private static WindowSketch emptyLike(
      DetectorConfig detector, long startMillis, ClosedWindow last) {
    return WindowSketch.empty(
        startMillis, SummaryPlan.of(detector), last.window().keys.seedFingerprint());
  }
}
