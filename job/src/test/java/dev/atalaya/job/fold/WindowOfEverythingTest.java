package dev.atalaya.job.fold;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.job.Detectors;
import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.config.DetectorConfig.Allow;
import dev.atalaya.job.config.DetectorConfig.Also;
import dev.atalaya.job.config.DetectorConfig.Condition;
import dev.atalaya.job.config.DetectorConfig.Rollup;
import dev.atalaya.job.decode.DecodedRecord;
import dev.atalaya.job.decode.FieldPlan;
import dev.atalaya.job.detect.KeyBytes;
import dev.atalaya.job.detect.SummaryPlan;
import dev.atalaya.job.window.Partial;
import dev.atalaya.job.window.PartialSerializer;
import dev.atalaya.job.window.WindowSketch;
import dev.atalaya.sketch.KeySummary;
import dev.atalaya.sketch.SpreadSketch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All summaries of windows, folded by several tasks and merged, against counting one by one. */
class WindowOfEverythingTest {

  private static final byte[] SEED = "0123456789abcdef".getBytes(UTF_8);

  /** So that every summary is exact. */
  private static final long ENOUGH = 1 << 19;

  private static final Rollup NETWORKS = new Rollup(List.of(8, 16, 24), List.of(32, 48), 0);
  private static final Rollup SUB_TREES = new Rollup(List.of(), List.of(), 2);

  /** One event; absent fields are null, an absent number is 0. */
  private record Event(
      long time, String src, String dst, String port, String path, long bytes, long packets) {

    String text(String field) {
      return switch (field) {
        case "src" -> src;
        case "dst" -> dst;
        case "port" -> port;
        case "path" -> path;
        default -> throw new IllegalArgumentException(field);
      };
    }

    long number(String field) {
      return field == null ? 1 : field.equals("bytes") ? bytes : packets;
    }
  }

  private static List<Event> events(int count, long seed) {
    Random random = new Random(seed);
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int host = (int) Math.abs(random.nextGaussian() * 60);
      events.add(
          new Event(
              random.nextInt(30),
              host % 7 == 0
                  ? "2001:db8:" + host % 3 + "::" + host
                  : "10." + host % 3 + ".0." + host,
              random.nextInt(9) == 0 ? null : "192.0.2." + random.nextInt(40),
              random.nextInt(7) == 0 ? null : String.valueOf(random.nextInt(20)),
              random.nextInt(20) == 0 ? null : "/a/" + host % 4 + "/" + host % 5 + "/x?y=/z/",
              random.nextInt(1_000),
              random.nextInt(5) - 2));
    }
    return events;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void everySummaryIsExactWhateverTheTasksAndFlushes(int tasks) throws Exception {
    List<DetectorConfig> detectors =
        List.of(
            Detectors.named("weight")
                .memory(ENOUGH)
                .key("src")
                .weight("bytes")
                .rollup(NETWORKS)
                .also(
                    new Also(null, List.of(), 1),
                    new Also(null, List.of("dst", "port"), 1),
                    new Also("bytes", List.of(), 1))
                .contributors(3, "dst", "port")
                .build(),
            Detectors.named("spread")
                .memory(ENOUGH)
                .key("src")
                .distinct("dst", "port")
                .rollup(NETWORKS)
                .also(new Also("bytes", List.of(), 1), new Also(null, List.of("path"), 1))
                .contributors(3, "port")
                .build(),
            Detectors.named("path").memory(ENOUGH).key("path").rollup(SUB_TREES).build(),
            Detectors.named("signed")
                .memory(ENOUGH)
                .key("src", "dst")
                .weight("packets")
                .signed(true)
                .also(new Also("packets", List.of(), 1), new Also(null, List.of("port"), 1))
                .contributors(3, "port")
                .slices(3)
                .build(),
            Detectors.named("sliced").memory(ENOUGH).key("dst").distinct("src").slices(4).build(),
            Detectors.named("listed")
                .memory(ENOUGH)
                .key("src")
                .filter(new Condition("port", Set.of("7", "8"), true))
                .allow(
                    new Allow("dst", List.of("192.0.2.0/28", "192.0.2.3?"), List.of()),
                    new Allow("src", List.of("*"), List.of()))
                .build());
    List<Event> events = events(6_000, tasks);
    assertThat(folded(detectors, events, tasks)).isEqualTo(counted(detectors, events));
  }

