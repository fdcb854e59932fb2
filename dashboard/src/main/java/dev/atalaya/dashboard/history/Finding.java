package dev.atalaya.dashboard.history;

import java.util.List;

/**
 * What an alert says at least: enough for charts, without its document.
 *
 * @param id its {@code event.id}
 * @param action {@code heavy_hitter}, {@code heavy_changer}, …
 * @param key hostile text; empty for the window as a whole
 * @param actual value of the key in the window, in the detector's measure; 0 when it has none
 * @param rank among the findings of the same action in the window, from 1; 0 when it has none
 */
public record Finding(
    String id, String action, String key, long actual, long rank, boolean isCertain) {

  public static final String HITTER = "heavy_hitter";
  public static final String CHANGER = "heavy_changer";
  public static final String SPREADER = "superspreader";
  public static final String FIRST_SEEN = "first_seen";

  /** The end of an episode: nothing that was found. */
  public static final String RECOVERED = "recovered";

  /** What a job can find, in the order in which it is shown. */
  public static final List<String> ACTIONS =
      List.of(
          HITTER,
          CHANGER,
          SPREADER,
          FIRST_SEEN,
          "unusual_total",
          "unusual_distinct",
          "unusual_entropy",
          "silence",
          RECOVERED);

  /** Whether {@link #actual} is the value of a key, in the detector's measure. */
  public boolean isOfKey() {
    return isOfKey(action);
  }

  /** What is not known is taken for a finding about a key. */
  static boolean isOfKey(String action) {
    return ACTIONS.indexOf(action) <= ACTIONS.indexOf(FIRST_SEEN);
  }

  /** Whether both are about the same key, or about the same trait of their windows. */
  boolean isAbout(Finding other) {
    return key.equals(other.key)
        && (!key.isEmpty() || action.equals(other.action) || (isOfKey() && other.isOfKey()));
  }
}
