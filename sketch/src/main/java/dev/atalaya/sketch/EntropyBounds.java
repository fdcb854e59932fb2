package dev.atalaya.sketch;

/**
 * Bounds of the entropy of how a total is spread over keys, {@code H = -sum(p * ln p)} with {@code
 * p = x / N} for a key of value x and the total N.
 *
 * <p>Shape: of {@code S = sum(x * ln x)} and of N an interval each, since {@code H = ln N - S / N},
 * and both add up over summaries that share no key ({@link #plus}).
 *
 * <p>Error: none when the summary is exact, up to the rounding of doubles. Else H may be off by
 * about {@code rest / N * ln(E * K / rest)}, where {@code rest} is what the K keys without stored
 * bytes have together and E is the summary's {@link KeySummary#errorBound}, plus what the bounds of
 * the stored keys leave open. The upper end of H uses {@link KeySummary#distinctKeysUpper}, which
 * is statistical; all else is as certain as the summary's own bounds.
 *
 * <p>Only for values that are whole and at least 0: neither scaled nor signed.
 */
public record EntropyBounds(
    double lowerSum, double upperSum, double lowerTotal, double upperTotal) {

  /** Of nothing at all. */
  public static final EntropyBounds NONE = new EntropyBounds(0, 0, 0, 0);

  public static EntropyBounds of(KeySummary summary) {
    if (summary instanceof SignedHeavyKeySketch) {
      throw new IllegalArgumentException("entropy needs values of at least 0, not signed ones");
    }
    double lowerTotal = summary.totalLower();
    double upperTotal = summary.totalUpper();
    if (summary.isExact()) {
      double sum = exactSum(summary);
      return new EntropyBounds(sum, sum, lowerTotal, upperTotal);
    }
    return new EntropyBounds(
        lowerSum(summary, lowerTotal), upperSum(summary, upperTotal), lowerTotal, upperTotal);
  }

  private static double exactSum(KeySummary summary) {
    double[] sum = new double[1];
    summary.forEachCandidate(
        (hash, keys, offset, length, lower, upper) -> sum[0] += xlnx((double) upper));
    return sum[0];
  }

  /**
   * The largest S. In a key of at most E each unit is worth at most ln E, so all units are charged
   * that, and each stored key, at the worse end of its bounds, what it is worth beyond.
   */
  private static double upperSum(KeySummary summary, double total) {
    double unit = Math.log((double) Math.max(1, summary.errorBound()));
    double[] sum = {total * unit};
    summary.forEachCandidate(
        (hash, keys, offset, length, lower, upper) ->
            sum[0] +=
                Math.max(worthBeyond((double) lower, unit), worthBeyond((double) upper, unit)));
    return Math.min(sum[0], xlnx(total));
  }

  private static double worthBeyond(double value, double unit) {
    return xlnx(value) - value * unit;
  }

  /**
   * The smallest S: the stored keys as small as can be, the rest spread evenly over as many keys as
   * can be. Where a stored key could be smaller than those of the rest, it is given their size:
   * with the marginal worth of a unit there as the price of a unit, each key's own minimum gives a
   * bound (the dual of a convex problem).
   */
  private static double lowerSum(KeySummary summary, double total) {
    double[] stored = new double[2];
    summary.forEachCandidate(
        (hash, keys, offset, length, lower, upper) -> {
          stored[0] += lower;
          stored[1] += lower > 0 ? 1 : 0;
        });
    double rest = total - stored[0];
    double keysOfRest = Math.max(1, summary.distinctKeysUpper() - stored[1]);
    // No key has less than 1.
    double size = Math.max(1, rest / keysOfRest);
    double price = size == 1 ? 0 : Math.log(size) + 1;
    double[] sum = {size == 1 ? 0 : rest * Math.log(size) + price * (total - rest)};
    summary.forEachCandidate(
        (hash, keys, offset, length, lower, upper) -> {
          double cheapest = Math.min((double) upper, Math.max((double) lower, size));
          sum[0] += xlnx(cheapest) - cheapest * price;
        });
    return Math.max(0, sum[0]);
  }

  private static double xlnx(double x) {
    return x <= 1 ? 0 : x * Math.log(x);
  }

  /** The bounds for this and another set of keys that have none in common. */
  public EntropyBounds plus(EntropyBounds other) {
    return new EntropyBounds(
        lowerSum + other.lowerSum,
        upperSum + other.upperSum,
        lowerTotal + other.lowerTotal,
        upperTotal + other.upperTotal);
  }

  /** The lower bound of the entropy in nats; 0 without any value. */
  public double lower() {
    // ln N - S / N grows with N and falls with S.
    return lowerTotal == 0 ? 0 : Math.max(0, Math.log(lowerTotal) - upperSum / lowerTotal);
  }

  /** The upper bound of the entropy in nats; 0 without any value. */
  public double upper() {
    return upperTotal == 0 ? 0 : Math.max(lower(), Math.log(upperTotal) - lowerSum / upperTotal);
  }

  /** The lower bound in bits. */
  public double lowerBits() {
    return lower() / Math.log(2);
  }

  /** The upper bound in bits. */
  public double upperBits() {
    return upper() / Math.log(2);
  }
}
