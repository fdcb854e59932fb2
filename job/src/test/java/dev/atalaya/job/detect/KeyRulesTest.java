package dev.atalaya.job.detect;

import static dev.atalaya.job.detect.Finding.Kind.HEAVY_CHANGER;
import static dev.atalaya.job.detect.Finding.Kind.HEAVY_HITTER;
import static dev.atalaya.job.detect.Finding.Kind.SUPERSPREADER;
import static dev.atalaya.job.detect.WindowOf.HASH;
import static dev.atalaya.job.detect.WindowOf.name;
import static dev.atalaya.job.detect.WindowOf.names;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.job.Detectors;
import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.config.DetectorConfig.Allow;
import dev.atalaya.job.config.DetectorConfig.Also;
import dev.atalaya.job.config.DetectorConfig.BaselineKind;
import dev.atalaya.job.config.DetectorConfig.Changers;
import dev.atalaya.job.config.DetectorConfig.Hitters;
import dev.atalaya.job.config.DetectorConfig.KeyGroup;
import dev.atalaya.job.config.DetectorConfig.Sensitivity;
import dev.atalaya.job.config.DetectorConfig.Sleep;
import dev.atalaya.job.config.DetectorConfig.Spreaders;
import dev.atalaya.sketch.KeySummary;
import dev.atalaya.sketch.WeightSummary;
import java.time.DayOfWeek;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Spreaders, further measures, learned thresholds, lists, groups and sleep. */
class KeyRulesTest {

  private static final Hitters TEN = new Hitters(10, null);

  private static Detectors rule() {
    return Detectors.named("rule").hitters(TEN).changers(null);
  }

  private static Allow values(String... patterns) {
    return new Allow("key", List.of(patterns), List.of());
  }

  private static DetectorConfig spreaders(Spreaders rule) {
    return Detectors.named("rule").distinct("peer").changers(null).spreaders(rule).build();
  }

  /** So many peers for each key, every one met twice. */
  private static WindowOf peers(DetectorConfig rule, Map<String, Integer> counts) {
    WindowOf window = new WindowOf(rule);
    counts.forEach(
        (key, count) -> {
          for (int i = 0; i < 2 * count; i++) {
            window.add(key, 1, Map.of("peer", "p" + i % count));
          }
        });
    return window;
  }

  @Test
  void aKeyThatMetTheCountIsASuperspreaderAndOneBelowIsNot() {
    DetectorConfig rule = spreaders(new Spreaders(100, 0, null, 0));
    SliceFindings found = peers(rule, Map.of("at", 100, "below", 99, "above", 101)).judge();
    assertThat(names(found, SUPERSPREADER)).containsExactly("above", "at");
    assertThat(found.of(SUPERSPREADER).threshold).isEqualTo(100);
    Finding at = found.of(SUPERSPREADER).listed[1];
    assertThat(List.of(at.actual, at.actualLower, at.actualUpper, at.magnitude)).containsOnly(100L);
    assertThat(at.certain).isTrue();
  }

  @Test
  void theRatioOfPeersIsToTheWindowBeforeAndANewKeyReachesAny() {
    DetectorConfig rule = spreaders(new Spreaders(0, 3, null, 5));
    WindowOf before = peers(rule, Map.of("tripled", 10, "almost", 10));
    WindowOf now = peers(rule, Map.of("tripled", 30, "almost", 29, "new", 5, "few", 4));
    SliceFindings found = now.judge(before, 0);
    assertThat(names(found, SUPERSPREADER)).containsExactly("tripled", "new");
    assertThat(found.of(SUPERSPREADER).listed[0].threshold).isEqualTo(30);
    assertThat(now.judge().of(SUPERSPREADER).count).as("without a window before").isZero();
  }

  @Test
  void beyondTheMemorySpreadersAreWithinBoundsAndNoneIsMissed() {
    DetectorConfig rule =
        Detectors.named("rule")
            .distinct("peer")
            .changers(null)
            .maxAlerts(10_000)
            .spreaders(new Spreaders(300, 0, null, 0))
            .memory(64 << 10)
            .build();
    Random random = new Random(3);
    WindowOf window = new WindowOf(rule);
    Map<String, Set<Integer>> truth = new HashMap<>();
    for (int i = 0; i < 40_000; i++) {
      String key = "k" + (int) (2_000 * Math.pow(random.nextDouble(), 4));
      int peer = random.nextInt(5_000);
      window.add(key, 1, Map.of("peer", "p" + peer));
      truth.computeIfAbsent(key, none -> new HashSet<>()).add(peer);
    }
    SliceFindings found = window.judge();
    assertThat(found.exact).isFalse();
    assertThat(found.errorBound).isLessThan(300);
    List<String> names = names(found, SUPERSPREADER);
    truth.forEach(
        (key, met) -> {
          if (met.size() >= 300) {
            assertThat(names).contains(key);
          }
        });
    for (Finding finding : found.of(SUPERSPREADER).listed) {
      long met = truth.get(name(finding)).size();
      assertThat(met).isBetween(finding.actualLower, finding.actualUpper);
      assertThat(finding.certain && met < 300).isFalse();
    }
  }

