package dev.atalaya.job.config;

import dev.atalaya.job.config.DetectorConfig.Baseline;
import dev.atalaya.job.config.DetectorConfig.BaselineKind;
import dev.atalaya.job.config.DetectorConfig.Episodes;
import dev.atalaya.job.config.DetectorConfig.Sensitivity;
import dev.atalaya.job.config.DetectorConfig.Signals;
import dev.atalaya.job.config.DetectorConfig.Sleep;
import java.time.DayOfWeek;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads what a detector knows beyond one window: {@code baseline}, {@code signals}, {@code
 * episodes} and {@code sleep}.
 */
final class BaselineReader {

  private static final Map<String, BaselineKind> KINDS =
      Map.of(
          "previous-window", BaselineKind.PREVIOUS_WINDOW,
          "moving-average", BaselineKind.MOVING_AVERAGE,
          "yesterday", BaselineKind.SAME_HOUR_YESTERDAY,
          "last-week", BaselineKind.SAME_HOUR_LAST_WEEK);

  /** Long enough for the spread of ordinary windows, short enough to follow a day. */
  private static final int DEFAULT_HALF_LIFE_WINDOWS = 12;

  private static final long HOUR_MILLIS = 3_600_000;
  private static final int DAY_MINUTES = 24 * 60;

  private static final Map<String, Boolean> NOTIFY = Map.of("changes", false, "every", true);

  private BaselineReader() {}

  /**
   * @param isLearned whether some threshold is learned
   */
  static Baseline baseline(Section detector, long windowMillis, boolean isLearned) {
    Section section = detector.section("baseline");
    BaselineKind kind = section.choice("kind", null, KINDS);
    if (kind == null) {
      kind = isLearned ? BaselineKind.MOVING_AVERAGE : BaselineKind.PREVIOUS_WINDOW;
    } else if (kind == BaselineKind.PREVIOUS_WINDOW && isLearned) {
      section.problem("kind", "a 'sensitivity' needs a learned baseline, such as moving-average");
    }
    long halfLife = section.duration("half-life", null, "100ms", "366d");
    Baseline baseline =
        new Baseline(
            kind,
            halfLife == 0 ? DEFAULT_HALF_LIFE_WINDOWS * windowMillis : halfLife,
            section.wholeInt("keys", "10000", 1, 1_000_000),
            section.wholeInt("warm-up", "12", 1, 100_000));
    boolean isSeasonal =
        kind == BaselineKind.SAME_HOUR_YESTERDAY || kind == BaselineKind.SAME_HOUR_LAST_WEEK;
    if (isSeasonal && windowMillis > HOUR_MILLIS) {
      section.problem("kind", "needs a window of at most 1h");
    }
    section.close();
    boolean isUsed = isLearned || detector.has("baseline") || detector.has("signals");
    return isUsed ? baseline : Baseline.PREVIOUS;
  }

  static Signals signals(Section detector) {
    Section section = detector.section("signals");
    Sensitivity total = level(section, "total");
    Sensitivity distinctKeys = level(section, "distinct-keys");
    Sensitivity entropy = level(section, "entropy");
    boolean silence = section.flag("silence", false);
    Signals signals =
        new Signals(
            total,
            distinctKeys,
            entropy,
            section.whole("min-events", "100", 1, Integer.MAX_VALUE),
            silence);
    section.close();
    if (detector.has("signals")
        && total == null
        && distinctKeys == null
        && entropy == null
        && !silence) {
      section.problem("give 'total', 'distinct-keys', 'entropy' or 'silence'");
    }
    return detector.has("signals") ? signals : null;
  }

  private static Sensitivity level(Section section, String key) {
    return section.choice(key, null, ThresholdReader.SENSITIVITIES);
  }

  static Episodes episodes(Section detector) {
    Section section = detector.section("episodes");
    int open = section.wholeInt("open", "1", 1, 64);
    int of = section.wholeInt("of", null, 1, 64);
    Double growth = section.value("growth", "2", BaselineReader::growth);
    Episodes episodes =
        new Episodes(
            open,
            of == 0 ? open : of,
            section.wholeInt("close", "3", 1, 1000),
            section.duration("cooldown", "0s", "0s", "31d"),
            growth == null ? 0 : growth,
            Boolean.TRUE.equals(section.choice("notify", "changes", NOTIFY)),
            section.wholeInt("keys", "10000", 1, 1_000_000));
    if (of != 0 && of < open) {
      section.problem("of", "is less than 'open', which are " + open);
    }
    section.close();
    return detector.has("episodes") ? episodes : null;
  }

  private static double growth(String text) {
    return text.equals("never") ? 0 : ThresholdReader.ratio(text);
  }

  static List<Sleep> sleep(Section detector) {
    List<Sleep> hours = new ArrayList<>();
    for (Section section : detector.sections("sleep")) {
      Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
      for (String day : section.texts("days")) {
        DayOfWeek parsed = day(day);
        if (parsed == null) {
          section.problem("days", "'" + Printable.escape(day) + "' is no day: mon to sun");
        } else {
          days.add(parsed);
        }
      }
      Integer from = section.value("from", "00:00", BaselineReader::minute);
      Integer to = section.value("to", "24:00", BaselineReader::minute);
      hours.add(
          new Sleep(
              days.isEmpty() ? Set.of(DayOfWeek.values()) : Set.copyOf(days),
              from == null ? 0 : from,
              to == null ? DAY_MINUTES : to,
              section.value("zone", "UTC", TimeReader::zone)));
      if (from != null && from.equals(to)) {
        section.problem("to", "is the same as 'from'; leave both out for whole days");
      }
      section.close();
    }
    return List.copyOf(hours);
  }

  private static DayOfWeek day(String text) {
    for (DayOfWeek day : DayOfWeek.values()) {
      if (day.name().substring(0, 3).equals(text.toUpperCase(Locale.ROOT))) {
        return day;
      }
    }
    return null;
  }

  private static int minute(String text) {
    if (!text.matches("([01]\\d|2[0-3]):[0-5]\\d|24:00")) {
      throw new IllegalArgumentException("is no time of day such as 22:30");
    }
    return 60 * Integer.parseInt(text.substring(0, 2)) + Integer.parseInt(text.substring(3));
  }
}
