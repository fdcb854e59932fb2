package dev.atalaya.job.window;

import dev.atalaya.job.detect.RuleVersion;

/**
 * What a slice is sent: a sketch of some of a window's events, or rules to judge windows by. One
 * type for both, so that they travel in one stream: a slice has the rules before the watermark that
 * closes the first window they judge.
 *
 * @param detector the detector's state id
 * @param newestMillis the newest event time its fold had seen, for the ledger
 * @param window null when these are rules
 * @param rules null when this is a sketch
 */
public record Partial(
    String detector, int slice, long newestMillis, WindowSketch window, RuleVersion rules) {

  public Partial(String detector, int slice, long newestMillis, WindowSketch window) {
    this(detector, slice, newestMillis, window, null);
  }

  /** For one slice of the detector that the rules are of. */
  public static Partial of(RuleVersion rules, int slice) {
    return new Partial(rules.detector().stateId(), slice, Long.MIN_VALUE, null, rules);
  }
}
