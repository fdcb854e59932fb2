package dev.atalaya.sketch;

/**
 * Multiplication of a value by a factor between 0 and 1, rounded down or up without error: the
 * factor is taken for the exact fraction that its double is, and the product has 128 bits.
 */
final class Scale {

  private final long mantissa;
  private final int exponent;

  /** The factor is {@code mantissa / 2^exponent}. */
  Scale(double factor) {
    if (!(factor >= 0 && factor <= 1)) {
      throw new IllegalArgumentException("factor must be within 0 and 1, got " + factor);
    }
    long bits = Double.doubleToRawLongBits(factor);
    int biased = (int) (bits >>> 52) & 0x7ff;
    long fraction = bits & ((1L << 52) - 1);
    mantissa = biased == 0 ? fraction : fraction | 1L << 52;
    exponent = biased == 0 ? 1074 : 1075 - biased;
  }

  boolean isZero() {
    return mantissa == 0;
  }

  boolean isOne() {
    return exponent == 52 && mantissa == 1L << 52;
  }

  long floor(long value) {
    long high = Math.multiplyHigh(value, mantissa);
    long low = value * mantissa;
    if (exponent >= 64) {
      return exponent >= 128 ? 0 : high >>> (exponent - 64);
    }
    // The factor is at most 1, so the product shifted right fits the value's own 63 bits.
    return high << (64 - exponent) | low >>> exponent;
  }

  long ceil(long value) {
    long floor = floor(value);
    long high = Math.multiplyHigh(value, mantissa);
    long low = value * mantissa;
    boolean exact;
    if (exponent >= 128) {
      exact = (high | low) == 0;
    } else if (exponent >= 64) {
      exact = low == 0 && (high & ((1L << (exponent - 64)) - 1)) == 0;
    } else {
      exact = (low & ((1L << exponent) - 1)) == 0;
    }
    return exact ? floor : floor + 1;
  }
}
