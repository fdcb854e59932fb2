package dev.atalaya.job.config;

import dev.atalaya.job.config.DetectorConfig.Also;
import dev.atalaya.job.config.DetectorConfig.Changers;
import dev.atalaya.job.config.DetectorConfig.FirstSeen;
import dev.atalaya.job.config.DetectorConfig.Hitters;
import dev.atalaya.job.config.DetectorConfig.Sensitivity;
import dev.atalaya.job.config.DetectorConfig.Spreaders;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads from which value on a key of one detector is worth an alert: {@code hitters}, {@code
 * changers}, {@code spreaders}, {@code first-seen} and {@code and}.
 */
final class ThresholdReader {

  /** So many, and a sketch is never asked for a weight it cannot hold. */
  private static final long MAX_WEIGHT = 1_000_000_000_000_000_000L - 1;

  private static final long LEARNED_MIN = 10;
  private static final int MAX_ALSO = 4;

  static final Map<String, Sensitivity> SENSITIVITIES =
      Arrays.stream(Sensitivity.values())
          .collect(Collectors.toUnmodifiableMap(FieldNames::kebab, level -> level));

  private static final Pattern RATE =
      Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?) ?(|[kmg]?bit)/([smh])");

  private static final Map<String, Long> BITS =
      Map.of("bit", 1L, "kbit", 1_000L, "mbit", 1_000_000L, "gbit", 1_000_000_000L);

  private static final Map<String, Long> SECONDS = Map.of("s", 1L, "m", 60L, "h", 3600L);

  private final FormatConfig format;
  private final long windowMillis;

  /**
   * @param windowMillis of the detector, to turn a rate into what a window adds up
   */
  ThresholdReader(FormatConfig format, long windowMillis) {
    this.format = format;
    this.windowMillis = windowMillis;
  }

  Hitters hitters(Section detector, String weight) {
    Section section = detector.section("hitters");
    Hitters hitters =
        new Hitters(count(section, weight), section.value("share", null, Units::parseShare));
    section.close();
    needsOneOf(detector, "hitters", section, "count", "rate", "share");
    return detector.has("hitters") ? hitters : null;
  }

  Changers changers(Section detector) {
    Section section = detector.section("changers");
    Sensitivity sensitivity = sensitivity(section);
    Changers changers =
        new Changers(
            section.whole("delta", null, 1, MAX_WEIGHT),
            section.value("share", null, Units::parseShare),
            ratio(section),
            sensitivity,
            min(section, sensitivity));
    section.close();
    needsOneOf(detector, "changers", section, "delta", "share", "ratio", "sensitivity");
    return detector.has("changers") ? changers : null;
  }

  Spreaders spreaders(Section detector) {
    Section section = detector.section("spreaders");
    Sensitivity sensitivity = sensitivity(section);
    Spreaders spreaders =
        new Spreaders(
            section.whole("count", null, 1, MAX_WEIGHT),
            ratio(section),
            sensitivity,
            min(section, sensitivity));
    section.close();
    needsOneOf(detector, "spreaders", section, "count", "ratio", "sensitivity");
    return detector.has("spreaders") ? spreaders : null;
  }

  FirstSeen firstSeen(Section detector) {
    Section section = detector.section("first-seen");
    FirstSeen firstSeen =
        new FirstSeen(
            section.whole("count", "1", 1, MAX_WEIGHT),
            section.duration("remember", "7d", "1m", "366d"),
            section.whole("keys", "100000", 1000, 100_000_000));
    section.close();
    return detector.has("first-seen") ? firstSeen : null;
  }

  List<Also> also(Section detector) {
    List<Also> measures = new ArrayList<>();
    for (Section section : detector.sections("and")) {
      String weight = section.text("weight", null);
      if (weight != null) {
        FieldNames.checkNumber(section, "weight", weight, format);
      }
      List<String> distinct = section.texts("distinct");
      checkPeers(section, distinct, format);
      if (weight != null && !distinct.isEmpty()) {
        section.problem("distinct", "give either 'weight' or 'distinct'");
      }
      measures.add(new Also(weight, distinct, count(section, weight)));
      section.close();
      if (!section.has("count") && !section.has("rate")) {
        section.problem("give 'count' or 'rate'");
      }
    }
    if (measures.size() > MAX_ALSO) {
      detector.problem("and", "has " + measures.size() + " measures; at most " + MAX_ALSO);
    }
    return List.copyOf(measures);
  }

  static void checkPeers(Section section, List<String> distinct, FormatConfig format) {
    distinct.forEach(field -> FieldNames.check(section, "distinct", field, format));
    if (distinct.size() > DetectorConfig.MAX_KEY_FIELDS) {
      section.problem(
          "distinct",
          "has " + distinct.size() + " fields; at most " + DetectorConfig.MAX_KEY_FIELDS);
    }
  }

  /** A count for each window, or a rate, which is one too. */
  private long count(Section section, String weight) {
    long count = section.whole("count", null, 1, MAX_WEIGHT);
    Long ofRate = section.value("rate", null, text -> countOfRate(text, weight));
    if (section.has("count") && section.has("rate")) {
      section.problem("rate", "give either 'count' or 'rate'");
    }
    return ofRate == null ? count : ofRate;
  }

  private long countOfRate(String text, String weight) {
    Matcher matcher = RATE.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("is no rate: write 100/s, 6000/m or, of bytes, 100mbit/s");
    }
    BigDecimal perWindow =
        new BigDecimal(matcher.group(1))
            .multiply(BigDecimal.valueOf(windowMillis))
            .divide(
                BigDecimal.valueOf(1000 * SECONDS.get(matcher.group(3))), 9, RoundingMode.CEILING);
    if (!matcher.group(2).isEmpty()) {
      if (weight == null) {
        throw new IllegalArgumentException("is in bits and needs a 'weight' of bytes");
      }
      perWindow =
          perWindow
              .multiply(BigDecimal.valueOf(BITS.get(matcher.group(2))))
              .divide(BigDecimal.valueOf(8), 9, RoundingMode.CEILING);
    }
    BigDecimal count = perWindow.setScale(0, RoundingMode.CEILING);
    if (count.signum() == 0 || count.compareTo(BigDecimal.valueOf(MAX_WEIGHT)) > 0) {
      throw new IllegalArgumentException("is " + count + " in a window; 1 to " + MAX_WEIGHT);
    }
    return count.longValueExact();
  }

  private static double ratio(Section section) {
    Double ratio = section.value("ratio", null, ThresholdReader::ratio);
    return ratio == null ? 0 : ratio;
  }

  static double ratio(String text) {
    if (!text.matches("\\d{1,9}(\\.\\d{1,9})?")) {
      throw new IllegalArgumentException("is no number such as 2 or 1.5");
    }
    double ratio = Double.parseDouble(text);
    if (ratio <= 1) {
      throw new IllegalArgumentException("must be above 1: 2 means doubled or halved");
    }
    return ratio;
  }

  /** A key of a handful of events is never unusual, unless someone asks for it. */
  private static long min(Section section, Sensitivity sensitivity) {
    long min = section.whole("min", null, 1, MAX_WEIGHT);
    return min == 0 && sensitivity != null ? LEARNED_MIN : min;
  }

  private static Sensitivity sensitivity(Section section) {
    return section.choice("sensitivity", null, SENSITIVITIES);
  }

  private static void needsOneOf(Section detector, String kind, Section section, String... keys) {
    if (detector.has(kind) && Arrays.stream(keys).noneMatch(section::has)) {
      section.problem("give '" + String.join("', '", keys) + "' or several of them");
    }
  }
}
