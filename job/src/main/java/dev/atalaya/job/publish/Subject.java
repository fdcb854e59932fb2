package dev.atalaya.job.publish;

import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.detect.Finding;
import dev.atalaya.job.episode.Episode;
import dev.atalaya.job.fold.CompositeKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * What a finding is about, in words.
 *
 * @param action what was found, or that it is over
 * @param values of the key's fields, or a prefix alone; empty for the window as a whole
 * @param measure unit of the finding's values
 */
record Subject(String action, List<String> values, String measure) {

  /** When an episode ends. */
  static final String RECOVERED = "recovered";

  static Subject of(Finding finding, DetectorConfig detector) {
    boolean isOver = finding.episode != null && finding.episode.state == Episode.State.CLOSED;
    return new Subject(
        isOver ? RECOVERED : finding.kind.name().toLowerCase(Locale.ROOT),
        values(finding, detector),
        measure(finding.kind, detector));
  }

  private static List<String> values(Finding finding, DetectorConfig detector) {
    if (!finding.kind.isOfKey()) {
      return List.of();
    }
    if (finding.prefix) {
      // Behind the byte that no key begins with.
      return List.of(new String(finding.key, 1, finding.key.length - 1, StandardCharsets.UTF_8));
    }
    return List.of(CompositeKey.split(finding.key, detector.key().size()));
  }

  private static String measure(Finding.Kind kind, DetectorConfig detector) {
    return switch (kind) {
      case UNUSUAL_DISTINCT -> "keys";
      case UNUSUAL_ENTROPY -> "millibits";
      case SILENCE -> "events";
      default -> detector.measure();
    };
  }

  boolean isOver() {
    return action.equals(RECOVERED);
  }

  /** The values separated by blanks. */
  String key() {
    return String.join(" ", values);
  }
}
