package dev.atalaya.job.detect;

/** Sums that stop at the ends of a long instead of wrapping around. */
public final class Saturating {

  private Saturating() {}

  public static long add(long a, long b) {
    long sum = a + b;
    if (((a ^ sum) & (b ^ sum)) < 0) {
      return a < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
    return sum;
  }

  public static long subtract(long a, long b) {
    return b == Long.MIN_VALUE ? add(add(a, Long.MAX_VALUE), 1) : add(a, -b);
  }

  public static long abs(long a) {
    return a == Long.MIN_VALUE ? Long.MAX_VALUE : Math.abs(a);
  }
}
