package dev.atalaya.job.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.job.Detectors;
import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.config.Share;
import dev.atalaya.sketch.HeavyKeySketch;
import dev.atalaya.sketch.KeyHash;
import dev.atalaya.sketch.KeySummary;
import dev.atalaya.sketch.SignedHeavyKeySketch;
import dev.atalaya.sketch.WeightSummary;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WindowComparisonTest {

  private static final KeyHash HASH = new KeyHash(1, 2);

  @Test
  void aKeyAtTheCountIsHeavyAndOneBelowIsNot() {
    SliceFindings found =
        compare(hitters(10, null), Map.of("at", 10L, "below", 9L, "above", 11L), null);
    assertThat(keys(hitters(found).listed)).containsExactly("above", "at");
    assertThat(hitters(found).threshold).isEqualTo(10);
    assertThat(hitters(found).count).isEqualTo(2);
    assertThat(hitters(found).weight).isEqualTo(21);
  }

  @Test
  void aShareIsReachedByTheWholeNumberAboveIt() {
    // 1 % of 250 is 2.5
    SliceFindings found = compare(hitters(0, "0.01"), Map.of("a", 245L, "b", 3L, "c", 2L), null);
    assertThat(hitters(found).threshold).isEqualTo(3);
    assertThat(keys(hitters(found).listed)).containsExactly("a", "b");
  }

  @Test
  void countAndShareMustBothBeReached() {
    SliceFindings found = compare(hitters(50, "0.1"), Map.of("a", 60L, "b", 49L, "c", 1L), null);
    assertThat(keys(hitters(found).listed)).containsExactly("a");
    assertThat(hitters(found).threshold).isEqualTo(50);
  }

  @Test
  void equalValuesAreRankedByKey() {
    SliceFindings found = compare(hitters(5, null), Map.of("b", 5L, "a", 5L, "c", 6L), null);
    assertThat(keys(hitters(found).listed)).containsExactly("c", "a", "b");
  }

  @Test
  void aKeyWithoutWeightIsNeverHeavy() {
    SliceFindings found = compare(hitters(0, "0.01"), Map.of("a", 0L), null);
    assertThat(hitters(found).listed).isEmpty();
    assertThat(hitters(found).threshold).isEqualTo(1);
  }

  @Test
  void aChangeAtTheDeltaIsFoundUpAndDownAndOneBelowIsNot() {
    SliceFindings found =
        compare(
            changers(10, null, 0),
            Map.of("up", 20L, "down", 10L, "almost", 19L),
            Map.of("up", 10L, "down", 20L, "almost", 10L));
    assertThat(keys(changers(found).listed)).containsExactly("down", "up");
    Finding down = changers(found).listed[0];
    assertThat(down.up).isFalse();
    assertThat(List.of(down.expected, down.actual, down.delta, down.deltaLower, down.deltaUpper))
        .containsExactly(20L, 10L, 10L, 10L, 10L);
    assertThat(down.certain).isTrue();
    assertThat(changers(found).listed[1].up).isTrue();
  }

  @Test
  void vanishedAndNewKeysAreChanges() {
    SliceFindings found = compare(changers(5, null, 3), Map.of("new", 7L), Map.of("vanished", 5L));
    assertThat(keys(changers(found).listed)).containsExactly("new", "vanished");
    assertThat(changers(found).listed[0].expected).isZero();
    assertThat(changers(found).listed[1].actual).isZero();
  }

  @Test
  void theShareOfAChangeIsOfTheLargerTotal() {
    // 10 % of 1000, not of 100
    SliceFindings found =
        compare(
            changers(0, "0.1", 0),
            Map.of("a", 100L),
            Map.of("a", 1L, "b", 99L, "c", 100L, "d", 800L));
    assertThat(changers(found).threshold).isEqualTo(100);
    assertThat(keys(changers(found).listed)).containsExactly("d", "c");
  }

  @Test
  void theRatioMustBeReachedToo() {
    SliceFindings found =
        compare(
            changers(10, null, 2),
            Map.of("doubled", 200L, "almost", 199L, "halved", 50L),
            Map.of("doubled", 100L, "almost", 100L, "halved", 100L));
    assertThat(keys(changers(found).listed)).containsExactly("doubled", "halved");
  }

  @Test
  void theRatioIsExactWhereDoublesAreNot() {
    // 1.1 * 10 is 11.000000000000002 in doubles.
    assertThat(
            keys(
                changers(compare(changers(1, null, 1.1), Map.of("a", 11L), Map.of("a", 10L)))
                    .listed))
        .containsExactly("a");
    long half = (1L << 52) + 1;
    assertThat(
            changers(compare(changers(1, null, 2), Map.of("a", 2 * half - 1), Map.of("a", half)))
                .listed)
        .isEmpty();
  }

  @Test
  void withoutABaselineNoChangeIsTold() {
    SliceFindings found = compare(changers(1, null, 0), Map.of("a", 5L), null);
    assertThat(found.warmup).isTrue();
    assertThat(changers(found).listed).isEmpty();
  }

  @Test
  void beyondTheLimitFindingsAreCountedAndSummedExactly() {
    DetectorConfig one = detector(new DetectorConfig.Hitters(1, null), null, 1, false);
    SliceFindings found = compare(one, Map.of("a", 5L, "b", 7L, "c", 2L), null);
    assertThat(keys(hitters(found).listed)).containsExactly("b");
    assertThat(hitters(found).count).isEqualTo(3);
    assertThat(hitters(found).weight).isEqualTo(14);
  }

  @Test
  void signedValuesAreHeavyByTheirMagnitude() {
    DetectorConfig signed =
        detector(
            new DetectorConfig.Hitters(10, null),
            new DetectorConfig.Changers(10, null, 0, null, 0),
            100,
            true);
    WeightSummary now = SignedHeavyKeySketch.create(1 << 16, HASH);
    update(now, "taken", -12);
    update(now, "given", 11);
    update(now, "both", 100);
    update(now, "both", -95);
    SliceFindings found = new SliceFindings();
    new WindowComparison(signed)
        .compare(window(now), window(SignedHeavyKeySketch.create(1 << 16, HASH)), found);
    assertThat(keys(hitters(found).listed)).containsExactly("taken", "given");
    assertThat(hitters(found).listed[0].actual).isEqualTo(-12);
    assertThat(keys(changers(found).listed)).containsExactly("taken", "given");
    assertThat(changers(found).listed[0].up).isFalse();
  }

  @Test
  void beyondTheMemoryCertainMeansTrueAndNothingAboveTheErrorBoundIsMissed() {
    Random random = new Random(11);
    long[] before = new long[5_000];
    long[] now = new long[5_000];
    WeightSummary then = HeavyKeySketch.create(16 << 10, HASH);
    WeightSummary current = HeavyKeySketch.create(16 << 10, HASH);
    for (int i = 0; i < before.length; i++) {
      before[i] = 1L + 20_000 / (i + 1);
      now[i] = random.nextInt(10) == 0 ? random.nextInt(2 * (int) before[i] + 1) : before[i];
      update(then, "key" + i, before[i]);
      update(current, "key" + i, now[i]);
    }
    DetectorConfig rule =
        detector(
            new DetectorConfig.Hitters(300, null),
            new DetectorConfig.Changers(300, null, 1.5, null, 0),
            10_000,
            false);
    SliceFindings found = new SliceFindings();
    new WindowComparison(rule).compare(window(current), window(then), found);
    assertThat(found.exact).isFalse();
    assertThat(found.errorBound).isPositive().isLessThan(300);

    List<String> hitters = keys(hitters(found).listed);
    List<String> changers = keys(changers(found).listed);
    for (int i = 0; i < now.length; i++) {
      long delta = Math.abs(now[i] - before[i]);
      boolean heavy = now[i] >= 300;
      boolean changed =
          delta >= 300 && Math.max(now[i], before[i]) >= 1.5 * Math.min(now[i], before[i]);
      String key = "key" + i;
      if (heavy) {
        assertThat(hitters).contains(key);
      }
      if (changed) {
        assertThat(changers).contains(key);
      }
      for (Finding finding : hitters(found).listed) {
        assertThat(finding.certain && name(finding).equals(key) && !heavy).isFalse();
      }
      for (Finding finding : changers(found).listed) {
        if (name(finding).equals(key)) {
          assertThat(delta).isBetween(finding.deltaLower, finding.deltaUpper);
          assertThat(finding.certain && !changed).isFalse();
        }
      }
    }
    assertThat(changers).doesNotHaveDuplicates();
  }

  private static SliceFindings compare(
      DetectorConfig rule, Map<String, Long> now, Map<String, Long> before) {
    SliceFindings result = new SliceFindings();
    WeightSummary current = summary(now);
    WeightSummary baseline = before == null ? null : summary(before);
    result.total = current.total();
    result.baselineTotal = baseline == null ? 0 : baseline.total();
    new WindowComparison(rule)
        .compare(window(current), baseline == null ? null : window(baseline), result);
    return result;
  }

  private static WindowSummaries window(KeySummary keys) {
    return new WindowSummaries(keys, List.of());
  }

  private static KindFindings hitters(SliceFindings found) {
    return found.of(Finding.Kind.HEAVY_HITTER);
  }

  private static KindFindings changers(SliceFindings found) {
    return found.of(Finding.Kind.HEAVY_CHANGER);
  }

  private static WeightSummary summary(Map<String, Long> values) {
    WeightSummary summary = HeavyKeySketch.create(1 << 16, HASH);
    values.forEach((key, value) -> update(summary, key, value));
    return summary;
  }

  private static void update(WeightSummary summary, String key, long weight) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    summary.update(HASH.hash(bytes), bytes, 0, bytes.length, weight);
  }

  private static DetectorConfig hitters(long count, String share) {
    return detector(new DetectorConfig.Hitters(count, share(share)), null, 100, false);
  }

  private static DetectorConfig changers(long delta, String share, double ratio) {
    return detector(
        null, new DetectorConfig.Changers(delta, share(share), ratio, null, 0), 100, false);
  }

  private static Share share(String fraction) {
    return fraction == null ? null : new Share(new BigDecimal(fraction));
  }

  private static DetectorConfig detector(
      DetectorConfig.Hitters hitters,
      DetectorConfig.Changers changers,
      int maxAlerts,
      boolean signed) {
    return Detectors.named("rule")
        .window(10_000)
        .signed(signed)
        .maxAlerts(maxAlerts)
        .hitters(hitters)
        .changers(changers)
        .build();
  }

  private static List<String> keys(Finding[] findings) {
    return Arrays.stream(findings).map(WindowComparisonTest::name).toList();
  }

  private static String name(Finding finding) {
    return new String(finding.key, StandardCharsets.UTF_8);
  }
}
