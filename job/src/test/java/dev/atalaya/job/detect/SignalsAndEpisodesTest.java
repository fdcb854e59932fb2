package dev.atalaya.job.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.job.Detectors;
import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.config.DetectorConfig.Baseline;
import dev.atalaya.job.config.DetectorConfig.BaselineKind;
import dev.atalaya.job.config.DetectorConfig.Sensitivity;
import dev.atalaya.job.config.DetectorConfig.Signals;
import dev.atalaya.sketch.EntropyBounds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** What is gathered of windows beside their ranked findings, through checkpoints. */
class SignalsAndEpisodesTest {

  private static final Signals ALL =
      new Signals(Sensitivity.MEDIUM, Sensitivity.MEDIUM, Sensitivity.MEDIUM, 100, true);

  private static final TypeSerializer<SliceFindings> SERIALIZER =
      TypeInformation.of(SliceFindings.class).createSerializer(new SerializerConfigImpl());

  /** Windows of 10 ms; what each brings, in the order of time. */
  private final List<SliceFindings[]> stream = new ArrayList<>();

  private DetectorConfig detector = detector(1, ALL, null);

  private static DetectorConfig detector(
      int slices, Signals signals, DetectorConfig.Episodes episodes) {
    return Detectors.named("d")
        .slices(slices)
        .signals(signals)
        .episodes(episodes)
        .baseline(new Baseline(BaselineKind.MOVING_AVERAGE, 120, 100, 12))
        .build();
  }

  @Test
  void whatIsFarFromUsualIsToldOnceItIsKnownWhatIsUsual() throws Exception {
    ordinary(0, 5);
    window(50, 9_000, 100, 5.0);
    ordinary(60, 40);
    window(460, 5_000, 100, 5.0);
    window(470, 1_000, 700, 5.0);
    window(480, 1_000, 100, 1.25);
    window(490, 1_000, 100, 5.0);
    assertThat(found())
        .containsExactly(
            "460 unusual_total 5000 not 1088+-",
            "470 unusual_distinct 700 not 100+-",
            "480 unusual_entropy 1250 not 5000+-");
  }

  @Test
  void smallWindowsAreNotWorthIt() throws Exception {
    detector =
        detector(1, new Signals(Sensitivity.MEDIUM, null, Sensitivity.MEDIUM, 2_000, false), null);
    ordinary(0, 40);
    window(400, 1_900, 100, 1.0);
    window(410, 2_100, 100, 5.0);
    assertThat(found()).containsExactly("410 unusual_total 2100 not 1014+-");
  }

  @Test
  void silenceIsToldOnceAndWindowsThatNeverCameCountAsNothing() throws Exception {
    ordinary(0, 40);
    window(400, 0, 0, 0);
    ordinary(2_000, 1);
    window(2_010, 0, 0, 0);
    window(2_020, 0, 0, 0);
    assertThat(found())
        .containsExactly(
            "400 unusual_total 0 not 1000+-",
            "400 unusual_distinct 0 not 100+-",
            "400 silence 0 not 1000",
            "2000 unusual_total 1000 not 0+-",
            "2000 unusual_distinct 100 not 0+-",
            "2010 silence 0 not 1000");
  }

  @Test
  void slicesMakeTheSameSignals() throws Exception {
    Random random = new Random(3);
    for (int i = 0; i < 200; i++) {
      int events = (i % 50 == 40 ? 9_000 : 900) + random.nextInt(200);
      int keys = (i % 60 == 50 ? 700 : 50) + random.nextInt(40);
      window(i * 10L, events, keys, (i % 70 == 60 ? 1 : 7) + random.nextInt(2));
    }
    List<String> whole = found();
    assertThat(whole).hasSizeGreaterThan(8);
    stream.clear();
    detector = detector(2, ALL, null);
    random.setSeed(3);
    for (int i = 0; i < 200; i++) {
      int events = (i % 50 == 40 ? 9_000 : 900) + random.nextInt(200);
      int keys = (i % 60 == 50 ? 700 : 50) + random.nextInt(40);
      double entropy = (i % 70 == 60 ? 1 : 7) + random.nextInt(2);
      SliceFindings first = slice(i * 10L, 0, events, keys / 3, 0);
      SliceFindings second = slice(i * 10L, 1, events, keys - keys / 3, 0);
      EntropyBounds all = slice(i * 10L, 0, events, keys, entropy).entropy.bounds();
      first.entropy = EntropyPart.of(times(all, 0.3));
      second.entropy = EntropyPart.of(times(all, 0.7));
      stream.add(new SliceFindings[] {second, first});
    }
    assertThat(found()).isEqualTo(whole);
  }

