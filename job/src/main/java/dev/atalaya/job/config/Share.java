package dev.atalaya.job.config;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * A part of a whole, 0 to 1, exact in decimals: {@code 1%} of 250 is 2.5, and a value reaches it
 * from 3 on.
 */
public record Share(BigDecimal fraction) implements Serializable {

  public Share {
    if (fraction.signum() <= 0 || fraction.compareTo(BigDecimal.ONE) > 0) {
      throw new IllegalArgumentException(
          "share must be above 0 and at most 1 (100%), got " + fraction.toPlainString());
    }
  }

  /** The smallest whole number that is at least this share of {@code total}. */
  public long of(long total) {
    return fraction
        .multiply(BigDecimal.valueOf(total))
        .setScale(0, RoundingMode.CEILING)
        .longValueExact();
  }
}
