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
  boolean needsExpectation();

  /** Whether keys of which something was expected are looked at even when they are gone. */
  boolean looksForVanished();

  /** Whether the bounds allow the key to be a finding. */
  boolean mayHold(Measured key);

  /** Whether the key is a finding wherever in its bounds the truth lies. */
  boolean isCertain(Measured key);

  /** What a finding is ranked by. */
  long magnitude(Measured key);

  /** What {@link #magnitude} is measured against. */
  default long threshold(Measured key) {
    return threshold();
  }

  /** What the kind has to say beside value, expectation and change. */
  default void describe(Measured key, Finding finding) {}
}
