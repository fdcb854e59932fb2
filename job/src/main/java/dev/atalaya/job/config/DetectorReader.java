package dev.atalaya.job.config;

import dev.atalaya.job.config.DetectorConfig.Changers;
import dev.atalaya.job.config.DetectorConfig.Condition;
import dev.atalaya.job.config.DetectorConfig.Hitters;
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
  private static final long MAX_WEIGHT = 1_000_000_000_000_000_000L - 1;

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

  static List<DetectorConfig> read(Section root, FormatConfig format) {
    long window = root.duration("window", "10s", MIN_WINDOW, MAX_WINDOW);
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
      if (detector.weight() != null) {
        Boolean signed = signedWeights.putIfAbsent(detector.weight(), detector.signed());
        if (signed != null && signed != detector.signed()) {
          section.problem(
              "weight",
              "'"
                  + Printable.escape(detector.weight())
                  + "' is signed in one detector and not in another; make both the same");
        }
      }
      detectors.add(detector);
    }
    return List.copyOf(detectors);
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
    List<Condition> filter = filter(section, format);
    long ownWindow = section.duration("window", null, MIN_WINDOW, MAX_WINDOW);
    DetectorConfig detector =
        new DetectorConfig(
            name,
            key,
            weight,
            signed,
            List.of(),
            filter,
            ownWindow == 0 ? window : ownWindow,
            section.duration("lateness", "0s", "0s", "1d"),
            section.size("memory", "1mb", "1kb", "1gb"),
            section.wholeInt("slices", "1", 1, 128),
            List.of(),
            null,
            null,
            DetectorConfig.Baseline.PREVIOUS,
            section.wholeInt("max-alerts", "100", 1, 1_000_000),
            hitters(section),
            changers(section),
            null,
            null,
            null,
            null,
            List.of(),
            List.of(),
            List.of(),
            section.choice("category", null, CATEGORIES));
    if (!section.has("hitters") && !section.has("changers")) {
      section.problem("give 'hitters' or 'changers', or there is nothing to alert about");
    }
    section.close();
    return detector;
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

  private static Hitters hitters(Section detector) {
    Section section = detector.section("hitters");
    Hitters hitters =
        new Hitters(
            section.whole("count", null, 1, MAX_WEIGHT),
            section.value("share", null, Units::parseShare));
    section.close();
    if (detector.has("hitters") && !section.has("count") && !section.has("share")) {
      section.problem("give 'count', 'share' or both");
    }
    return detector.has("hitters") ? hitters : null;
  }

  private static Changers changers(Section detector) {
    Section section = detector.section("changers");
    Double ratio = section.value("ratio", null, DetectorReader::ratio);
    Changers changers =
        new Changers(
            section.whole("delta", null, 1, MAX_WEIGHT),
            section.value("share", null, Units::parseShare),
            ratio == null ? 0 : ratio,
            null,
            0);
    section.close();
    if (detector.has("changers")
        && !section.has("delta")
        && !section.has("share")
        && !section.has("ratio")) {
      section.problem("give 'delta', 'share' or 'ratio'");
    }
    return detector.has("changers") ? changers : null;
  }

  private static double ratio(String text) {
    if (!text.matches("\\d{1,9}(\\.\\d{1,9})?")) {
      throw new IllegalArgumentException("is no number such as 2 or 1.5");
    }
    double ratio = Double.parseDouble(text);
    if (ratio <= 1) {
      throw new IllegalArgumentException("must be above 1: 2 means doubled or halved");
    }
    return ratio;
  }
}
