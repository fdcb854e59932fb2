package dev.atalaya.job.detect;

import dev.atalaya.job.config.DetectorConfig;
import java.util.List;

/** The keys that a detector's lists call expected. Not thread-safe. */
final class AllowedKeys {

  private final List<KeyMatcher> lists;

  /** Lists of fields outside the key are judged event by event. */
  AllowedKeys(DetectorConfig detector) {
    lists =
        detector.allow().stream()
            .filter(values -> detector.key().contains(values.field()))
            .map(values -> new KeyMatcher(detector, values))
            .toList();
  }

  boolean contain(byte[] key) {
    for (KeyMatcher list : lists) {
      if (list.matches(key)) {
        return true;
      }
    }
    return false;
  }
}