  @Test
  void aFullSummaryOfPeersLeavesEarlySoThatEveryPartialIsExact() throws Exception {
    DetectorConfig detector =
        Detectors.named("d")
            .key("src")
            .distinct("port")
            .also(new Also(null, List.of(), 1))
            .contributors(3, "port")
            .memory(SpreadSketch.MIN_MEMORY_BYTES)
            .slices(2)
            .build();
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      // No pair comes twice, so the partials add up.
      events.add(new Event(i % 30, "10.0.0." + i % 4, null, String.valueOf(i), null, 1, 1));
    }
    List<Partial> partials = partials(List.of(detector), events, 1);
    // Three windows of two slices, had they waited.
    assertThat(partials).hasSizeGreaterThan(3 * 2);
    SummaryPlan plan = SummaryPlan.of(detector);
    Map<String, Long> peers = new TreeMap<>();
    long ofFirstSlice = 0;
    for (Partial partial : partials) {
      assertThat(partial.window().keys.isExact()).isTrue();
      values(partial.window().keys, 1).forEach((key, value) -> peers.merge(key, value, Long::sum));
      ofFirstSlice += partial.slice() == 0 ? partial.window().events : 0;
    }
    assertThat(ofFirstSlice).isEqualTo(3_000);
    assertThat(peers)
        .isEqualTo(Map.of("10.0.0.0", 750L, "10.0.0.1", 750L, "10.0.0.2", 750L, "10.0.0.3", 750L));
    long also = 0;
    for (WindowSketch window : merged(partials).values()) {
      also += plan.also(window.more, 0).total();
    }
    assertThat(also).isEqualTo(3_000);
  }

  // ---- folding ----

  private static Map<String, Map<String, Long>> folded(
      List<DetectorConfig> detectors, List<Event> events, int tasks) throws Exception {
    Map<String, Map<String, Long>> folded = new TreeMap<>();
    Map<String, WindowSketch> windows = merged(partials(detectors, events, tasks));
    for (DetectorConfig detector : detectors) {
      SummaryPlan plan = SummaryPlan.of(detector);
      windows.forEach(
          (name, window) -> {
            String[] parts = name.split(" ");
            if (!parts[0].equals(detector.stateId())) {
              return;
            }
            String prefix = detector.name() + " " + parts[2] + " ";
            put(folded, prefix + "totals", "events", window.events, Math::max);
            put(folded, prefix + "totals", "filtered", window.filtered, Math::max);
            put(folded, prefix + "totals", "total", window.total, Math::max);
            putAll(folded, prefix + "keys", values(window.keys, detector.key().size()));
            if (plan.prefixes(window.more) != null) {
              putAll(folded, prefix + "prefixes", values(plan.prefixes(window.more), 1));
            }
            for (int i = 0; i < detector.also().size(); i++) {
              Map<String, Long> also = values(plan.also(window.more, i), detector.key().size());
              putAll(folded, prefix + "also " + i, also);
            }
            for (int i = 0; detector.contributors() != null && i < fields(detector).size(); i++) {
              Map<String, Long> contributors =
                  values(
                      plan.contributors(window.more, i),
                      key -> contributor(key, detector.key().size()));
              putAll(folded, prefix + "contributors " + fields(detector).get(i), contributors);
            }
          });
    }
    return folded;
  }

  private static List<String> fields(DetectorConfig detector) {
    return detector.contributors().fields();
  }

  /** By detector, slice and window. */
  private static Map<String, WindowSketch> merged(List<Partial> partials) {
    Map<String, WindowSketch> windows = new LinkedHashMap<>();
    for (Partial partial : partials) {
      String name = partial.detector() + " " + partial.slice() + " " + partial.window().startMillis;
      WindowSketch whole = windows.putIfAbsent(name, partial.window());
      if (whole != null) {
        whole.merge(partial.window());
      }
    }
    return windows;
  }

  /** Event by event to one task after another; now and then one of them meets a barrier. */
  private static List<Partial> partials(
      List<DetectorConfig> detectors, List<Event> events, int tasks) throws Exception {
    FieldPlan plan = FieldPlan.of(detectors, Map.of());
    List<OneInputStreamOperatorTestHarness<DecodedRecord, Partial>> harnesses = new ArrayList<>();
    for (int task = 0; task < tasks; task++) {
      var harness =
          new OneInputStreamOperatorTestHarness<DecodedRecord, Partial>(
              new FoldOperator(detectors, plan, 0, SEED), tasks, tasks, task);
      harness.setup(new PartialSerializer());
      harness.open();
      harnesses.add(harness);
    }
    List<Partial> partials = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      var harness = harnesses.get(i % tasks);
      harness.processElement(new StreamRecord<>(record(events.get(i), plan)));
      if (i % 1_009 == 1_000) {
        harness.prepareSnapshotPreBarrier(i);
      }
    }
    for (var harness : harnesses) {
      harness.processWatermark(Long.MAX_VALUE);
      for (Partial partial : harness.extractOutputValues()) {
        partials.add(sent(partial));
      }
      harness.close();
    }
    return partials;
  }

  private static Partial sent(Partial partial) throws IOException {
    DataOutputSerializer bytes = new DataOutputSerializer(64);
    PartialSerializer serializer = new PartialSerializer();
    serializer.serialize(partial, bytes);
    return serializer.deserialize(new DataInputDeserializer(bytes.getCopyOfBuffer()));
  }

  private static DecodedRecord record(Event event, FieldPlan plan) {
    DecodedRecord record = plan.newRecord();
    record.timestampMillis(event.time());
    for (int slot = 0; slot < plan.textFields().size(); slot++) {
      String value = event.text(plan.textFields().get(slot).name());
      if (value != null) {
        byte[] bytes = value.getBytes(UTF_8);
        record.text(slot, bytes, 0, bytes.length);
      }
    }
    for (int slot = 0; slot < plan.numberFields().size(); slot++) {
      record.number(slot, event.number(plan.numberFields().get(slot).name()));
    }
    return record;
  }

  private static Map<String, Long> values(KeySummary summary, int fields) {
    return values(summary, key -> readable(key, fields));
  }

  private static Map<String, Long> values(KeySummary summary, Function<byte[], String> readable) {
    Map<String, Long> values = new TreeMap<>();
    summary.forEachCandidate(
        (hash, keys, offset, length, lower, upper) -> {
          assertThat(upper).isEqualTo(lower);
          String key = readable.apply(Arrays.copyOfRange(keys, offset, offset + length));
          assertThat(values.put(key, lower)).isNull();
        });
    // What adds up to nothing need not be kept.
    values.values().removeIf(value -> value == 0);
    return values;
  }

  private static String readable(byte[] key, int fields) {
    return KeyBytes.isPrefix(key, 0, key.length)
        ? "under " + new String(key, 1, key.length - 1, UTF_8)
        : String.join("|", CompositeKey.split(key, fields));
  }

  private static String contributor(byte[] bytes, int fields) {
    int from = KeyBytes.behindLength(bytes, 0);
    int to = from + KeyBytes.lengthAt(bytes, 0);
    String value = new String(bytes, to, bytes.length - to, UTF_8);
    return readable(Arrays.copyOfRange(bytes, from, to), fields) + " with " + value;
  }

  // ---- counting ----

  private static Map<String, Map<String, Long>> counted(
      List<DetectorConfig> detectors, List<Event> events) {
    Map<String, Map<String, Long>> counted = new TreeMap<>();
    Set<String> seen = new HashSet<>();
    for (DetectorConfig detector : detectors) {
      for (Event event : events) {
        count(detector, event, counted, seen);
      }
    }
    counted.values().forEach(values -> values.values().removeIf(value -> value == 0));
    counted.forEach(
        (name, values) -> {
          if (name.endsWith("totals")) {
            List.of("events", "filtered", "total").forEach(term -> values.putIfAbsent(term, 0L));
          }
        });
    return counted;
  }

  private static void count(
      DetectorConfig detector,
      Event event,
      Map<String, Map<String, Long>> counted,
      Set<String> seen) {
    String window = detector.name() + " " + event.time() / 10 * 10 + " ";
    String key = join(event, detector.key());
    boolean spread = !detector.distinct().isEmpty();
    if (key == null
        || (spread && join(event, detector.distinct()) == null)
        || (detector.name().equals("listed") && isListed(event))) {
      put(counted, window + "totals", "filtered", 1, Long::sum);
      return;
    }
    put(counted, window + "totals", "events", 1, Long::sum);
    long weight = spread ? 1 : event.number(detector.weight());
    put(counted, window + "totals", "total", spread ? 0 : Math.abs(weight), Long::sum);
    Also own = new Also(detector.weight(), detector.distinct(), 1);
    List<String> prefixes = detector.rollup() == null ? List.of() : prefixes(key);
    add(counted, window + "keys", List.of(key), own, event, seen);
    add(counted, window + "prefixes", prefixes, own, event, seen);
    for (int i = 0; i < detector.also().size(); i++) {
      List<String> keys = new ArrayList<>(prefixes);
      keys.add(key);
      add(counted, window + "also " + i, keys, detector.also().get(i), event, seen);
    }
    if (detector.contributors() != null) {
      for (String field : fields(detector)) {
        if (event.text(field) != null) {
          String contributor = key + " with " + event.text(field);
          put(counted, window + "contributors " + field, contributor, weight, Long::sum);
        }
      }
    }
  }

  private static void add(
      Map<String, Map<String, Long>> counted,
      String summary,
      List<String> keys,
      Also measure,
      Event event,
      Set<String> seen) {
    for (String key : keys) {
      if (measure.distinct().isEmpty()) {
        put(counted, summary, key, event.number(measure.weight()), Long::sum);
      } else {
        String peer = join(event, measure.distinct());
        if (peer != null && seen.add(summary + "/" + key + "/" + peer)) {
          put(counted, summary, key, 1, Long::sum);
        }
      }
    }
  }

  private static boolean isListed(Event event) {
    if (event.port() != null && Set.of("7", "8").contains(event.port())) {
      return true;
    }
    int host =
        event.dst() == null ? 99 : Integer.parseInt(event.dst().substring("192.0.2.".length()));
    return host < 16 || (host >= 30 && host < 40);
  }

  private static List<String> prefixes(String key) {
    if (key.startsWith("/a/")) {
      return List.of("under /a/", "under " + key.substring(0, 5));
    }
    if (key.startsWith("10.")) {
      String network = key.substring(0, 4);
      return List.of(
          "under 10.0.0.0/8", "under " + network + ".0.0/16", "under " + network + ".0.0/24");
    }
    String third = key.substring(9, 10);
    return List.of(
        "under 2001:db8::/32",
        third.equals("0") ? "under 2001:db8::/48" : "under 2001:db8:" + third + "::/48");
  }

  private static String join(Event event, List<String> fields) {
    List<String> values = new ArrayList<>();
    for (String field : fields) {
      if (event.text(field) == null) {
        return null;
      }
      values.add(event.text(field));
    }
    return String.join("|", values);
  }

  private static void put(
      Map<String, Map<String, Long>> all,
      String summary,
      String key,
      long value,
      BinaryOperator<Long> combine) {
    all.computeIfAbsent(summary, name -> new TreeMap<>()).merge(key, value, combine);
  }

  private static void putAll(
      Map<String, Map<String, Long>> all, String summary, Map<String, Long> values) {
    values.forEach(
        (key, value) ->
            assertThat(all.computeIfAbsent(summary, name -> new TreeMap<>()).put(key, value))
                .isNull());
  }
}
