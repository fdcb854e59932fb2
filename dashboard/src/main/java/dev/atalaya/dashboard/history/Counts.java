package dev.atalaya.dashboard.history;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Immutable counts by name, in their order; a name that is missing counts 0. */
final class Counts {

  private Counts() {}

  /** With {@code added} more of one. */
  static Map<String, Long> plus(Map<String, Long> counts, String name, long added) {
    if (added == 0) {
      return counts;
    }
    Map<String, Long> sums = new TreeMap<>(counts);
    sums.merge(name, added, Long::sum);
    sums.values().removeIf(count -> count == 0);
    return Collections.unmodifiableMap(sums);
  }

  /** With what is in {@code after} and was not in {@code before}. */
  static Map<String, Long> plusChange(
      Map<String, Long> counts, Map<String, Long> before, Map<String, Long> after) {
    if (before.equals(after)) {
      return counts;
    }
    Map<String, Long> sums = counts;
    for (Map.Entry<String, Long> count : after.entrySet()) {
      sums = plus(sums, count.getKey(), count.getValue());
    }
    for (Map.Entry<String, Long> count : before.entrySet()) {
      sums = plus(sums, count.getKey(), -count.getValue());
    }
    return sums;
  }
}
