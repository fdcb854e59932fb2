package dev.atalaya.job.detect;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.config.DetectorConfig.Rollup;
import dev.atalaya.job.match.IpAddresses;
import dev.atalaya.sketch.KeyHash;
import dev.atalaya.sketch.KeySummary;
import dev.atalaya.sketch.SpreadSketch;
import dev.atalaya.sketch.WeightSummary;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A window of a detector with one key field, event by event: the short way round the fold. */
final class WindowOf {

  static final KeyHash HASH = new KeyHash(1, 2);

  private final DetectorConfig detector;
  private final WindowSummaries summaries;
  private long events;

  WindowOf(DetectorConfig detector) {
    this.detector = detector;
    SummaryPlan plan = SummaryPlan.of(detector);
    summaries =
        new WindowSummaries(plan.newKeys(HASH.fingerprint()), plan.newMore(HASH.fingerprint()));
  }

  /** An event of which only the key matters. */
  WindowOf add(String key) {
    return add(key, 1, Map.of());
  }

  WindowOf add(String key, long weight) {
    return add(key, weight, Map.of());
  }

  /**
   * @param weight by the detector's measure; nothing of distinct peers
   * @param fields all other fields
   */
  WindowOf add(String key, long weight, Map<String, String> fields) {
    events++;
    byte[] bytes = key.getBytes(UTF_8);
    List<byte[]> prefixes = detector.rollup() == null ? List.of() : prefixes(bytes);
    put(summaries.keys(), bytes, weight, detector.distinct(), fields);
    SummaryPlan plan = SummaryPlan.of(detector);
    for (byte[] prefix : prefixes) {
      put(plan.prefixes(summaries.more()), prefix, weight, detector.distinct(), fields);
    }
    for (int i = 0; i < detector.also().size(); i++) {
      DetectorConfig.Also also = detector.also().get(i);
      long amount = also.weight() == null ? 1 : Long.parseLong(fields.get(also.weight()));
      put(plan.also(summaries.more(), i), bytes, amount, also.distinct(), fields);
      for (byte[] prefix : prefixes) {
        put(plan.also(summaries.more(), i), prefix, amount, also.distinct(), fields);
      }
    }
    List<String> contributors =
        detector.contributors() == null ? List.of() : detector.contributors().fields();
    for (int i = 0; i < contributors.size(); i++) {
      byte[] pair = new byte[bytes.length + 100];
      int end = KeyBytes.putLength(bytes.length, pair, 0);
      System.arraycopy(bytes, 0, pair, end, bytes.length);
      byte[] value = fields.get(contributors.get(i)).getBytes(UTF_8);
      System.arraycopy(value, 0, pair, end + bytes.length, value.length);
      put(
          plan.contributors(summaries.more(), i),
          Arrays.copyOf(pair, end + bytes.length + value.length),
          weight,
          List.of(),
          fields);
    }
    return this;
  }

  private static void put(
      KeySummary summary,
      byte[] key,
      long weight,
      List<String> distinct,
      Map<String, String> fields) {
    if (summary instanceof SpreadSketch peers) {
      ByteArrayOutputStream peer = new ByteArrayOutputStream();
      distinct.forEach(field -> peer.writeBytes((fields.get(field) + "\n").getBytes(UTF_8)));
      peers.add(HASH.hash(key), HASH.hash(peer.toByteArray()), key, 0, key.length);
    } else {
      ((WeightSummary) summary).update(HASH, key, weight);
    }
  }

  private List<byte[]> prefixes(byte[] key) {
    Rollup rollup = detector.rollup();
    List<byte[]> prefixes = new ArrayList<>();
    IpAddresses address = new IpAddresses();
    if (rollup.path() > 0) {
      for (int at = 1; at < key.length && prefixes.size() < rollup.path(); at++) {
        if (key[at] == '/') {
          prefixes.add(marked(key, at + 1));
        }
      }
    } else if (address.read(key, 0, key.length)) {
      for (int length : address.isIpv4() ? rollup.ipv4() : rollup.ipv6()) {
        byte[] text = new byte[IpAddresses.MAX_PREFIX_LENGTH];
        prefixes.add(marked(text, address.writePrefix(length, text, 0)));
      }
    }
    return prefixes;
  }

  private static byte[] marked(byte[] text, int length) {
    byte[] prefix = new byte[1 + length];
    prefix[0] = KeyBytes.PREFIX_MARK;
    System.arraycopy(text, 0, prefix, 1, length);
    return prefix;
  }

  KeySummary keys() {
    return summaries.keys();
  }

  /** What the rules find, without a window before. */
  SliceFindings judge() {
    return judge(null, 0);
  }

  /**
   * @param before null for none
   */
  SliceFindings judge(WindowOf before, long startMillis) {
    SliceFindings result = new SliceFindings();
    result.startMillis = startMillis;
    result.events = events;
    result.total = summaries.keys().total();
    result.baselineTotal = before == null ? 0 : before.keys().total();
    new WindowComparison(detector)
        .compare(summaries, before == null ? null : before.summaries, result);
    return result;
  }

  /** As {@link #judge()}, by another expectation of keys. */
  SliceFindings judge(Expectation expected) {
    SliceFindings result = new SliceFindings();
    result.total = summaries.keys().total();
    new WindowComparison(detector).compare(summaries, expected, null, List.of(), result);
    return result;
  }

  /** The text of a finding's key, without the mark of a prefix. */
  static String name(Finding finding) {
    int from = finding.prefix ? 1 : 0;
    return new String(finding.key, from, finding.key.length - from, UTF_8);
  }

  static List<String> names(SliceFindings found, Finding.Kind kind) {
    return Arrays.stream(found.of(kind).listed).map(WindowOf::name).toList();
  }
}
