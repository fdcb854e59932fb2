package dev.atalaya.job.cli;

import java.util.Comparator;

/**
 * One finding that must be reported: nothing is left to judge by eye.
 *
 * @param windowStartMillis of the window it belongs to, milliseconds since the epoch
 * @param detector its name
 * @param key as documents show it
 * @param action {@code heavy_hitter} or {@code heavy_changer}
 * @param direction {@code up} or {@code down} of a change, else null
 */
record Planted(long windowStartMillis, String detector, String key, String action, String direction)
    implements Comparable<Planted> {

  static final String HEAVY_HITTER = "heavy_hitter";
  static final String HEAVY_CHANGER = "heavy_changer";

  private static final Comparator<Planted> ORDER =
      Comparator.comparingLong(Planted::windowStartMillis)
          .thenComparing(Planted::detector)
          .thenComparing(Planted::key)
          .thenComparing(Planted::action)
          .thenComparing(Planted::direction, Comparator.nullsFirst(Comparator.naturalOrder()));

  /** In the order of time. */
  @Override
  public int compareTo(Planted other) {
    return ORDER.compare(this, other);
  }

  /** Which word describes it: {@code heavy_hitter} or {@code heavy_changer.up}. */
  String finding() {
    return direction == null ? action : action + "." + direction;
  }
}
