package dev.atalaya.job.detect;

import dev.atalaya.job.config.DetectorConfig;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Waits until the watermark says that all slices of a detector have spoken for a window, then ranks
 * their findings together and caps them. Keyed by detector.
 */
public final class Gather extends KeyedProcessFunction<String, SliceFindings, WindowFindings> {

  private final Map<String, DetectorConfig> detectors = new HashMap<>();

  /** By the start of the window; emptied when the window is gathered. */
  private transient MapState<Long, SliceFindings[]> waiting;

  public Gather(List<DetectorConfig> detectors) {
    detectors.forEach(detector -> this.detectors.put(detector.stateId(), detector));
  }

  @Override
  public void open(OpenContext context) {
    waiting =
        getRuntimeContext()
            .getMapState(
                new MapStateDescriptor<>(
                    "waiting-slices",
                    Types.LONG,
                    Types.OBJECT_ARRAY(TypeInformation.of(SliceFindings.class))));
  }

  @Override
  public void processElement(SliceFindings slice, Context context, Collector<WindowFindings> out)
      throws Exception {
    DetectorConfig detector = detectors.get(slice.detector);
    if (detector == null) {
      return;
    }
    SliceFindings[] before = waiting.get(slice.startMillis);
    SliceFindings[] now =
        before == null ? new SliceFindings[1] : Arrays.copyOf(before, before.length + 1);
    now[now.length - 1] = slice;
    waiting.put(slice.startMillis, now);
    context.timerService().registerEventTimeTimer(closingTime(slice.startMillis, detector));
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<WindowFindings> out)
      throws Exception {
    DetectorConfig detector = detectors.get(context.getCurrentKey());
    if (detector == null) {
      waiting.clear();
      return;
    }
    long start = timestamp - closingTime(0, detector);
    SliceFindings[] slices = waiting.get(start);
    if (slices != null) {
      waiting.remove(start);
      out.collect(combine(slices, slices[0].judgedBy(detector)));
    }
  }

  private static long closingTime(long start, DetectorConfig detector) {
    return start + detector.windowMillis() + detector.latenessMillis() - 1;
  }

  /** All slices as one window; at most {@code max-alerts} findings keep their place. */
  static WindowFindings combine(SliceFindings[] slices, DetectorConfig detector) {
    Arrays.sort(slices, Comparator.comparingInt(slice -> slice.slice));
    SliceFindings all = slices[0];
    for (int i = 1; i < slices.length; i++) {
      SliceFindings slice = slices[i];
      all.exact &= slice.exact;
      all.overflowed |= slice.overflowed;
      all.warmup |= slice.warmup;
      all.distinctKeys += slice.distinctKeys;
      all.errorBound = Math.max(all.errorBound, slice.errorBound);
      all.changeErrorBound = Math.max(all.changeErrorBound, slice.changeErrorBound);
      all.allowed += slice.allowed;
      if (!detector.distinct().isEmpty()) {
        // Of weights each slice knows the whole total, of pairs its own.
        all.total = Saturating.add(all.total, slice.total);
        all.baselineTotal = Saturating.add(all.baselineTotal, slice.baselineTotal);
      }
      for (KindFindings found : all.kinds) {
        found.add(slice.of(found.kind));
      }
    }
    share(all.kinds, detector.maxAlerts());
    WindowFindings window = new WindowFindings();
    window.summary = all;
    window.slices = slices.length;
    return window;
  }

  /** No kind starves another: they share the places rank by rank. */
  private static void share(KindFindings[] kinds, int places) {
    int[] given = new int[kinds.length];
    int left = places;
    for (int rank = 0; rank < places && left > 0; rank++) {
      for (int i = 0; i < kinds.length && left > 0; i++) {
        if (rank < kinds[i].listed.length) {
          given[i]++;
          left--;
        }
      }
    }
    for (int i = 0; i < kinds.length; i++) {
      kinds[i].rank(given[i]);
    }
  }
}
