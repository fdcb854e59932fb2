package dev.atalaya.job.decode;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Reads a decimal number as a long: whole values only, written in any way ({@code 1000}, {@code
 * 1e3}, {@code 1.0}), never rounded, never through a double.
 *
 * <p>Holds the result of the last number. Not thread-safe.
 */
final class NumberParser {

  /** A long holds any number of this many digits. */
  private static final int SAFE_DIGITS = 18;

  private static final BigDecimal MIN = BigDecimal.valueOf(Long.MIN_VALUE);
  private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);

  private final int maxLength;
  private long value;
  private String detail;

  /**
   * @param maxLength in characters
   */
  NumberParser(int maxLength) {
    this.maxLength = maxLength;
  }

  /** The last number, when {@link #parse} answered null. */
  long value() {
    return value;
  }

  /** What was wrong with it, otherwise. */
  String detail() {
    return detail;
  }

  /** Reads a number; null when it is one, otherwise the reason why not. */
  RejectReason parse(byte[] bytes, int offset, int length) {
    if (length > 0 && length <= SAFE_DIGITS) {
      long sum = 0;
      int at = offset;
      int end = offset + length;
      while (at < end && isDigit(bytes[at])) {
        sum = sum * 10 + (bytes[at++] - '0');
      }
      if (at == end) {
        value = sum;
        return null;
      }
    }
    return parseSlowly(bytes, offset, length);
  }

  private RejectReason parseSlowly(byte[] bytes, int offset, int length) {
    if (length > maxLength) {
      return fail(
          RejectReason.NUMBER_LENGTH,
          length + " characters, at most " + maxLength + " are accepted");
    }
    String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
    if (!isDecimal(bytes, offset, offset + length)) {
      return notANumber(text);
    }
    BigDecimal exact = exactOrNull(text);
    if (exact == null || exact.compareTo(MIN) < 0 || exact.compareTo(MAX) > 0) {
      return fail(RejectReason.NUMBER_RANGE, VisibleText.of(text) + " does not fit 64 bits");
    }
    if (exact.scale() > 0) {
      return fail(RejectReason.NUMBER_RANGE, VisibleText.of(text) + " is not a whole number");
    }
    value = exact.longValueExact();
    return null;
  }

  private RejectReason notANumber(String text) {
    String shown = '"' + VisibleText.of(text) + '"';
    String word = text.toLowerCase(Locale.ROOT);
    if (word.matches("[+-]?(inf|infinity|nan)")) {
      return fail(RejectReason.NUMBER_RANGE, shown + " is not a finite number");
    }
    if (word.matches("-?[0-9.]*,[0-9.,]*")) {
      return fail(
          RejectReason.NUMBER_FORMAT,
          shown + " has a comma: numbers take a decimal point and no thousands separator");
    }
    return fail(RejectReason.NUMBER_FORMAT, shown + " is not a number");
  }

  private RejectReason fail(RejectReason reason, String why) {
    detail = why;
    return reason;
  }

  /**
   * The value without trailing zeros, so that only a fraction has a scale above 0; null when its
   * exponent is beyond what a BigDecimal holds. Costs no more than the text is long, also for
   * {@code 1e999999999}.
   */
  static BigDecimal exactOrNull(String decimal) {
    try {
      BigDecimal exact = new BigDecimal(decimal);
      return exact.signum() == 0 ? BigDecimal.ZERO : exact.stripTrailingZeros();
    } catch (NumberFormatException | ArithmeticException e) {
      return null;
    }
  }

  /** Whether the text is digits with an optional minus, fraction and exponent. */
  static boolean isDecimal(byte[] bytes, int offset, int end) {
    int at = offset < end && bytes[offset] == '-' ? offset + 1 : offset;
    int next = skipDigits(bytes, at, end);
    if (next == at) {
      return false;
    }
    at = next;
    if (at < end && bytes[at] == '.') {
      next = skipDigits(bytes, at + 1, end);
      if (next == at + 1) {
        return false;
      }
      at = next;
    }
    if (at < end && (bytes[at] | 0x20) == 'e') {
      at++;
      if (at < end && (bytes[at] == '-' || bytes[at] == '+')) {
        at++;
      }
      next = skipDigits(bytes, at, end);
      if (next == at) {
        return false;
      }
      at = next;
    }
    return at == end;
  }

  /**
   * One text for every way to write a number: {@code 1.50}, {@code 15e-1} and {@code 1.5} are the
   * same key. Null when the exponent is beyond all bounds.
   */
  static String canonical(String decimal) {
    BigDecimal exact = exactOrNull(decimal);
    if (exact == null) {
      return null;
    }
    boolean plain = exact.scale() >= -SAFE_DIGITS && exact.scale() <= SAFE_DIGITS;
    return plain ? exact.toPlainString() : exact.toString();
  }

  /** {@code numerator × 10^power}, rounded down; null when beyond 64 bits. */
  static Long scaled(BigDecimal numerator, int power) {
    BigDecimal moved = numerator.scaleByPowerOfTen(power);
    if (moved.precision() - (long) moved.scale() > SAFE_DIGITS + 1) {
      return null;
    }
    BigInteger whole = moved.setScale(0, RoundingMode.FLOOR).toBigInteger();
    return whole.bitLength() < Long.SIZE ? whole.longValue() : null;
  }

  private static int skipDigits(byte[] bytes, int from, int end) {
    int at = from;
    while (at < end && isDigit(bytes[at])) {
      at++;
    }
    return at;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }
}
