package dev.atalaya.job.config;

import dev.atalaya.sketch.KeyId;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A rule: which events it looks at, what it adds up for which key, and when that is worth an alert.
 *
 * <p>What its sketches hold is decided by the components up to {@code baseline}; see {@link
 * #stateId}. All that follows only judges them and may change while the job runs.
 *
 * @param key 1 to {@link #MAX_KEY_FIELDS} fields
 * @param weight the number field that is added up, or null to count events
 * @param signed whether weights may be negative
 * @param distinct fields whose distinct values together are counted for each key, instead of a
 *     weight; empty for a weight
 * @param filter all of which an event must meet
 * @param windowMillis length of the tumbling window, aligned to the epoch
 * @param latenessMillis how long after its end a window waits for late events
 * @param memoryBytes of one sketch of one window
 * @param slices parts of the key space that are merged and compared apart
 * @param also further measures of the same key, all of which a finding must reach
 * @param rollup the prefixes that findings are rolled up to, or null
 * @param contributors what other fields a finding is told to be made of, or null
 * @param baseline what a key's value is compared with
 * @param maxAlerts per window; the rest is summed in the report
 * @param hitters when a key is heavy, or null
 * @param changers when a key has changed, or null
 * @param spreaders when a key has met many peers, or null; only with {@code distinct}
 * @param firstSeen when a key that was never there is worth an alert, or null
 * @param signals what of the window as a whole is watched, or null
 * @param episodes how alerts of following windows are joined, or null when each stands alone
 * @param allow keys and events that are expected: never an alert
 * @param overrides other thresholds for some keys; the first that matches speaks
 * @param sleep when the rule finds nothing
 * @param category for the documents, such as {@code network}, or null
 */
public record DetectorConfig(
    String name,
    List<String> key,
    String weight,
    boolean signed,
    @Later List<String> distinct,
    List<Condition> filter,
    long windowMillis,
    long latenessMillis,
    long memoryBytes,
    int slices,
    @Later List<Also> also,
    @Later Rollup rollup,
    @Later Contributors contributors,
    @Later Baseline baseline,
    int maxAlerts,
    Hitters hitters,
    Changers changers,
    @Later Spreaders spreaders,
    @Later FirstSeen firstSeen,
    @Later Signals signals,
    @Later Episodes episodes,
    @Later List<Allow> allow,
    @Later List<KeyGroup> overrides,
    @Later List<Sleep> sleep,
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
   * @param sensitivity for a threshold learned from the baseline's spread, or null
   * @param min the larger of value and expectation below which nothing is a change, or 0
   */
  public record Changers(
      long delta, Share share, double ratio, @Later Sensitivity sensitivity, @Later long min)
      implements Serializable {}

  /**
   * All must be reached, where given; at least one is.
   *
   * @param count distinct peers, or 0 when not given
   * @param ratio of the value to the baseline's, or 0 when not given; a new key reaches any
   * @param sensitivity for a threshold learned from the baseline's spread, or null
   * @param min peers below which nothing is a spreader, or 0
   */
  public record Spreaders(long count, double ratio, Sensitivity sensitivity, long min)
      implements Serializable {}

  /**
   * A further measure of the same key: a finding must reach it too.
   *
   * @param weight a number field, or null to count events; unless {@code distinct}
   * @param distinct fields whose distinct values are counted, or empty
   * @param count what must be reached in a window
   */
  public record Also(String weight, List<String> distinct, long count) implements Serializable {

    /** As {@link DetectorConfig#measure}. */
    public String measure() {
      return measureOf(weight, distinct);
    }
  }

  /**
   * Prefixes of the key's one field that are watched beside it.
   *
   * @param ipv4 lengths in bits, ascending, or empty when the key is a path
   * @param ipv6 as {@code ipv4}
   * @param path the deepest sub-tree, in steps, or 0 when the key is an address
   */
  public record Rollup(List<Integer> ipv4, List<Integer> ipv6, int path) implements Serializable {}

  /**
   * @param fields other fields, each told apart
   * @param top how many values of each are listed
   */
  public record Contributors(List<String> fields, int top) implements Serializable {}

  /** What a value is compared with. */
  public enum BaselineKind {
    PREVIOUS_WINDOW,
    MOVING_AVERAGE,
    SAME_HOUR_YESTERDAY,
    SAME_HOUR_LAST_WEEK
  }

  /**
   * @param halfLifeMillis after which a window's weight in the average has halved
   * @param keys how many keys are tracked in each slice, the largest
   * @param warmUpWindows before which nothing learned is used
   */
  public record Baseline(BaselineKind kind, long halfLifeMillis, int keys, int warmUpWindows)
      implements Serializable {

    public static final Baseline PREVIOUS = new Baseline(BaselineKind.PREVIOUS_WINDOW, 0, 0, 1);
  }

  /** How far outside its usual range a value must be, in standard deviations. */
  public enum Sensitivity {
    LOW(6),
    MEDIUM(4),
    HIGH(3);

    private final double deviations;

    Sensitivity(double deviations) {
      this.deviations = deviations;
    }

    public double deviations() {
      return deviations;
    }
  }

  /**
   * @param count the weight from which a key is taken note of
   * @param rememberMillis for at least this long a key is known, for at most twice as long
   * @param keys how many the memory is laid out for
   */
  public record FirstSeen(long count, long rememberMillis, long keys) implements Serializable {}

  /**
   * Each is null when it is not watched.
   *
   * @param minEvents of the window, or expected in it, below which only silence is told
   * @param silence whether a window without events behind one with events is told
   */
  public record Signals(
      Sensitivity total,
      Sensitivity distinctKeys,
      Sensitivity entropy,
      long minEvents,
      boolean silence)
      implements Serializable {}

  /**
   * @param open alerting windows,
   * @param of among so many in a row, that open an episode
   * @param close quiet windows in a row that close it
   * @param cooldownMillis after the close within which the same key opens no other
   * @param growth of the peak since the last alert that is told again, or 0 for never
   * @param everyWindow whether each alert is written, or only what opens, grows and closes
   * @param keys how many episodes of a detector are followed at a time
   */
  public record Episodes(
      int open,
      int of,
      int close,
      long cooldownMillis,
      double growth,
      boolean everyWindow,
      int keys)
      implements Serializable {}

  /**
   * Values of a field that are expected.
   *
   * @param patterns texts, CIDR prefixes and globs; lines of files are among them
   * @param files the files they came from, to be looked at again
   */
  public record Allow(String field, List<String> patterns, List<String> files)
      implements Serializable {}

  /**
   * Keys with thresholds of their own.
   *
   * @param where all of which the key must meet: fields of the key
   * @param hitters in the place of the detector's, or null to keep them
   * @param changers as {@code hitters}
   * @param spreaders as {@code hitters}
   */
  public record KeyGroup(List<Allow> where, Hitters hitters, Changers changers, Spreaders spreaders)
      implements Serializable {}

  /**
   * Hours of some days in which a window that begins is not judged.
   *
   * @param days of the week on which it begins
   * @param fromMinute of the day
   * @param toMinute of the day, exclusive; on the next day when not behind {@code fromMinute}
   */
  public record Sleep(Set<DayOfWeek> days, int fromMinute, int toMinute, ZoneId zone)
      implements Serializable {}

  /**
   * The name, and a digest of all that decides what the detector's state holds. State is kept under
   * it: what judges may change over a restart, and a detector that now adds up something else
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
    appendNewer(meaning);
    byte[] bytes = meaning.toString().getBytes(StandardCharsets.UTF_8);
    return name + "@" + KeyId.hex128(bytes, 0, bytes.length).substring(0, 8);
  }

  /** Nothing for a detector that has none of these, so that its state of earlier times is found. */
  private void appendNewer(StringBuilder meaning) {
    if (!distinct.isEmpty()) {
      meaning.append("/distinct").append(distinct);
    }
    for (Also measure : also) {
      meaning.append("/also").append(measure.measure());
    }
    for (Allow allowed : allow) {
      if (!key.contains(allowed.field())) {
        meaning.append("/allow").append(allowed.field()).append(allowed.patterns());
      }
    }
    if (rollup != null) {
      meaning.append("/rollup").append(rollup);
    }
    if (contributors != null) {
      meaning.append("/contributors").append(contributors.fields());
    }
    if (baseline.kind() != BaselineKind.PREVIOUS_WINDOW) {
      meaning.append("/baseline").append(baseline.kind());
    }
  }

  /** What is added up: a number field, {@code events}, or {@code distinct} and the fields. */
  public String measure() {
    return measureOf(weight, distinct);
  }

  private static String measureOf(String weight, List<String> distinct) {
    if (!distinct.isEmpty()) {
      return "distinct " + String.join(" ", distinct);
    }
    return weight == null ? "events" : weight;
  }
}
