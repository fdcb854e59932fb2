package dev.atalaya.job.detect;

import dev.atalaya.job.config.DetectorConfig;
import java.util.List;

/** The groups of keys that have thresholds of their own. Not thread-safe. */
final class KeyGroups {

  /** What {@link #of} answers for a key in no group. */
  static final int NONE = -1;

  private final List<List<KeyMatcher>> groups;

  KeyGroups(DetectorConfig detector) {
    groups =
        detector.overrides().stream()
            .map(
                group ->
                    group.where().stream().map(values -> new KeyMatcher(detector, values)).toList())
            .toList();
  }

  /** The first group, by its place, whose conditions the key all meets. */
  int of(byte[] key) {
    for (int group = 0; group < groups.size(); group++) {
      if (groups.get(group).stream().allMatch(condition -> condition.matches(key))) {
        return group;
      }
    }
    return NONE;
  }
}
