package dev.atalaya.dashboard.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atalaya.dashboard.history.Finding;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The values of keys, window by window, as far as there were alerts on them. */
final class Timeline {

  private final Map<String, Series> keys = new HashMap<>();
  private int windows;

  /** Those of the next window. */
  void add(List<Finding> findings) {
    for (Finding finding : findings) {
      if (finding.isOfKey()) {
        // A key that is a hitter and a changer has two alerts of one value.
        keys.computeIfAbsent(finding.key(), Series::new).values.put(windows, finding.actual());
      }
    }
    windows++;
  }

  /** Those with the largest sums, the largest first. */
  List<ObjectNode> largest(int count) {
    return keys.values().stream()
        .sorted(Comparator.comparingDouble(Series::sum).reversed().thenComparing(s -> s.key))
        .limit(count)
        .map(this::tree)
        .toList();
  }

  private ObjectNode tree(Series series) {
    ObjectNode tree = Json.object().put("key", series.key);
    ArrayNode values = tree.putArray("values");
    for (int window = 0; window < windows; window++) {
      values.add(series.values.get(window));
    }
    return tree;
  }

  private static final class Series {
    private final String key;
    private final Map<Integer, Long> values = new HashMap<>();

    private Series(String key) {
      this.key = key;
    }

    /** Of magnitudes, since values may be negative; not exact, but it cannot overflow. */
    private double sum() {
      return values.values().stream().mapToDouble(Math::abs).sum();
    }
  }
}
