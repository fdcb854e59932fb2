package dev.atalaya.job.detect;

import dev.atalaya.job.baseline.Learning;
import dev.atalaya.job.baseline.SignalBaselines;
import dev.atalaya.job.baseline.SignalBaselinesSerializer;
import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.episode.Episodes;
import dev.atalaya.job.episode.EpisodesSerializer;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
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

  /** Of a detector that watches signals. */
  private transient ValueState<SignalBaselines> usualSignals;

  /** Of a detector that has them. */
  private transient ValueState<Episodes> episodes;

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
    usualSignals =
        getRuntimeContext()
            .getState(new ValueStateDescriptor<>("usual-signals", SignalBaselinesSerializer.TYPE));
    episodes =
        getRuntimeContext()
            .getState(new ValueStateDescriptor<>("episodes", EpisodesSerializer.TYPE));
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
      usualSignals.clear();
      episodes.clear();
      return;
    }
    long start = timestamp - closingTime(0, detector);
    SliceFindings[] slices = waiting.get(start);
    if (slices != null) {
      waiting.remove(start);
      DetectorConfig judged = slices[0].judgedBy(detector);
      WindowFindings window = combine(slices, judged);
      // What rules no longer ask for is forgotten: nobody knows what the windows bring till they
      // do.
      if (judged.signals() != null) {
        judgeSignals(judged, window);
      } else {
        usualSignals.clear();
      }
      if (judged.episodes() != null) {
        followEpisodes(judged, window);
      } else {
        episodes.clear();
      }
      out.collect(window);
    }
  }

  private void judgeSignals(DetectorConfig detector, WindowFindings window) throws IOException {
    SignalBaselines usual = usualSignals.value();
    Learning learning = Learning.of(detector);
    if (usual == null) {
      usual = new SignalBaselines(learning);
    }
    usual.learnAs(learning);
    new WindowSignals(detector, usual, window).judge();
    usualSignals.update(usual);
  }

  private void followEpisodes(DetectorConfig detector, WindowFindings window) throws IOException {
    Episodes followed = episodes.value();
    if (followed == null) {
      followed = new Episodes();
    }
    new WindowEpisodes(detector, window).follow(followed);
    episodes.update(followed);
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
      if (all.entropy != null && slice.entropy != null) {
        all.entropy = EntropyPart.of(all.entropy.bounds().plus(slice.entropy.bounds()));
      }
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
    int longest = Arrays.stream(kinds).mapToInt(kind -> kind.listed.length).max().orElse(0);
    int left = places;
    for (int rank = 0; rank < longest && left > 0; rank++) {
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
