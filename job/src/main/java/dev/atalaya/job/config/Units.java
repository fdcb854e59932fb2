package dev.atalaya.job.config;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations, sizes and shares as people write them: {@code 10s}, {@code 64mb}, {@code 1%}; always
 * with a unit, since a bare number is read as seconds by one and as milliseconds by another.
 */
public final class Units {

  static final String DURATION_FORMS = "write 500ms, 10s, 5m, 1h or 1d";
  static final String SIZE_FORMS = "write 512b, 64kb, 1mb or 1gb";

  private static final Map<String, Long> MILLIS = new LinkedHashMap<>();
  private static final Map<String, Long> BYTES = new LinkedHashMap<>();

  static {
    MILLIS.put("d", 86_400_000L);
    MILLIS.put("h", 3_600_000L);
    MILLIS.put("m", 60_000L);
    MILLIS.put("s", 1000L);
    MILLIS.put("ms", 1L);
    BYTES.put("gb", 1L << 30);
    BYTES.put("mb", 1L << 20);
    BYTES.put("kb", 1L << 10);
    BYTES.put("b", 1L);
  }

  private static final Pattern NUMBER_AND_UNIT = Pattern.compile("(\\d{1,15}) ?([a-z]{1,2})");
  private static final Pattern DECIMAL = Pattern.compile("\\d{1,15}(\\.\\d{1,15})?");

  private Units() {}

  /** Milliseconds. */
  public static long parseDuration(String text) {
    return parse(text, MILLIS, DURATION_FORMS);
  }

  /** Bytes; a kilobyte is 1024 of them. */
  public static long parseSize(String text) {
    return parse(text, BYTES, SIZE_FORMS);
  }

  /** {@code 0.01} or {@code 1%}. */
  public static Share parseShare(String text) {
    boolean percent = text.endsWith("%");
    String number = percent ? text.substring(0, text.length() - 1).strip() : text;
    if (!DECIMAL.matcher(number).matches()) {
      throw new IllegalArgumentException("is no share: write 0.01 or 1%");
    }
    BigDecimal value = new BigDecimal(number);
    BigDecimal fraction = percent ? value.movePointLeft(2) : value;
    if (fraction.signum() == 0 || fraction.compareTo(BigDecimal.ONE) > 0) {
      boolean forgotten =
          !percent && value.signum() > 0 && value.movePointLeft(2).compareTo(BigDecimal.ONE) <= 0;
      throw new IllegalArgumentException(
          "must be above 0 and at most 1 (100%)"
              + (forgotten ? "; did you mean " + number + "%?" : ""));
    }
    return new Share(fraction);
  }

  /** In the largest unit that gives a whole number: {@code 90s}, {@code 2m}. */
  public static String formatDuration(long millis) {
    return format(millis, MILLIS, "0s");
  }

  /** In the largest unit that gives a whole number: {@code 1mb}, {@code 1536kb}. */
  public static String formatSize(long bytes) {
    return format(bytes, BYTES, "0b");
  }

  private static long parse(String text, Map<String, Long> units, String forms) {
    Matcher matcher = NUMBER_AND_UNIT.matcher(text);
    Long unit = matcher.matches() ? units.get(matcher.group(2)) : null;
    if (unit == null) {
      boolean bare = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
      throw new IllegalArgumentException((bare ? "has no unit: " : "is not understood: ") + forms);
    }
    try {
      return Math.multiplyExact(Long.parseLong(matcher.group(1)), unit);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("is too large", e);
    }
  }

  private static String format(long value, Map<String, Long> units, String zero) {
    for (Map.Entry<String, Long> unit : units.entrySet()) {
      if (value != 0 && value % unit.getValue() == 0) {
        return value / unit.getValue() + unit.getKey();
      }
    }
    return zero;
  }
}