  @Test
  void everyFurtherMeasureMustBeReached() {
    DetectorConfig rule =
        rule().also(new Also("bytes", List.of(), 1_000), new Also(null, List.of("src"), 3)).build();
    WindowOf window = new WindowOf(rule);
    for (int i = 0; i < 12; i++) {
      window.add("both", 1, Map.of("bytes", "100", "src", "s" + i % 3));
      window.add("few bytes", 1, Map.of("bytes", "83", "src", "s" + i % 3));
      window.add("few sources", 1, Map.of("bytes", "100", "src", "s" + i % 2));
    }
    SliceFindings found = window.judge();
    assertThat(names(found, HEAVY_HITTER)).containsExactly("both");
    Finding both = found.of(HEAVY_HITTER).listed[0];
    assertThat(both.also).hasSize(2);
    assertThat(both.also[0].value).isEqualTo(1_200);
    assertThat(both.also[0].threshold).isEqualTo(1_000);
    assertThat(both.also[1].lower).isEqualTo(3);
    assertThat(both.also[1].upper).isEqualTo(3);
    assertThat(both.certain).isTrue();
  }

  @Test
  void allowedKeysAreCountedAndNotTold() {
    WindowOf window =
        new WindowOf(rule().allow(values("10.0.0.0/8", "scan*", "2001:db8::/32")).build());
    for (String key : List.of("10.1.2.3", "scanner", "2001:db8::1", "11.0.0.1", "my scan")) {
      window.add(key, 10);
    }
    window.add("10.0.0.1", 9);
    SliceFindings found = window.judge();
    assertThat(names(found, HEAVY_HITTER)).containsExactly("11.0.0.1", "my scan");
    assertThat(found.of(HEAVY_HITTER).count).isEqualTo(2);
    assertThat(found.allowed).isEqualTo(3);
  }

  @Test
  void aFieldOfAKeyOfSeveralIsAllowed() {
    DetectorConfig rule =
        rule()
            .key("src", "dst", "port")
            .allow(new Allow("dst", List.of("10.0.0.0/8"), List.of()))
            .build();
    KeySummary keys = SummaryPlan.of(rule).newKeys(HASH.fingerprint());
    for (String dst : List.of("10.0.0.1", "10.0.0.10", "11.0.0.1")) {
      byte[] key = ("\u0001a" + (char) dst.length() + dst + "\u000280").getBytes(UTF_8);
      ((WeightSummary) keys).update(HASH, key, 10);
    }
    SliceFindings found = new SliceFindings();
    new WindowComparison(rule).compare(new WindowSummaries(keys, List.of()), null, found);
    assertThat(found.of(HEAVY_HITTER).listed).hasSize(1);
    assertThat(name(found.of(HEAVY_HITTER).listed[0])).contains("11.0.0.1");
    assertThat(found.allowed).isEqualTo(2);
  }

  @Test
  void theFirstGroupThatMatchesSpeaks() {
    DetectorConfig rule =
        rule()
            .overrides(
                new KeyGroup(List.of(values("10.1.0.0/16")), new Hitters(3, null), null, null),
                new KeyGroup(List.of(values("10.0.0.0/8")), new Hitters(50, null), null, null),
                new KeyGroup(
                    List.of(values("*.example")), null, new Changers(1, null, 0, null, 0), null))
            .build();
    WindowOf window = new WindowOf(rule);
    window.add("10.1.0.1", 3).add("10.1.0.2", 2).add("10.2.0.1", 49).add("10.2.0.2", 50);
    window.add("a.example", 10).add("b.example", 9).add("other", 10);
    SliceFindings found = window.judge();
    assertThat(names(found, HEAVY_HITTER))
        .containsExactly("10.2.0.2", "a.example", "other", "10.1.0.1");
    assertThat(found.of(HEAVY_HITTER).threshold).isEqualTo(10);
    assertThat(found.of(HEAVY_HITTER).listed[0].threshold).isEqualTo(50);
    assertThat(found.of(HEAVY_HITTER).listed[3].threshold).isEqualTo(3);
    assertThat(found.of(HEAVY_CHANGER)).isNull();
  }

