package dev.atalaya.job.config;

import dev.atalaya.job.config.DetectorConfig.Changers;
import dev.atalaya.job.config.DetectorConfig.Condition;
import dev.atalaya.job.config.DetectorConfig.Contributors;
import dev.atalaya.job.config.DetectorConfig.KeyGroup;
import dev.atalaya.job.config.DetectorConfig.Spreaders;
import dev.atalaya.sketch.SpreadSketch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads {@code window} and {@code detectors}. */
final class DetectorReader {

  private static final String MIN_WINDOW = "100ms";
  private static final String MAX_WINDOW = "7d";
  private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
  private static final int MAX_NAME = 64;
  private static final int MAX_CONTRIBUTORS = 4;

  /** The categories of the Elastic Common Schema. */
  private static final Map<String, String> CATEGORIES =
      Stream.of(
              "api",
              "authentication",
              "configuration",
              "database",
              "driver",
              "email",
              "file",
              "host",
              "iam",
              "intrusion_detection",
              "library",
              "malware",
              "network",
              "package",
              "process",
              "registry",
              "session",
              "threat",
              "vulnerability",
              "web")
          .collect(Collectors.toUnmodifiableMap(Function.identity(), Function.identity()));

  private DetectorReader() {}

  /** The window of a detector that names none, in milliseconds. */
  static long window(Section root) {
    return root.duration("window", "10s", MIN_WINDOW, MAX_WINDOW);
  }

  static List<DetectorConfig> detectors(Section root, long window, FormatConfig format) {
    List<DetectorConfig> detectors = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Map<String, Boolean> signedWeights = new HashMap<>();
    List<Section> sections = root.sections("detectors");
    if (!root.has("detectors")) {
      root.problem("detectors", "give at least one, such as - { name: top, key: [src], … }");
    }
    for (Section section : sections) {
      DetectorConfig detector = detector(section, window, format);
      if (detector.name() != null && !names.add(detector.name())) {
        section.problem("name", "there is a detector '" + detector.name() + "' already; rename it");
      }
      checkSign(section, "weight", detector.weight(), detector.signed(), signedWeights);
      detector.also().forEach(a -> checkSign(section, "and", a.weight(), false, signedWeights));
      detectors.add(detector);
    }
    return List.copyOf(detectors);
  }

  /** What decode rejects in a field, it rejects for all who read it. */
  private static void checkSign(
      Section section, String key, String weight, boolean signed, Map<String, Boolean> signs) {
    if (weight != null && Boolean.valueOf(!signed).equals(signs.putIfAbsent(weight, signed))) {
      section.problem(
          key,
          "'"
              + Printable.escape(weight)
              + "' is signed in one detector and not in another; make both the same");
    }
  }

  private static DetectorConfig detector(Section section, long window, FormatConfig format) {
    String name = section.required("name", DetectorReader::name);
    List<String> key = section.requiredTexts("key");
    checkKey(section, key, format);
    String weight = section.text("weight", null);
    if (weight != null) {
      FieldNames.checkNumber(section, "weight", weight, format);
    }
    boolean signed = section.flag("signed", false);
    if (signed && !section.has("weight")) {
      section.problem("signed", "has no effect without 'weight'; remove it");
    }
    List<String> distinct = section.texts("distinct");
    ThresholdReader.checkPeers(section, distinct, format);
    List<Condition> filter = filter(section, format);
    long ownWindow = section.duration("window", null, MIN_WINDOW, MAX_WINDOW);
    long windowMillis = ownWindow == 0 ? window : ownWindow;
    ThresholdReader thresholds = new ThresholdReader(format, windowMillis);
    AllowReader lists = new AllowReader(format);
    Changers changers = thresholds.changers(section);
    Spreaders spreaders = thresholds.spreaders(section);
    List<KeyGroup> overrides = lists.overrides(section, key, weight, thresholds);
    boolean isLearned =
        isLearned(changers, spreaders)
            || overrides.stream().anyMatch(one -> isLearned(one.changers(), one.spreaders()));
    DetectorConfig detector =
        new DetectorConfig(
            name,
            key,
            weight,
            signed,
            distinct,
            filter,
            windowMillis,
            section.duration("lateness", "0s", "0s", "1d"),
            section.size("memory", "1mb", "1kb", "1gb"),
            section.wholeInt("slices", "1", 1, 128),
            thresholds.also(section),
            RollupReader.rollup(section, key, format),
            contributors(section, format),
            BaselineReader.baseline(section, windowMillis, isLearned),
            section.wholeInt("max-alerts", "100", 1, 1_000_000),
            thresholds.hitters(section, weight),
            changers,
            spreaders,
            thresholds.firstSeen(section),
            BaselineReader.signals(section),
            BaselineReader.episodes(section),
            lists.allow(section),
            overrides,
            BaselineReader.sleep(section),
            section.choice("category", null, CATEGORIES));
    checkTogether(section, detector);
    section.close();
    return detector;
  }