  private static EntropyBounds times(EntropyBounds all, double part) {
    return new EntropyBounds(
        all.lowerSum() * part,
        all.upperSum() * part,
        all.lowerTotal() * part,
        all.upperTotal() * part);
  }

  @Test
  void whatEntropyLeavesOpenIsPossibleNotCertain() throws Exception {
    ordinary(0, 40);
    SliceFindings window = slice(400, 0, 1_000, 100, 5.0);
    EntropyBounds bounds = window.entropy.bounds();
    window.entropy =
        EntropyPart.of(
            new EntropyBounds(
                bounds.lowerSum(),
                bounds.upperSum() + 1_000 * 4 * Math.log(2),
                bounds.lowerTotal(),
                bounds.upperTotal()));
    stream.add(new SliceFindings[] {window});
    WindowFindings last = run(Integer.MAX_VALUE).get(40);
    KindFindings entropy = last.summary.of(Finding.Kind.UNUSUAL_ENTROPY);
    assertThat(entropy.listed).hasSize(1);
    assertThat(entropy.listed[0].certain).isFalse();
    assertThat(entropy.listed[0].actualLower).isEqualTo(1_000);
    assertThat(entropy.listed[0].actualUpper).isEqualTo(5_000);
    assertThat(last.signals[2].expected).isEqualTo(5_000);
    assertThat(last.signals[2].threshold).isEqualTo(entropy.threshold);
  }

  @Test
  void asleepNothingIsToldButLearned() throws Exception {
    ordinary(0, 40);
    SliceFindings asleep = slice(400, 0, 9_000, 100, 5.0);
    asleep.asleep = true;
    stream.add(new SliceFindings[] {asleep});
    assertThat(found()).isEmpty();
    assertThat(run(Integer.MAX_VALUE).get(40).signals[0].actual).isEqualTo(9_000);
  }

  @Test
  void findingsAreJoinedToEpisodesAndWhatIsNotToldIsCounted() throws Exception {
    detector =
        detector(
            1,
            new Signals(null, null, null, 1, true),
            new DetectorConfig.Episodes(1, 1, 2, 0, 2, false, 100));
    hitters(0, "a", 5, "b", 7);
    hitters(10, "a", 6, "b", 14);
    hitters(20, "b", 1);
    hitters(30);
    window(40, 0, 0, 0);
    hitters(50);
    window(60, 0, 0, 0);
    hitters(70);
    hitters(80);
    assertThat(found())
        .containsExactly(
            "0 heavy_hitter b 7 opened",
            "0 heavy_hitter a 5 opened",
            "10 heavy_hitter b 14 grew",
            "10 1 suppressed",
            "20 1 suppressed",
            "30 a over after 2, peak 6",
            "40 silence 0 not 1 opened",
            "40 b over after 3, peak 14",
            "60 1 suppressed",
            "80 silence over after 3, peak 0");
  }

  /** Otherwise silence would never be told: behind the first silent window there is no second. */
  @Test
  void silenceOpensAnEpisodeAtOnceThoughOthersNeedSeveralWindows() throws Exception {
    detector =
        detector(
            1,
            new Signals(null, null, null, 1, true),
            new DetectorConfig.Episodes(2, 3, 2, 0, 2, false, 100));
    hitters(0, "a", 5);
    window(10, 0, 0, 0);
    hitters(100);
    assertThat(found())
        .containsExactly(
            "0 1 suppressed", "10 silence 0 not 1 opened", "100 silence over after 1, peak 0");
  }

  private void ordinary(long from, int windows) {
    for (int i = 0; i < windows; i++) {
      window(from + i * 10L, 1_000, 100, 5.0);
    }
  }

  private void window(long start, long events, long keys, double entropyBits) {
    stream.add(new SliceFindings[] {slice(start, 0, events, keys, entropyBits)});
  }

