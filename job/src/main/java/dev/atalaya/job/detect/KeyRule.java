package dev.atalaya.job.detect;

/**
 * When a key of a window is a finding of one kind. Made for one window, whose totals its threshold
 * may depend on.
 */
public interface KeyRule {

  Finding.Kind kind();

  /** For the report, and the least that a finding's magnitude is measured against. */
  long threshold();

  /** Whether nothing can be told without a warm {@link Expectation}. */
  default boolean needsExpectation() {
    return false;
  }

  /** Whether keys of which something was expected are looked at even when they are gone. */
  default boolean looksForVanished() {
    return false;
  }

  /** Whether the bounds allow the key to be a finding. */
  boolean mayHold(Measured key);

  /** Whether the key is a finding wherever in its bounds the truth lies. */
  boolean isCertain(Measured key);

  /** What a finding is ranked by: its weight, where nothing is expected. */
  default long magnitude(Measured key) {
    return Saturating.abs(key.value);
  }

  /** What {@link #magnitude} is measured against. */
  default long threshold(Measured key) {
    return threshold();
  }

  /** What the kind has to say beside value, expectation and change. */
  default void describe(Measured key, Finding finding) {}
}
