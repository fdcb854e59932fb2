package dev.atalaya.job.detect;

/**
 * A key's value in a window and what was expected of it, both within bounds: {@code lower <= true
 * <= upper}. The bounds are those of single keys, of prefixes, or of a prefix less what is under
 * it. Not thread-safe.
 */
final class Measured {

  long hash;

  long value;
  long lower;
  long upper;

  /** All 0 without a baseline. */
  long expected;

  long expectedLower;
  long expectedUpper;

  /** The standard deviation around what is expected, 0 without a baseline. */
  double deviation;

  Measured() {}

  Measured(Measured other) {
    hash = other.hash;
    value = other.value;
    lower = other.lower;
    upper = other.upper;
    expected = other.expected;
    expectedLower = other.expectedLower;
    expectedUpper = other.expectedUpper;
    deviation = other.deviation;
  }

  /** The largest absolute value that the bounds allow. */
  static long largest(long lower, long upper) {
    return Math.max(Saturating.abs(lower), Saturating.abs(upper));
  }

  /** The smallest absolute value that the bounds allow. */
  static long smallest(long lower, long upper) {
    return lower <= 0 && upper >= 0 ? 0 : Math.min(Saturating.abs(lower), Saturating.abs(upper));
  }

  long largest() {
    return largest(lower, upper);
  }

  long smallest() {
    return smallest(lower, upper);
  }

  long largestExpected() {
    return largest(expectedLower, expectedUpper);
  }

  long smallestExpected() {
    return smallest(expectedLower, expectedUpper);
  }

  boolean isUp() {
    return value >= expected;
  }

  /** The largest change that the bounds allow, in either direction. */
  long largestChange() {
    return Math.max(
        Saturating.subtract(upper, expectedLower), Saturating.subtract(expectedUpper, lower));
  }

  /** The smallest change in the direction of the estimates. */
  long smallestChange() {
    return Math.max(
        0,
        isUp()
            ? Saturating.subtract(lower, expectedUpper)
            : Saturating.subtract(expectedLower, upper));
  }

  /** Takes away the value of some of the events. */
  void subtract(Measured part) {
    value = Saturating.subtract(value, part.value);
    lower = Saturating.subtract(lower, part.upper);
    upper = Saturating.subtract(upper, part.lower);
    expected = Saturating.subtract(expected, part.expected);
    expectedLower = Saturating.subtract(expectedLower, part.expectedUpper);
    expectedUpper = Saturating.subtract(expectedUpper, part.expectedLower);
  }

  /** Says that nothing can be below 0. */
  void raiseToZero() {
    value = Math.max(0, value);
    lower = Math.max(0, lower);
    upper = Math.max(0, upper);
    expected = Math.max(0, expected);
    expectedLower = Math.max(0, expectedLower);
    expectedUpper = Math.max(0, expectedUpper);
  }

  /** Writes the values and their bounds into a finding. */
  void describe(Finding finding) {
    finding.actual = value;
    finding.actualLower = lower;
    finding.actualUpper = upper;
    finding.expected = expected;
    finding.expectedLower = expectedLower;
    finding.expectedUpper = expectedUpper;
  }

  /** Writes the change from what was expected, and its bounds. */
  void describeChange(Finding finding) {
    finding.up = isUp();
    finding.delta = Saturating.abs(Saturating.subtract(value, expected));
    finding.deltaLower = smallestChange();
    finding.deltaUpper = largestChange();
  }
}
