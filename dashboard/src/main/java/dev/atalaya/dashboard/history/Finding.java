package dev.atalaya.dashboard.history;

/**
 * What an alert says at least: enough for charts, without its document.
 *
 * @param id its {@code event.id}
 * @param action {@code heavy_hitter}, {@code heavy_changer}, …
 * @param key hostile text
 * @param actual value of the key in the window, in the detector's measure
 * @param rank among the findings of the same action in the window, from 1
 */
public record Finding(
    String id, String action, String key, long actual, long rank, boolean isCertain) {

  public static final String HITTER = "heavy_hitter";
  public static final String CHANGER = "heavy_changer";
}