  @Test
  void aLearnedThresholdIsSoManyDeviationsFromWhatIsExpected() {
    DetectorConfig rule =
        rule().hitters(null).changers(new Changers(0, null, 0, Sensitivity.MEDIUM, 100)).build();
    Known known = new Known();
    known.expect("at", 200, 10);
    known.expect("above", 200, 10);
    known.expect("below", 200, 10);
    known.expect("vanished", 150, 12.1);
    known.expect("small", 50, 1);
    WindowOf window = new WindowOf(rule);
    window.add("at", 240).add("above", 241).add("below", 159).add("small", 99).add("new", 100);
    SliceFindings found = window.judge(known);
    assertThat(names(found, HEAVY_CHANGER)).containsExactly("vanished", "new", "above", "below");
    Finding vanished = found.of(HEAVY_CHANGER).listed[0];
    assertThat(List.of(vanished.expected, vanished.expectedLower, vanished.expectedUpper))
        .containsExactly(150L, 101L, 199L);
    assertThat(vanished.threshold).isEqualTo(49);
    assertThat(vanished.deviations).isEqualTo(150 / 12.1);
    assertThat(vanished.expectedKind).isEqualTo(BaselineKind.MOVING_AVERAGE);
    assertThat(vanished.certain).isTrue();
    assertThat(List.of(vanished.delta, vanished.deltaLower, vanished.deltaUpper))
        .containsOnly(150L);

    known.warm = false;
    SliceFindings cold = window.judge(known);
    assertThat(cold.warmup).isTrue();
    assertThat(cold.of(HEAVY_CHANGER).count).isZero();
  }

  @Test
  void aLearnedSpreaderIsMeasuredByWhatLiesBeyond() {
    DetectorConfig rule = spreaders(new Spreaders(0, 0, Sensitivity.HIGH, 20));
    Known known = new Known();
    known.expect("usual", 40, 5);
    known.expect("scan", 40, 5);
    known.expect("quiet", 400, 5);
    SliceFindings found =
        peers(rule, Map.of("usual", 55, "scan", 56, "quiet", 25, "few", 19)).judge(known);
    assertThat(names(found, SUPERSPREADER)).containsExactly("scan");
    Finding scan = found.of(SUPERSPREADER).listed[0];
    assertThat(scan.magnitude).isEqualTo(16);
    assertThat(scan.threshold).isEqualTo(15);
    assertThat(scan.deviations).isEqualTo(3.2);
  }

  /** An expectation that knows some keys exactly. */
  private static final class Known implements Expectation {
    private final Map<Long, String> names = new HashMap<>();
    private final Map<Long, Long> expected = new HashMap<>();
    private final Map<Long, Double> deviations = new HashMap<>();
    private boolean warm = true;

    void expect(String key, long value, double deviation) {
      long hash = HASH.hash(key.getBytes(UTF_8));
      names.put(hash, key);
      expected.put(hash, value);
      deviations.put(hash, deviation);
    }

    @Override
    public BaselineKind kind() {
      return BaselineKind.MOVING_AVERAGE;
    }

    @Override
    public boolean isWarm() {
      return warm;
    }

    @Override
    public long expected(long hash) {
      return expected.getOrDefault(hash, 0L);
    }

    @Override
    public long lower(long hash) {
      return expected(hash);
    }

    @Override
    public long upper(long hash) {
      return expected(hash);
    }

    @Override
    public double deviation(long hash) {
      return deviations.getOrDefault(hash, 1.0);
    }

    @Override
    public long errorBound() {
      return 0;
    }

    @Override
    public boolean overflowed() {
      return false;
    }

    @Override
    public void forEachCandidate(KeySummary.CandidateVisitor visitor) {
      names.forEach(
          (hash, name) -> {
            byte[] key = name.getBytes(UTF_8);
            visitor.visit(hash, key, 0, key.length, lower(hash), upper(hash));
          });
    }
  }

  @Test
  void contributorsOfAKeyAddUpToItsValue() {
    DetectorConfig rule = rule().weight("bytes").contributors(2, "src").build();
    WindowOf window = new WindowOf(rule);
    window.add("a", 5, Map.of("src", "x")).add("a", 7, Map.of("src", "y"));
    window.add("a", 1, Map.of("src", "z")).add("a", 1, Map.of("src", "x"));
    window.add("b", 90, Map.of("src", "x"));
    Finding a = window.judge().of(HEAVY_HITTER).listed[1];
    assertThat(a.contributors).hasSize(1);
    Finding.ContributorField sources = a.contributors[0];
    assertThat(List.of(sources.entries).stream().map(entry -> entry.value + entry.lower))
        .containsExactly("y7", "x6");
    assertThat(sources.remainder).isEqualTo(1);
    assertThat(sources.remainderUpper).isEqualTo(1);
  }

