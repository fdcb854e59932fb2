package dev.atalaya.sketch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MissedPairsTest {

  /** P(so many of all or more are missed), summed up term by term. */
  private static double tail(long all, long missed, double rate) {
    double sum = 0;
    double term = all * Math.log1p(-rate);
    for (long i = 0; i <= all; i++) {
      if (i >= missed) {
        sum += Math.exp(term);
      }
      term += Math.log((double) (all - i) / (i + 1)) + Math.log(rate) - Math.log1p(-rate);
    }
    return sum;
  }

  @Test
  void whatIsRefutedHasLessThanABillionthOfProbability() {
    for (double rate : new double[] {1e-6, 0.001, 0.02, 0.3, 0.9}) {
      MissedPairs missed = new MissedPairs(rate);
      for (long counted : new long[] {0, 1, 10, 100, 1_000, 10_000}) {
        long upper = missed.upper(counted);
        assertThat(upper).isGreaterThanOrEqualTo(counted);
        assertThat(tail(upper + 1, upper + 1 - counted, rate)).isLessThan(1e-9);
      }
    }
  }

  @Test
  void theBoundGrowsWithTheCountAndWithTheRate() {
    long before = 0;
    for (double rate : new double[] {0, 1e-12, 1e-6, 0.001, 0.02, 0.3, 0.9, 1}) {
      MissedPairs missed = new MissedPairs(rate);
      long upper = missed.upper(0);
      for (long counted = 0; counted < 3_000; counted++) {
        long next = missed.upper(counted);
        assertThat(next).isGreaterThanOrEqualTo(upper);
        upper = next;
      }
      assertThat(upper).isGreaterThanOrEqualTo(before);
      before = upper;
    }
  }

  @Test
  void theBoundIsNoWiderThanItMustBe() {
    MissedPairs missed = new MissedPairs(0.02);
    assertThat(missed.upper(0)).isEqualTo(7);
    assertThat(missed.upper(1_000)).isBetween(1_055L, 1_075L);
    assertThat(missed.upper(1_000_000)).isBetween(1_020_000L, 1_023_000L);
    assertThat(new MissedPairs(1).upper(0)).isEqualTo(Long.MAX_VALUE);
    assertThat(missed.upper(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
  }
}
