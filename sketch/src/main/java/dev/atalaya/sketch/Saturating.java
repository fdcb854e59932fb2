package dev.atalaya.sketch;

/** Sums of values that are at least 0 and stop at {@link Long#MAX_VALUE}. */
final class Saturating {

  private Saturating() {}

  static long add(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
