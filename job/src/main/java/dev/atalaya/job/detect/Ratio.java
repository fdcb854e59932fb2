package dev.atalaya.job.detect;

import java.math.BigDecimal;

/**
 * How many times a value must be another; exact also where rounding could decide.
 *
 * @param times 0 for any
 */
record Ratio(double times) {

  boolean isReached(long larger, long smaller) {
    double product = times * smaller;
    double margin = product * 1e-9;
    if (Math.abs(larger - product) > margin) {
      return larger > product;
    }
    return BigDecimal.valueOf(larger)
            .compareTo(BigDecimal.valueOf(times).multiply(BigDecimal.valueOf(smaller)))
        >= 0;
  }
}
