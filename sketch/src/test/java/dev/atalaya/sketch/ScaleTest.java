package dev.atalaya.sketch;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScaleTest {

  @Test
  void roundsTheExactProduct() {
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      double factor = random.nextDouble() * Math.pow(2, -random.nextInt(i % 10 == 0 ? 1074 : 70));
      check(factor, random.nextLong() >>> (1 + random.nextInt(63)));
    }
    double[] factors = {0, 1, 0.5, Math.nextDown(1.0), Double.MIN_VALUE, Double.MIN_NORMAL};
    for (double factor : factors) {
      for (long value : new long[] {0, 1, 2, 3, Long.MAX_VALUE - 1, Long.MAX_VALUE}) {
        check(factor, value);
      }
    }
  }

  private static void check(double factor, long value) {
    BigDecimal product = new BigDecimal(factor).multiply(BigDecimal.valueOf(value));
    Scale scale = new Scale(factor);
    assertThat(scale.floor(value))
        .isEqualTo(product.setScale(0, RoundingMode.FLOOR).longValueExact());
    assertThat(scale.ceil(value))
        .isEqualTo(product.setScale(0, RoundingMode.CEILING).longValueExact());
  }
}
