package dev.atalaya.job.config;

import dev.atalaya.sketch.KeyId;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A rule: which events it looks at, what it adds up for which key, and when that is worth an alert.
 *
 * @param key 1 to {@link #MAX_KEY_FIELDS} fields
 * @param weight the number field that is added up, or null to count events
 * @param signed whether weights may be negative
 * @param filter all of which an event must meet
 * @param windowMillis length of the tumbling window, aligned to the epoch
 * @param latenessMillis how long after its end a window waits for late events
 * @param memoryBytes of one sketch of one window
 * @param slices parts of the key space that are merged and compared apart
 * @param maxAlerts per window; the rest is summed in the report
 * @param hitters when a key is heavy, or null
 * @param changers when a key has changed, or null
 * @param category for the documents, such as {@code network}, or null
 */
public record DetectorConfig(
    String name,
    List<String> key,
    String weight,
    boolean signed,
    List<Condition> filter,
    long windowMillis,
    long latenessMillis,
    long memoryBytes,
    int slices,
    int maxAlerts,
    Hitters hitters,
    Changers changers,
    String category)
    implements Serializable {

  /** Five, so that a flow (two addresses, two ports, protocol) is a key. */
  public static final int MAX_KEY_FIELDS = 5;

  /**
   * Whether a field's text is, or is not, one of some values. An absent field is none of them.
   *
   * @param negated true for {@code not}
   */
  public record Condition(String field, Set<String> values, boolean negated)
      implements Serializable {}

  /**
   * Both must be reached, where given; at least one is.
   *
   * @param count a weight, or 0 when not given
   * @param share of the window's total, or null
   */
  public record Hitters(long count, Share share) implements Serializable {}

  /**
   * All must be reached, where given; at least one is.
   *
   * @param delta a weight, or 0 when not given
   * @param share of the larger of the two windows' totals, or null
   * @param ratio of the larger to the smaller value, or 0 when not given; a key that is new or has
   *     vanished reaches any
   */
  public record Changers(long delta, Share share, double ratio) implements Serializable {}

  /**
   * The name, and a digest of all that decides what the detector's sketches hold. State is kept
   * under it: thresholds may change over a restart, and a detector that now adds up something else
   * starts anew instead of mixing the two.
   */
  public String stateId() {
    StringBuilder meaning = new StringBuilder();
    meaning.append(key).append(weight).append(signed);
    for (Condition condition : filter) {
      meaning.append(condition.field()).append(condition.negated());
      meaning.append(new TreeSet<>(condition.values()));
    }
    meaning.append(windowMillis).append('/').append(latenessMillis).append('/');
    meaning.append(memoryBytes).append('/').append(slices);
    byte[] bytes = meaning.toString().getBytes(StandardCharsets.UTF_8);
    return name + "@" + KeyId.hex128(bytes, 0, bytes.length).substring(0, 8);
  }

  /** What is added up: a number field, or {@code events}. */
  public String measure() {
    return weight == null ? "events" : weight;
  }
}
