package dev.atalaya.job.detect;

/**
 * The bounds of the value of a part of a prefix, from those of the whole, of the keys in the part
 * and of the keys outside it.
 *
 * <p>Weights add up. Distinct peers of several keys are at least those of any of them and at most
 * their sum. Not thread-safe.
 */
final class PartBounds {

  private final boolean peers;

  /** Whether all keys with a value are known. */
  private final boolean complete;

  private long sum;
  private long sumOfLower;
  private long sumOfUpper;
  private long largestLower;
  private long outsideLower;
  private long outsideUpper;

  PartBounds(boolean peers, boolean complete) {
    this.peers = peers;
    this.complete = complete;
  }

  void addInside(long value, long lower, long upper) {
    sum = Saturating.add(sum, value);
    sumOfLower = Saturating.add(sumOfLower, lower);
    sumOfUpper = Saturating.add(sumOfUpper, upper);
    largestLower = Math.max(largestLower, lower);
  }

  void addOutside(long lower, long upper) {
    outsideLower = Saturating.add(outsideLower, lower);
    outsideUpper = Saturating.add(outsideUpper, upper);
  }

  long lower(long wholeLower) {
    long own = peers ? largestLower : sumOfLower;
    return complete ? Math.max(own, Saturating.subtract(wholeLower, outsideUpper)) : own;
  }

  long upper(long wholeUpper) {
    long left = peers ? wholeUpper : Saturating.subtract(wholeUpper, outsideLower);
    return complete ? Math.min(sumOfUpper, left) : left;
  }

  long value(long whole, long wholeLower, long wholeUpper) {
    return Math.max(lower(wholeLower), Math.min(peers ? whole : sum, upper(wholeUpper)));
  }
}
