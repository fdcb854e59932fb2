package dev.atalaya.job.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.job.Detectors;
import dev.atalaya.job.config.DetectorConfig;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class GatherTest {

  private final DetectorConfig detector = Detectors.named("d").slices(2).maxAlerts(4).build();

  @Test
  void findingsOfAllSlicesAreRankedTogether() {
    WindowFindings window =
        Gather.combine(
            new SliceFindings[] {
              slice(1, hitters(7, 3), hitters()), slice(0, hitters(5), hitters())
            },
            detector(10));
    assertThat(magnitudes(hittersOf(window).listed)).containsExactly(7L, 5L, 3L);
    assertThat(Arrays.stream(hittersOf(window).listed).map(finding -> finding.rank))
        .containsExactly(1, 2, 3);
    assertThat(hittersOf(window).count).isEqualTo(3);
    assertThat(hittersOf(window).unlisted()).isZero();
    assertThat(window.slices).isEqualTo(2);
  }

  @Test
  void totalsOfTheWindowAreNotAddedUpButDistinctKeysAre() {
    SliceFindings first = slice(0, hitters(), hitters());
    SliceFindings second = slice(1, hitters(), hitters());
    first.errorBound = 3;
    second.errorBound = 9;
    second.exact = false;
    WindowFindings window = Gather.combine(new SliceFindings[] {first, second}, detector(10));
    assertThat(window.summary.events).isEqualTo(100);
    assertThat(window.summary.total).isEqualTo(1_000);
    assertThat(window.summary.distinctKeys).isEqualTo(20);
    assertThat(window.summary.errorBound).isEqualTo(9);
    assertThat(window.summary.exact).isFalse();
  }

  @Test
  void pairsOfTheWindowAreAddedUpBecauseEachSliceKnowsItsOwn() {
    SliceFindings first = slice(0, hitters(), hitters());
    SliceFindings second = slice(1, hitters(), hitters());
    second.total = 500;
    second.baselineTotal = 30;
    DetectorConfig peers = Detectors.named("d").distinct("peer").build();
    WindowFindings window = Gather.combine(new SliceFindings[] {first, second}, peers);
    assertThat(window.summary.total).isEqualTo(1_500);
    assertThat(window.summary.baselineTotal).isEqualTo(30);
    assertThat(window.summary.events).isEqualTo(100);
  }

  @Test
  void aboveTheCapBothKindsKeepHalfTheirPlacesAndTheRestIsSummed() {
    WindowFindings window =
        Gather.combine(
            new SliceFindings[] {slice(0, hitters(9, 8, 7), hitters(6, 5, 4, 3))}, detector(4));
    assertThat(magnitudes(hittersOf(window).listed)).containsExactly(9L, 8L);
    assertThat(magnitudes(changersOf(window).listed)).containsExactly(6L, 5L);
    assertThat(hittersOf(window).unlisted()).isEqualTo(1);
    assertThat(hittersOf(window).unlistedWeight()).isEqualTo(7);
    assertThat(changersOf(window).unlisted()).isEqualTo(2);
    assertThat(changersOf(window).unlistedWeight()).isEqualTo(7);
  }

  @Test
  void placesThatOneKindLeavesGoToTheOther() {
    WindowFindings hitters =
        Gather.combine(
            new SliceFindings[] {slice(0, hitters(9, 8, 7, 6, 5), hitters(1))}, detector(4));
    assertThat(hittersOf(hitters).listed).hasSize(3);
    assertThat(changersOf(hitters).listed).hasSize(1);
    WindowFindings changers =
        Gather.combine(
            new SliceFindings[] {slice(0, hitters(1), hitters(9, 8, 7, 6, 5))}, detector(4));
    assertThat(hittersOf(changers).listed).hasSize(1);
    assertThat(changersOf(changers).listed).hasSize(3);
  }

  @Test
  void aWindowIsGatheredOnceTheWatermarkSaysThatAllHaveSpokenAlsoAfterARestore() throws Exception {
    var harness = start(null);
    harness.processElement(new StreamRecord<>(slice(0, hitters(5), hitters())));
    harness.processWatermark(8);
    assertThat(harness.extractOutputValues()).isEmpty();
    OperatorSubtaskState state = harness.snapshot(1, 1);
    harness.close();

    harness = start(state);
    harness.processElement(new StreamRecord<>(slice(1, hitters(6), hitters())));
    harness.processWatermark(9);
    List<WindowFindings> windows = harness.extractOutputValues();
    assertThat(windows).hasSize(1);
    assertThat(magnitudes(hittersOf(windows.get(0)).listed)).containsExactly(6L, 5L);
    assertThat(harness.numKeyedStateEntries()).isZero();
    harness.close();
  }

  @Test
  void findingsAreSerializedWithoutReflectionOnUnknownTypes() {
    SerializerConfigImpl config = new SerializerConfigImpl();
    config.setGenericTypes(false);
    TypeInformation.of(WindowFindings.class).createSerializer(config);
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

  private static DetectorConfig detector(int maxAlerts) {
    return Detectors.named("d").maxAlerts(maxAlerts).build();
  }

  private SliceFindings slice(int slice, Finding[] hitters, Finding[] changers) {
    SliceFindings findings = new SliceFindings();
    findings.detector = detector.stateId();
    findings.slice = slice;
    findings.startMillis = 0;
    findings.endMillis = 10;
    findings.events = 100;
    findings.total = 1_000;
    findings.distinctKeys = 10;
    findings.exact = true;
    findings.kinds =
        new KindFindings[] {
          all(Finding.Kind.HEAVY_HITTER, hitters), all(Finding.Kind.HEAVY_CHANGER, changers)
        };
    return findings;
  }

  private static KindFindings all(Finding.Kind kind, Finding[] findings) {
    KindFindings all = new KindFindings(kind, 1);
    all.listed = findings;
    all.count = findings.length;
    all.weight = Arrays.stream(findings).mapToLong(finding -> finding.magnitude).sum();
    return all;
  }

  private static KindFindings hittersOf(WindowFindings window) {
    return window.summary.of(Finding.Kind.HEAVY_HITTER);
  }

  private static KindFindings changersOf(WindowFindings window) {
    return window.summary.of(Finding.Kind.HEAVY_CHANGER);
  }

  private static Finding[] hitters(int... magnitudes) {
    return IntStream.of(magnitudes).mapToObj(GatherTest::finding).toArray(Finding[]::new);
  }

  private static Finding finding(int magnitude) {
    Finding finding = new Finding();
    finding.kind = Finding.Kind.HEAVY_HITTER;
    finding.key = ("key" + magnitude).getBytes(StandardCharsets.UTF_8);
    finding.magnitude = magnitude;
    return finding;
  }

  private static List<Long> magnitudes(Finding[] findings) {
    return Arrays.stream(findings).map(finding -> finding.magnitude).toList();
  }
}