  @Test
  void contributorsOfASpreaderAreItsEvents() {
    DetectorConfig rule =
        Detectors.named("rule")
            .distinct("dst")
            .changers(null)
            .spreaders(new Spreaders(10, 0, null, 0))
            .contributors(1, "dport")
            .build();
    WindowOf window = new WindowOf(rule);
    for (int i = 0; i < 30; i++) {
      window.add("a", 1, Map.of("dst", "d" + i % 10, "dport", i % 3 == 0 ? "80" : "443"));
    }
    Finding a = window.judge().of(SUPERSPREADER).listed[0];
    assertThat(a.actual).isEqualTo(10);
    Finding.ContributorField ports = a.contributors[0];
    assertThat(ports.entries).hasSize(1);
    assertThat(ports.entries[0].value).isEqualTo("443");
    assertThat(ports.entries[0].amount).isEqualTo(20);
    assertThat(List.of(ports.remainder, ports.remainderUpper)).containsOnly(10L);
  }

  @Test
  void beyondTheMemoryContributorsAreWithinBounds() {
    DetectorConfig rule =
        rule().hitters(new Hitters(2_000, null)).memory(16 << 10).contributors(5, "src").build();
    WindowOf window = new WindowOf(rule);
    Random random = new Random(5);
    Map<String, Long> truth = new HashMap<>();
    for (int i = 0; i < 40_000; i++) {
      String key = "k" + random.nextInt(5);
      String src = "s" + (int) (3_000 * Math.pow(random.nextDouble(), 5));
      window.add(key, 1, Map.of("src", src));
      truth.merge(key + src, 1L, Long::sum);
    }
    SliceFindings found = window.judge();
    assertThat(names(found, HEAVY_HITTER)).hasSize(5);
    for (Finding finding : found.of(HEAVY_HITTER).listed) {
      Finding.ContributorField sources = finding.contributors[0];
      long listed = 0;
      for (Finding.Contributor source : sources.entries) {
        long weight = truth.get(name(finding) + source.value);
        assertThat(weight).isBetween(source.lower, source.upper);
        listed += weight;
      }
      assertThat(sources.entries[0].value).isEqualTo("s0");
      assertThat(finding.actual - listed).isLessThanOrEqualTo(sources.remainderUpper);
    }
  }

  @Test
  void aWindowThatBeginsInSleepFindsNothingAndSaysSo() {
    Sleep nights =
        new Sleep(EnumSet.of(DayOfWeek.MONDAY), 22 * 60, 6 * 60 + 30, ZoneId.of("Europe/Madrid"));
    WindowOf window = new WindowOf(rule().sleep(nights).build());
    window.add("a", 10);
    // The clock goes from 2 to 3 in the night to Sunday 2026-03-29: Monday's night is in summer.
    assertThat(asleep(window, 2026, 3, 30, 21, 59)).isFalse();
    assertThat(asleep(window, 2026, 3, 30, 22, 0)).isTrue();
    assertThat(asleep(window, 2026, 3, 31, 6, 29)).isTrue();
    assertThat(asleep(window, 2026, 3, 31, 6, 30)).isFalse();
    assertThat(asleep(window, 2026, 3, 31, 22, 0)).as("another day").isFalse();
    assertThat(asleep(window, 2026, 3, 30, 6, 0)).as("the night to Monday").isFalse();
    // 21:30 in Madrid in winter, 22:30 in summer, by the same clock of the world.
    Sleep late =
        new Sleep(EnumSet.allOf(DayOfWeek.class), 22 * 60, 23 * 60, ZoneId.of("Europe/Madrid"));
    WindowOf other = new WindowOf(rule().sleep(late).build());
    other.add("a", 10);
    ZoneId utc = ZoneId.of("UTC");
    assertThat(asleep(other, ZonedDateTime.of(2026, 3, 28, 20, 30, 0, 0, utc))).isFalse();
    assertThat(asleep(other, ZonedDateTime.of(2026, 3, 29, 20, 30, 0, 0, utc))).isTrue();
  }

  private static boolean asleep(
      WindowOf window, int year, int month, int day, int hour, int minute) {
    return asleep(
        window, ZonedDateTime.of(year, month, day, hour, minute, 0, 0, ZoneId.of("Europe/Madrid")));
  }

  private static boolean asleep(WindowOf window, ZonedDateTime start) {
    SliceFindings found = window.judge(null, start.toInstant().toEpochMilli());
    assertThat(found.of(HEAVY_HITTER).count).isEqualTo(found.asleep ? 0 : 1);
    assertThat(found.of(HEAVY_HITTER).threshold).isEqualTo(10);
    return found.asleep;
  }
}