  private void hitters(long start, Object... keysAndValues) {
    SliceFindings window = slice(start, 0, 1, 1, 0);
    KindFindings found = new KindFindings(Finding.Kind.HEAVY_HITTER, 1);
    found.listed = new Finding[keysAndValues.length / 2];
    found.count = found.listed.length;
    for (int i = 0; i < found.listed.length; i++) {
      Finding finding = new Finding();
      finding.kind = found.kind;
      finding.key = ((String) keysAndValues[2 * i]).getBytes(StandardCharsets.UTF_8);
      finding.actual = (int) keysAndValues[2 * i + 1];
      finding.magnitude = finding.actual;
      found.listed[i] = finding;
    }
    window.kinds = new KindFindings[] {found};
    stream.add(new SliceFindings[] {window});
  }

  private SliceFindings slice(long start, int slice, long events, long keys, double entropyBits) {
    SliceFindings findings = new SliceFindings();
    findings.slice = slice;
    findings.startMillis = start;
    findings.endMillis = start + 10;
    findings.events = events;
    findings.total = events;
    findings.distinctKeys = keys;
    findings.exact = true;
    double sum = events == 0 ? 0 : events * (Math.log((double) events) - entropyBits * Math.log(2));
    findings.entropy = EntropyPart.of(new EntropyBounds(sum, sum, events, events));
    return findings;
  }

  /** What is told, the same through restores. */
  private List<String> found() throws Exception {
    List<String> found = describe(run(Integer.MAX_VALUE));
    assertThat(describe(run(1))).isEqualTo(found);
    return found;
  }

  private List<WindowFindings> run(int restoreEvery) throws Exception {
    List<WindowFindings> windows = new ArrayList<>();
    var harness = start(null);
    int count = 0;
    for (SliceFindings[] slices : stream) {
      for (SliceFindings slice : slices) {
        slice.detector = detector.stateId();
        harness.processElement(new StreamRecord<>(SERIALIZER.copy(slice)));
      }
      if (++count % restoreEvery == 0) {
        OperatorSubtaskState state = harness.snapshot(count, count);
        windows.addAll(harness.extractOutputValues());
        harness.close();
        harness = start(state);
      }
      harness.processWatermark(slices[0].endMillis - 1);
    }
    windows.addAll(harness.extractOutputValues());
    harness.close();
    return windows;
  }

  private KeyedOneInputStreamOperatorTestHarness<String, SliceFindings, WindowFindings> start(
      OperatorSubtaskState state) throws Exception {
    var harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new KeyedProcessOperator<>(new Gather(List.of(detector))),
            (SliceFindings findings) -> findings.detector,
            Types.STRING);
    harness.setup();
    if (state != null) {
      harness.initializeState(state);
    }
    harness.open();
    return harness;
  }

  private static List<String> describe(List<WindowFindings> windows) {
    List<String> lines = new ArrayList<>();
    for (WindowFindings window : windows) {
      String start = window.summary.startMillis + " ";
      for (KindFindings found : window.summary.kinds) {
        for (Finding finding : found.listed) {
          lines.add(start + describe(finding));
        }
      }
      if (window.episodes != null && window.episodes.suppressed > 0) {
        lines.add(start + window.episodes.suppressed + " suppressed");
      }
      for (Finding over : window.recovered) {
        lines.add(
            start
                + name(over)
                + " over after "
                + over.episode.windows
                + ", peak "
                + over.episode.peak);
      }
    }
    return lines;
  }

  private static String name(Finding finding) {
    return finding.key.length == 0
        ? finding.kind.name().toLowerCase(Locale.ROOT)
        : new String(finding.key, StandardCharsets.UTF_8);
  }

  private static String describe(Finding finding) {
    StringBuilder line = new StringBuilder(finding.kind.name().toLowerCase(Locale.ROOT));
    if (finding.key.length > 0) {
      line.append(' ').append(name(finding)).append(' ').append(finding.actual);
    } else {
      assertThat(finding.certain).isTrue();
      assertThat(finding.rank).isEqualTo(1);
      line.append(' ').append(finding.actual).append(" not ").append(finding.expected);
      line.append(finding.deviations > 0 ? "+-" : "");
    }
    if (finding.episode != null) {
      line.append(' ').append(finding.episode.state.name().toLowerCase(Locale.ROOT));
    }
    return line.toString();
  }
}
