package dev.atalaya.job.publish;

import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.detect.Finding;
import dev.atalaya.job.detect.SliceFindings;
import java.util.Locale;

/** The one sentence of each document that a person understands without knowing the fields. */
final class Sentences {

  private Sentences() {}

  static String of(Finding finding, SliceFindings window, DetectorConfig detector, String key) {
    String subject = String.join(" ", detector.key()) + " " + key;
    String measure = detector.measure();
    String certainty = finding.certain ? "" : " (possible)";
    if (finding.kind == Finding.Kind.HEAVY_HITTER) {
      return subject
          + " has "
          + value(finding.actual, finding.actualLower, finding.actualUpper)
          + " "
          + measure
          + ", "
          + percent(finding.actual, window.total)
          + " of the window's "
          + window.total
          + certainty;
    }
    return subject
        + (finding.up ? " rose from " : " fell from ")
        + value(finding.expected, finding.expectedLower, finding.expectedUpper)
        + " to "
        + value(finding.actual, finding.actualLower, finding.actualUpper)
        + " "
        + measure
        + extreme(finding)
        + certainty;
  }

  /** Why the rule fired. */
  static String reason(Finding finding, DetectorConfig detector) {
    String what = finding.kind == Finding.Kind.HEAVY_HITTER ? "value " : "change ";
    return what
        + finding.magnitude
        + " "
        + detector.measure()
        + " against a threshold of "
        + finding.threshold;
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
