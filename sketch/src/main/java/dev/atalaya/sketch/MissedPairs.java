package dev.atalaya.sketch;

/**
 * How many pairs there may be when a filter has let so many pass as new: those it took for others
 * were missed.
 *
 * <p>Error: {@link #upper} is exceeded, for a given key, with a probability of at most 1e-9 over
 * the secret seed.
 */
final class MissedPairs {

  // A key has f pairs. Each was missed when it first came with the probability that the filter had
  // then, whatever happened before, since its hash is as good as drawn at that moment; and that is
  // at most the filter's rate of today, r, since bits are only ever set. So the number missed is
  // not larger than a binomial one of f and r, in distribution, and Chernoff's bound says
  //
  //   P(at least f - c of f missed) <= exp(-f * KL((f - c) / f, r)).
  //
  // Which f are refuted by c is therefore certain up to that probability. One thing is left: r is
  // no constant but what came of the same hashes. So r is rounded up to one of 1,024 values, and
  // each has a 1,024th of the 1e-9.

  private static final int STEPS_AN_OCTAVE = 32;
  private static final int OCTAVES = 32;
  private static final double CONFIDENCE = Math.log(1e9 * STEPS_AN_OCTAVE * OCTAVES);

  private final double rate;

  /**
   * @param rate the largest probability with which any of the pairs was missed
   */
  MissedPairs(double rate) {
    double steps = -Math.log(rate) / Math.log(2) * STEPS_AN_OCTAVE;
    // Rounded up by a little even where it is one of the values, for the logarithm's sake.
    int step = (int) Math.min(Math.floor(steps - 1e-6), STEPS_AN_OCTAVE * OCTAVES - 1);
    this.rate = Math.min(1, Math.pow(2, -(double) step / STEPS_AN_OCTAVE));
  }

  /** The largest number of pairs that so many counted ones do not refute. */
  long upper(long counted) {
    if (rate == 1 || counted == Long.MAX_VALUE) {
      return Long.MAX_VALUE;
    }
    long low = counted;
    long step = 1;
    while (!refuted(low + step, counted)) {
      low += step;
      step *= 2;
      if (low + step < 0) {
        return Long.MAX_VALUE;
      }
    }
    while (step > 1) {
      step /= 2;
      if (!refuted(low + step, counted)) {
        low += step;
      }
    }
    return low;
  }

  /** Grows with the number of pairs: once refuted, all above are. */
  private boolean refuted(long pairs, long counted) {
    double missed = (double) (pairs - counted) / pairs;
    if (missed <= rate) {
      return false;
    }
    double kept = (double) counted / pairs;
    double divergence = missed * Math.log(missed / rate);
    if (counted > 0) {
      divergence += kept * Math.log(kept / (1 - rate));
    }
    return pairs * divergence > CONFIDENCE;
  }
}
