package dev.atalaya.job.detect;

import static dev.atalaya.job.detect.Finding.Kind.HEAVY_CHANGER;
import static dev.atalaya.job.detect.Finding.Kind.HEAVY_HITTER;
import static dev.atalaya.job.detect.Finding.Kind.SUPERSPREADER;
import static dev.atalaya.job.detect.WindowOf.name;
import static dev.atalaya.job.detect.WindowOf.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.job.Detectors;
import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.config.DetectorConfig.Allow;
import dev.atalaya.job.config.DetectorConfig.Also;
import dev.atalaya.job.config.DetectorConfig.Changers;
import dev.atalaya.job.config.DetectorConfig.Hitters;
import dev.atalaya.job.config.DetectorConfig.KeyGroup;
import dev.atalaya.job.config.DetectorConfig.Rollup;
import dev.atalaya.job.config.DetectorConfig.Spreaders;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RollupTest {

  private static final Rollup ADDRESSES = new Rollup(List.of(8, 16, 24), List.of(32, 48, 64), 0);
  private static final Rollup PATHS = new Rollup(List.of(), List.of(), 3);

  private static Detectors rollup(Rollup lengths, long threshold) {
    return Detectors.named("rule")
        .rollup(lengths)
        .memory(1 << 20)
        .maxAlerts(10_000)
        .hitters(new Hitters(threshold, null))
        .changers(null);
  }

  @Test
  void aSubnetIsToldWhenNoHostOfItIsHeavyAndAtItsOwnLength() {
    WindowOf window = new WindowOf(rollup(ADDRESSES, 100).build());
    for (int host = 0; host < 200; host++) {
      window.add("198.51.100." + (28 + host));
    }
    SliceFindings found = window.judge();
    assertThat(names(found, HEAVY_HITTER)).containsExactly("198.51.100.0/24");
    Finding subnet = found.of(HEAVY_HITTER).listed[0];
    assertThat(List.of(subnet.actual, subnet.actualLower, subnet.actualUpper, subnet.magnitude))
        .containsOnly(200L);
    assertThat(subnet.certain).isTrue();
    assertThat(found.of(HEAVY_HITTER).count).isEqualTo(1);
  }

  @Test
  void lengthsThatNobodyWatchesAreFoundInAnExactWindow() {
    WindowOf window = new WindowOf(rollup(ADDRESSES, 60).build());
    for (int host = 64; host < 128; host++) {
      window.add("198.51.100." + host);
    }
    window.add("198.51.100.200");
    Finding subnet = window.judge().of(HEAVY_HITTER).listed[0];
    assertThat(name(subnet)).isEqualTo("198.51.100.64/26");
    assertThat(subnet.actual).isEqualTo(64);
  }

  @Test
  void aHeavySubnetAroundAHeavyHostIsToldOnlyIfTheRestIsHeavy() {
    WindowOf light = new WindowOf(rollup(ADDRESSES, 100).build());
    light.add("198.51.100.7", 500).add("198.51.100.8", 99);
    assertThat(names(light.judge(), HEAVY_HITTER)).containsExactly("198.51.100.7");

    WindowOf heavy = new WindowOf(rollup(ADDRESSES, 100).build());
    heavy.add("198.51.100.7", 500).add("198.51.100.8", 50).add("198.51.100.250", 50);
    SliceFindings found = heavy.judge();
    assertThat(names(found, HEAVY_HITTER)).containsExactly("198.51.100.7", "198.51.100.0/24");
    Finding subnet = found.of(HEAVY_HITTER).listed[1];
    assertThat(subnet.actual).isEqualTo(600);
    assertThat(subnet.magnitude).isEqualTo(100);
    assertThat(found.of(HEAVY_HITTER).weight).isEqualTo(600);
  }

  @Test
  void exactWindowsOfAddressesAreWhatBruteForceFinds() {
    Random random = new Random(7);
    int prefixes = 0;
    for (int run = 0; run < 60; run++) {
      boolean ipv6 = run % 2 == 1;
      long threshold = 20L + random.nextInt(200);
      WindowOf window = new WindowOf(rollup(ADDRESSES, threshold).build());
      Map<String, Long> truth = new HashMap<>();
      for (int i = 0; i < 400; i++) {
        String key = ipv6 ? someIpv6(random) : someIpv4(random);
        long weight = 1L + random.nextInt(random.nextInt(20) == 0 ? 150 : 5);
        window.add(key, weight);
        truth.merge(bits(key), weight, Long::sum);
      }
      List<Integer> lengths = ipv6 ? ADDRESSES.ipv6() : ADDRESSES.ipv4();
      Map<String, List<Long>> found = new TreeMap<>();
      for (Finding finding : window.judge().of(HEAVY_HITTER).listed) {
        assertThat(finding.certain).isTrue();
        assertThat(finding.actualLower).isEqualTo(finding.actualUpper);
        found.put(bits(name(finding)), List.of(finding.actual, finding.magnitude));
        prefixes += finding.prefix ? 1 : 0;
      }
      assertThat(found).isEqualTo(bruteForce(truth, lengths, threshold));
    }
    assertThat(prefixes).isGreaterThan(150);
  }

  /** Of findings, by their bits: value, and what no finding below explains. */
  private static Map<String, List<Long>> bruteForce(
      Map<String, Long> keys, List<Integer> lengths, long threshold) {
    Map<String, List<Long>> found = new TreeMap<>();
    keys.forEach(
        (key, value) -> {
          if (value >= threshold) {
            found.put(key, List.of(value, value));
          }
        });
    for (int i = lengths.size() - 1; i >= 0; i--) {
      int length = lengths.get(i);
      for (String prefix : prefixes(keys.keySet(), length)) {
        Map<String, Long> own = new HashMap<>(keys);
        own.keySet()
            .removeIf(
                key ->
                    !key.startsWith(prefix) || found.keySet().stream().anyMatch(key::startsWith));
        long all = sum(own, prefix);
        if (all < threshold) {
          continue;
        }
        String longest = prefix;
        int bits = keys.keySet().iterator().next().length();
        for (int longer = length + 1; longer < bits; longer++) {
          for (String candidate : prefixes(own.keySet(), longer)) {
            long value = sum(own, candidate);
            if (value >= threshold && all - value < threshold) {
              longest = candidate;
            }
          }
        }
        found.put(longest, List.of(sum(keys, longest), sum(own, longest)));
      }
    }
    return found;
  }

  private static Set<String> prefixes(Set<String> keys, int length) {
    return keys.stream().map(key -> key.substring(0, length)).collect(Collectors.toSet());
  }

  private static long sum(Map<String, Long> keys, String prefix) {
    return keys.entrySet().stream()
        .filter(key -> key.getKey().startsWith(prefix))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private static String someIpv4(Random random) {
    return "10."
        + random.nextInt(3)
        + "."
        + random.nextInt(4)
        + "."
        + (random.nextBoolean() ? random.nextInt(256) : 64 + random.nextInt(16));
  }

  private static String someIpv6(Random random) {
    return "2001:db8:"
        + Integer.toHexString(random.nextInt(2))
        + ":"
        + Integer.toHexString(random.nextInt(5))
        + "::"
        + Integer.toHexString(1 + random.nextInt(random.nextBoolean() ? 0xffff : 8));
  }

  /** The bits of an address, or the first of a prefix. */
  private static String bits(String text) {
    String[] parts = text.split("/");
    StringBuilder bits = new StringBuilder();
    try {
      for (byte octet : InetAddress.getByName(parts[0]).getAddress()) {
        bits.append(Integer.toBinaryString(0x100 | (octet & 0xff)).substring(1));
      }
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
    return parts.length == 1 ? bits.toString() : bits.substring(0, Integer.parseInt(parts[1]));
  }

  @Test
  void changesOfPathsAreWhatBruteForceFinds() {
    Random random = new Random(8);
    int subTrees = 0;
    for (int run = 0; run < 60; run++) {
      long threshold = 10L + random.nextInt(40);
      DetectorConfig rule =
          rollup(PATHS, 1)
              .hitters(null)
              .changers(new Changers(threshold, null, 0, null, 0))
              .build();
      WindowOf before = new WindowOf(rule);
      WindowOf now = new WindowOf(rule);
      Map<String, Long> changes = new HashMap<>();
      for (int i = 0; i < 200; i++) {
        String path = somePath(random);
        boolean then = random.nextBoolean();
        long weight = 1L + random.nextInt(random.nextInt(10) == 0 ? 60 : 6);
        (then ? before : now).add(path, weight);
        changes.merge(path, then ? -weight : weight, Long::sum);
      }
      Map<String, List<Long>> expected = new TreeMap<>();
      changes.forEach(
          (path, change) -> {
            if (Math.abs(change) >= threshold) {
              expected.put(path, List.of(change, Math.abs(change)));
            }
          });
      for (int depth = PATHS.path(); depth > 0; depth--) {
        for (String subTree : subTrees(changes.keySet(), depth)) {
          long rest = 0;
          long all = 0;
          for (Map.Entry<String, Long> path : changes.entrySet()) {
            if (path.getKey().startsWith(subTree)) {
              all += path.getValue();
              boolean explained =
                  expected.keySet().stream()
                      .anyMatch(
                          told ->
                              told.endsWith("/")
                                  ? path.getKey().startsWith(told)
                                  : path.getKey().equals(told));
              rest += explained ? 0 : path.getValue();
            }
          }
          if (Math.abs(all) >= threshold && Math.abs(rest) >= threshold) {
            expected.put(subTree, List.of(all, Math.abs(rest)));
          }
        }
      }
      Map<String, List<Long>> found = new TreeMap<>();
      for (Finding finding : now.judge(before, 0).of(HEAVY_CHANGER).listed) {
        long change = finding.actual - finding.expected;
        found.put(name(finding), List.of(change, finding.magnitude));
        assertThat(finding.certain).isTrue();
        subTrees += finding.prefix ? 1 : 0;
      }
      assertThat(found).isEqualTo(expected);
    }
    assertThat(subTrees).isGreaterThan(100);
  }

  /** No path ends with a slash: that is how tests tell sub-trees. */
  private static String somePath(Random random) {
    StringBuilder path = new StringBuilder();
    int steps = 1 + random.nextInt(5);
    for (int i = 0; i < steps; i++) {
      path.append('/').append((char) ('a' + random.nextInt(3)));
    }
    return path.toString();
  }

  private static Set<String> subTrees(Set<String> paths, int depth) {
    Set<String> subTrees = new TreeSet<>();
    for (String path : paths) {
      String[] steps = path.substring(1).split("/");
      if (steps.length > depth) {
        subTrees.add("/" + String.join("/", List.of(steps).subList(0, depth)) + "/");
      }
    }
    return subTrees;
  }

  @Test
  void beyondTheMemoryBoundsHoldAndNothingIsLeftUnexplained() {
    Random random = new Random(9);
    long threshold = 1_500;
    WindowOf window = new WindowOf(rollup(ADDRESSES, threshold).memory(64 << 10).build());
    Map<String, Long> truth = new HashMap<>();
    for (int i = 0; i < 60_000; i++) {
      String key =
          random.nextInt(5) == 0
              ? "192.0.2." + random.nextInt(40)
              : random.nextInt(100) + "." + random.nextInt(3) + ".7." + random.nextInt(256);
      long weight = 1L + random.nextInt(9);
      window.add(key, weight);
      truth.merge(bits(key), weight, Long::sum);
    }
    SliceFindings found = window.judge();
    assertThat(found.exact).isFalse();
    Map<String, Finding> told = new HashMap<>();
    for (Finding finding : found.of(HEAVY_HITTER).listed) {
      told.put(bits(name(finding)), finding);
    }
    Map<String, Long> watched = new HashMap<>(truth);
    for (int length : ADDRESSES.ipv4()) {
      truth.forEach((key, value) -> watched.merge(key.substring(0, length), value, Long::sum));
    }
    int certain = 0;
    for (Map.Entry<String, Long> each : watched.entrySet()) {
      String place = each.getKey();
      List<String> under =
          told.keySet().stream()
              .filter(other -> other.startsWith(place) && !other.equals(place))
              .toList();
      List<String> topmost =
          under.stream()
              .filter(
                  other ->
                      under.stream()
                          .noneMatch(above -> other.startsWith(above) && !other.equals(above)))
              .toList();
      long below = topmost.stream().mapToLong(watched::get).sum();
      Finding finding = told.get(place);
      if (finding == null) {
        assertThat(each.getValue() - below).as(place).isLessThan(threshold);
      } else {
        assertThat(each.getValue()).isBetween(finding.actualLower, finding.actualUpper);
        long leastBelow = topmost.stream().mapToLong(other -> told.get(other).actualLower).sum();
        assertThat(finding.actualUpper - leastBelow).isGreaterThanOrEqualTo(threshold);
        if (finding.certain) {
          certain++;
          assertThat(each.getValue() - below).as(place).isGreaterThanOrEqualTo(threshold);
        }
      }
    }
    assertThat(certain).isGreaterThan(50);
  }

  @Test
  void peersOfASubnetCountOnceAndThoseOfToldHostsNotAtAll() {
    Random random = new Random(10);
    int subnets = 0;
    for (int run = 0; run < 15; run++) {
      int threshold = 20 + random.nextInt(30);
      DetectorConfig rule =
          rollup(ADDRESSES, 1)
              .distinct("dst")
              .spreaders(new Spreaders(threshold, 0, null, 0))
              .build();
      WindowOf window = new WindowOf(rule);
      Map<String, Set<Integer>> truth = new HashMap<>();
      for (int i = 0; i < 1_500; i++) {
        String key = someIpv4(random);
        int peer = random.nextInt(random.nextInt(4) == 0 ? 60 : 400);
        boolean scanner = bits(key).hashCode() % 17 == 0;
        for (int more = 0; more < (scanner ? 5 : 1); more++) {
          window.add(key, 1, Map.of("dst", Integer.toString(peer + more)));
          truth.computeIfAbsent(bits(key), none -> new HashSet<>()).add(peer + more);
        }
      }
      Map<String, Finding> told = new HashMap<>();
      for (Finding finding : window.judge().of(SUPERSPREADER).listed) {
        told.put(bits(name(finding)), finding);
        subnets += finding.prefix ? 1 : 0;
      }
      Set<String> places = new TreeSet<>(truth.keySet());
      ADDRESSES.ipv4().forEach(length -> places.addAll(prefixes(truth.keySet(), length)));
      places.addAll(told.keySet());
      for (String place : places) {
        Set<Integer> all = peers(truth, place);
        Set<Integer> rest = new HashSet<>(all);
        told.keySet().stream()
            .filter(other -> other.startsWith(place) && !other.equals(place))
            .forEach(other -> rest.removeAll(peers(truth, other)));
        Finding finding = told.get(place);
        if (finding == null) {
          assertThat(rest.size()).as(place).isLessThan(threshold);
        } else {
          assertThat((long) all.size()).isBetween(finding.actualLower, finding.actualUpper);
          assertThat(finding.certain && rest.size() < threshold).isFalse();
        }
      }
    }
    assertThat(subnets).isGreaterThan(20);
  }

  private static Set<Integer> peers(Map<String, Set<Integer>> truth, String prefix) {
    return truth.entrySet().stream()
        .filter(key -> key.getKey().startsWith(prefix))
        .flatMap(key -> key.getValue().stream())
        .collect(Collectors.toSet());
  }

  @Test
  void aFloodOverASubnetIsOneFindingWithItsSpreadAndItsContributors() {
    DetectorConfig rule =
        rollup(ADDRESSES, 50_000)
            .also(new Also(null, List.of("src"), 10_000))
            .contributors(3, "dport", "src")
            .build();
    WindowOf window = new WindowOf(rule);
    Random random = new Random(11);
    for (int source = 0; source < 200_000; source++) {
      String src = "source" + source;
      String port = source % 10 < 6 ? "80" : source % 10 < 9 ? "443" : "53";
      window.add("203.0.113." + random.nextInt(256), 1, Map.of("src", src, "dport", port));
      if (source % 4 == 0) {
        // As much again to the world, from few.
        String peer = "172." + random.nextInt(250) + "." + random.nextInt(100) + ".1";
        window.add(peer, 1, Map.of("src", "client" + random.nextInt(50), "dport", "443"));
      }
    }
    SliceFindings found = window.judge();
    assertThat(names(found, HEAVY_HITTER)).containsExactly("203.0.113.0/24");
    Finding flood = found.of(HEAVY_HITTER).listed[0];
    assertThat(flood.prefix).isTrue();
    assertThat(flood.certain).isTrue();
    assertThat(200_000L).isBetween(flood.actualLower, flood.actualUpper);
    assertThat(200_000L).isBetween(flood.also[0].lower, flood.also[0].upper);
    assertThat(flood.also[0].lower).isGreaterThan(190_000);
    assertThat(flood.also[0].threshold).isEqualTo(10_000);

    Finding.ContributorField ports = flood.contributors[0];
    assertThat(ports.field).isEqualTo("dport");
    assertThat(List.of(ports.entries).stream().map(entry -> entry.value))
        .containsExactly("80", "443", "53");
    assertThat(List.of(ports.entries).stream().map(entry -> entry.amount))
        .containsExactly(120_000L, 60_000L, 20_000L);
    assertThat(ports.remainder).isZero();
    Finding.ContributorField sources = flood.contributors[1];
    long listed = 0;
    for (Finding.Contributor source : sources.entries) {
      assertThat(1L).isBetween(source.lower, source.upper);
      listed += source.amount;
    }
    assertThat(sources.remainder).isEqualTo(flood.actual - listed).isGreaterThan(190_000);
    assertThat(sources.remainderUpper).isBetween(199_990L, 200_000L);
  }

  @Test
  void aMeasureThatTheLongerPrefixMayNotReachKeepsTheShorter() {
    DetectorConfig rule = rollup(ADDRESSES, 60).also(new Also(null, List.of("src"), 70)).build();
    WindowOf window = new WindowOf(rule);
    for (int host = 64; host < 128; host++) {
      window.add("198.51.100." + host, 1, Map.of("src", "a" + host));
    }
    for (int i = 0; i < 10; i++) {
      window.add("198.51.100.200", 1, Map.of("src", "b" + i));
    }
    Finding subnet = window.judge().of(HEAVY_HITTER).listed[0];
    assertThat(name(subnet)).isEqualTo("198.51.100.0/24");
    assertThat(subnet.also[0].lower).isEqualTo(74);
  }

  @Test
  void allowedHostsExplainTheirSubnetsAndGroupsOfHostsDoToo() {
    Detectors rule = rollup(ADDRESSES, 100);
    Allow hosts = new Allow("key", List.of("198.51.100.0/28"), List.of());
    WindowOf allowed = new WindowOf(rule.allow(hosts).build());
    allowed.add("198.51.100.7", 500).add("198.51.100.99", 99);
    SliceFindings found = allowed.judge();
    assertThat(found.of(HEAVY_HITTER).count).isZero();
    assertThat(found.allowed).isEqualTo(1);

    KeyGroup more = new KeyGroup(List.of(hosts), new Hitters(1_000, null), null, null);
    WindowOf grouped = new WindowOf(rule.allow().overrides(more).build());
    grouped.add("198.51.100.7", 500).add("198.51.100.99", 99);
    assertThat(grouped.judge().of(HEAVY_HITTER).count).isZero();
    assertThat(grouped.add("198.51.100.7", 500).judge().of(HEAVY_HITTER).count).isEqualTo(1);
  }

  @Test
  void aPrefixIsAllowedWhenAllOfItIs() {
    Detectors rule = rollup(ADDRESSES, 100);
    for (Map.Entry<String, Integer> list :
        Map.of("198.51.0.0/16", 0, "198.51.100.0/24", 0, "198.51.100.0/25", 1).entrySet()) {
      Allow subnet = new Allow("key", List.of(list.getKey()), List.of());
      WindowOf window = new WindowOf(rule.allow(subnet).build());
      for (int host = 0; host < 256; host++) {
        window.add("198.51.100." + host);
      }
      assertThat(window.judge().of(HEAVY_HITTER).count)
          .as(list.getKey())
          .isEqualTo(list.getValue().longValue());
    }
  }

  @Test
  void keysThatAreNoAddressesStandAlone() {
    WindowOf window = new WindowOf(rollup(ADDRESSES, 100).build());
    window.add("printer", 100).add("scanner", 99).add("::ffff:198.51.100.1", 99);
    window.add("198.51.100.2", 1);
    assertThat(names(window.judge(), HEAVY_HITTER))
        .containsExactlyInAnyOrder("printer", "198.51.100.0/30");
  }
}