  private static void checkTogether(Section section, DetectorConfig detector) {
    boolean isSpread = section.has("distinct");
    if (isSpread) {
      section.refuse("weight", "give either 'weight' or 'distinct'");
      section.refuse("hitters", "distinct values have 'spreaders' instead");
    } else {
      section.refuse("spreaders", "need 'distinct': the fields whose values are counted");
    }
    if (List.of("hitters", "changers", "spreaders", "first-seen", "signals").stream()
        .noneMatch(section::has)) {
      section.problem(
          "give 'hitters', 'changers', 'spreaders', 'first-seen' or 'signals', or there is nothing"
              + " to alert about");
    }
    if (detector.signed() && (section.has("and") || section.has("first-seen"))) {
      section.problem("signed", "does not go with 'and' and 'first-seen'");
    }
    if (detector.signed() && detector.signals() != null && detector.signals().entropy() != null) {
      section.problem("signed", "does not go with 'signals.entropy': a key may add up to nothing");
    }
    boolean hasPeers =
        isSpread || detector.also().stream().anyMatch(also -> !also.distinct().isEmpty());
    if (hasPeers && detector.memoryBytes() < SpreadSketch.MIN_MEMORY_BYTES) {
      section.problem("memory", "must be at least 4kb for distinct values");
    }
    boolean ofTotal =
        isOfTotal(detector.changers())
            || detector.overrides().stream().anyMatch(one -> isOfTotal(one.changers()));
    if (isSpread && ofTotal && detector.slices() > 1) {
      section.problem("slices", "does not go with 'changers.share' of distinct values");
    }
    if (detector.rollup() != null && detector.slices() > 1) {
      section.problem("slices", "does not go with 'rollup': a prefix and its keys meet in one");
    }
  }

  private static boolean isLearned(Changers changers, Spreaders spreaders) {
    return (changers != null && changers.sensitivity() != null)
        || (spreaders != null && spreaders.sensitivity() != null);
  }

  private static boolean isOfTotal(Changers changers) {
    return changers != null && changers.share() != null;
  }

  private static String name(String text) {
    if (text.length() > MAX_NAME || !NAME.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "is no name: use up to 64 small letters, digits and single '-', such as top-sources");
    }
    return text;
  }

  private static void checkKey(Section section, List<String> key, FormatConfig format) {
    if (key.size() > DetectorConfig.MAX_KEY_FIELDS) {
      section.problem(
          "key", "has " + key.size() + " fields; at most " + DetectorConfig.MAX_KEY_FIELDS);
    }
    for (String field : key) {
      FieldNames.check(section, "key", field, format);
    }
  }

  private static List<Condition> filter(Section detector, FormatConfig format) {
    Section section = detector.section("filter");
    section.know("<field>");
    List<Condition> conditions = new ArrayList<>();
    for (String field : section.writtenKeys()) {
      FieldNames.check(section, field, field, format);
      conditions.add(section.condition(field));
    }
    return List.copyOf(conditions);
  }

  private static Contributors contributors(Section detector, FormatConfig format) {
    Section section = detector.section("contributors");
    List<String> fields =
        detector.has("contributors") ? section.requiredTexts("fields") : section.texts("fields");
    fields.forEach(field -> FieldNames.check(section, "fields", field, format));
    if (fields.size() > MAX_CONTRIBUTORS) {
      section.problem("fields", "has " + fields.size() + "; at most " + MAX_CONTRIBUTORS);
    }
    int top = section.wholeInt("top", "5", 1, 100);
    section.close();
    return detector.has("contributors") ? new Contributors(fields, top) : null;
  }
}
