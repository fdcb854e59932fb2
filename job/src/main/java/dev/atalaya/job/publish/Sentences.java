package dev.atalaya.job.publish;

import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.detect.Finding;
import dev.atalaya.job.detect.SliceFindings;
import java.util.Locale;

/** The one sentence of each document that a person understands without knowing the fields. */
final class Sentences {

  private Sentences() {}

  static String of(
      Finding finding, SliceFindings window, DetectorConfig detector, Subject subject) {
    if (subject.isOver()) {
      return recovery(finding, detector, subject);
    }
    return main(finding, window, detector, subject)
        + also(finding, detector)
        + (finding.certain ? "" : " (possible)");
  }

  private static String main(
      Finding finding, SliceFindings window, DetectorConfig detector, Subject subject) {
    String who = name(detector, subject);
    String actual = value(finding.actual, finding.actualLower, finding.actualUpper);
    // Of the keys the subject says that they are counted.
    boolean isSaid = finding.kind == Finding.Kind.UNUSUAL_DISTINCT;
    String what = isSaid ? actual : actual + " " + subject.measure();
    return switch (finding.kind) {
      case HEAVY_HITTER ->
          who
              + " has "
              + what
              + ", "
              + percent(finding.actual, window.total)
              + " of the window's "
              + window.total;
      case SUPERSPREADER -> who + " met " + what;
      case FIRST_SEEN -> who + " was not seen before: it has " + what;
      case HEAVY_CHANGER -> {
        if (isLearned(finding)) {
          yield who + unusual(finding, what);
        }
        yield who
            + (finding.up ? " rose from " : " fell from ")
            + value(finding.expected, finding.expectedLower, finding.expectedUpper)
            + " to "
            + what
            + extreme(finding);
      }
      case UNUSUAL_TOTAL, UNUSUAL_DISTINCT, UNUSUAL_ENTROPY -> who + unusual(finding, what);
      case SILENCE -> "no events came";
    };
  }

  private static String name(DetectorConfig detector, Subject subject) {
    if (!subject.values().isEmpty()) {
      return String.join(" ", detector.key()) + " " + subject.key();
    }
    return switch (subject.measure()) {
      case "keys" -> "the number of keys";
      case "millibits" -> "the entropy of the keys";
      default -> "the total";
    };
  }

  private static boolean isLearned(Finding finding) {
    return finding.expectedKind != DetectorConfig.BaselineKind.PREVIOUS_WINDOW;
  }

  private static String unusual(Finding finding, String what) {
    return (finding.up ? " rose to " : " fell to ")
        + what
        + ", "
        + finding.expectedLower
        + " to "
        + finding.expectedUpper
        + " are usual";
  }

  private static String also(Finding finding, DetectorConfig detector) {
    StringBuilder also = new StringBuilder();
    for (int i = 0; i < finding.also.length; i++) {
      Finding.Also measure = finding.also[i];
      also.append(i == 0 ? ", with " : " and ")
          .append(value(measure.value, measure.lower, measure.upper))
          .append(' ')
          .append(detector.also().get(i).measure());
    }
    return also.toString();
  }

  private static String recovery(Finding finding, DetectorConfig detector, Subject subject) {
    String who = finding.kind == Finding.Kind.SILENCE ? "the stream" : name(detector, subject);
    return who
        + " is as usual again: it began at "
        + DocumentTree.time(finding.episode.startMillis)
        + ", the peak was "
        + finding.episode.peak
        + " "
        + subject.measure()
        + " at "
        + DocumentTree.time(finding.episode.peakMillis);
  }

  /** Why the rule fired. */
  static String reason(Finding finding, DetectorConfig detector, Subject subject) {
    if (subject.isOver()) {
      return "nothing was found for " + detector.episodes().close() + " windows";
    }
    String what =
        switch (finding.kind) {
          case HEAVY_HITTER, SUPERSPREADER, FIRST_SEEN -> "value ";
          default -> "change ";
        };
    String reason =
        what
            + finding.magnitude
            + " "
            + subject.measure()
            + " against a threshold of "
            + finding.threshold;
    return finding.deviations == 0
        ? reason
        : reason + String.format(Locale.ROOT, ": %.1f standard deviations", finding.deviations);
  }

  private static String extreme(Finding finding) {
    if (finding.expectedUpper == 0 && finding.actual > 0) {
      return ": it is new";
    }
    if (finding.actualUpper == 0 && finding.expected > 0) {
      return ": it vanished";
    }
    if (finding.expected > 0 && finding.actual > 0) {
      return String.format(Locale.ROOT, ", %.1f times", (double) finding.actual / finding.expected);
    }
    return "";
  }

  private static String value(long estimate, long lower, long upper) {
    return lower == upper
        ? Long.toString(estimate)
        : estimate + " (" + lower + " to " + upper + ")";
  }

  static String percent(long part, long whole) {
    return whole == 0 ? "none" : String.format(Locale.ROOT, "%.1f%%", 100.0 * part / whole);
  }
}
