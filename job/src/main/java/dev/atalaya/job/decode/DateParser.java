package dev.atalaya.job.decode;

import dev.atalaya.job.config.TimeConfig;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDate;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Arrays;

/**
 * Reads the date at the beginning of a time, in one of several layouts: days since the epoch, or
 * {@link #NO_DAY}. Says where the clock begins behind it.
 *
 * <p>Not thread-safe.
 */
final class DateParser {

  static final long NO_DAY = Long.MIN_VALUE;
  static final int ISO_LENGTH = 10;

  private final MonthNames months;
  private final int year;
  private final Clock clock;

  /** A stream stays on a date for long, so the last one is not computed again. */
  private byte[] lastDate = new byte[0];

  private long lastEpochDay;
  private int clockAt;

  /**
   * @param clock tells the year of dates that name none
   */
  DateParser(TimeConfig config, Clock clock) {
    months = new MonthNames(config.locale());
    year = Math.toIntExact(config.year());
    this.clock = clock;
  }

  /** Where the clock begins behind the last date. */
  int clockAt() {
    return clockAt;
  }

  /** {@code 2026-08-26T}. */
  long iso(byte[] text, int offset, int end) {
    clockAt = offset + ISO_LENGTH + 1;
    boolean isWhole = end >= clockAt && isDateTimeSeparator(text[clockAt - 1]);
    return isWhole ? isoDay(text, offset) : NO_DAY;
  }

  private static boolean isDateTimeSeparator(byte b) {
    return b == 'T' || b == ' ' || b == 't';
  }

  private long isoDay(byte[] text, int offset) {
    if (isLastDate(text, offset, ISO_LENGTH)) {
      return lastEpochDay;
    }
    if (text[offset + 4] != '-' || text[offset + 7] != '-') {
      return NO_DAY;
    }
    return remember(
        text,
        offset,
        ISO_LENGTH,
        digits(text, offset, 4),
        digits(text, offset + 5, 2),
        digits(text, offset + 8, 2));
  }

  /** {@code 26/Aug/2026:}. */
  long log(byte[] text, int offset, int end) {
    int colon = Lines.indexOf(text, (byte) ':', offset, end);
    clockAt = colon + 1;
    return colon == end ? NO_DAY : logDay(text, offset, colon);
  }

  private long logDay(byte[] text, int offset, int end) {
    int length = end - offset;
    if (isLastDate(text, offset, length)) {
      return lastEpochDay;
    }
    int yearAt = end - 4;
    if (length < 10 || text[offset + 2] != '/' || text[yearAt - 1] != '/') {
      return NO_DAY;
    }
    String name = new String(text, offset + 3, yearAt - 1 - (offset + 3), StandardCharsets.UTF_8);
    return remember(
        text, offset, length, digits(text, yearAt, 4), months.of(name), digits(text, offset, 2));
  }

  /** {@code Aug 26 }, {@code Aug 26 2026 }. */
  long syslog(byte[] text, int offset, int end) {
    int nameEnd = Lines.indexOf(text, (byte) ' ', offset, end);
    int dayAt = skipBlanks(text, nameEnd, end);
    int dayEnd = Lines.indexOf(text, (byte) ' ', dayAt, end);
    int behind = skipBlanks(text, dayEnd, end);
    boolean hasYear = behind + 5 < end && text[behind + 4] == ' ';
    int dateEnd = hasYear ? behind + 4 : dayEnd;
    clockAt = hasYear ? behind + 5 : behind;
    long day = NO_DAY;
    if (isLastDate(text, offset, dateEnd - offset)) {
      day = lastEpochDay;
    } else if (clockAt < end && dayEnd - dayAt <= 2) {
      String name = new String(text, offset, nameEnd - offset, StandardCharsets.UTF_8);
      int month = months.of(name);
      int ofMonth = digits(text, dayAt, dayEnd - dayAt);
      int named = hasYear ? digits(text, dateEnd - 4, 4) : yearOf(month, ofMonth);
      day = remember(text, offset, dateEnd - offset, named, month, ofMonth);
    }
    return day;
  }

  private static int skipBlanks(byte[] text, int from, int end) {
    int at = from;
    while (at < end && text[at] == ' ') {
      at++;
    }
    return at;
  }

  /** The configured year, or the last one that has the day, no more than one day ahead. */
  private int yearOf(int month, int day) {
    if (year > 0) {
      return year;
    }
    LocalDate tomorrow = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).plusDays(1);
    boolean isAhead =
        month > tomorrow.getMonthValue()
            || (month == tomorrow.getMonthValue() && day > tomorrow.getDayOfMonth());
    int last = isAhead ? tomorrow.getYear() - 1 : tomorrow.getYear();
    while (month == 2 && day == 29 && !Year.isLeap(last)) {
      last--;
    }
    return last;
  }

  /** {@code 08/26-}, {@code 08/26/26-}, {@code 08/26/2026-}. */
  long snort(byte[] text, int offset, int end) {
    int dateEnd = Lines.indexOf(text, (byte) '-', offset, end);
    clockAt = dateEnd + 1;
    int length = dateEnd - offset;
    long day = NO_DAY;
    if (isLastDate(text, offset, length)) {
      day = lastEpochDay;
    } else if (dateEnd < end && length >= 5 && text[offset + 2] == '/') {
      int month = digits(text, offset, 2);
      int ofMonth = digits(text, offset + 3, 2);
      int named =
          length == 5
              ? yearOf(month, ofMonth)
              : length == 8
                  ? ofCentury(digits(text, offset + 6, 2))
                  : length == 10 ? digits(text, offset + 6, 4) : -1;
      boolean hasSlash = length == 5 || text[offset + 5] == '/';
      day = hasSlash ? remember(text, offset, length, named, month, ofMonth) : NO_DAY;
    }
    return day;
  }

  private static int ofCentury(int year) {
    return year < 0 ? year : 2000 + year;
  }

  /** {@code 26/08/2026T}. */
  long sentilo(byte[] text, int offset, int end) {
    int dateEnd = offset + ISO_LENGTH;
    clockAt = dateEnd + 1;
    long day = NO_DAY;
    if (dateEnd < end && text[dateEnd] == 'T') {
      if (isLastDate(text, offset, ISO_LENGTH)) {
        day = lastEpochDay;
      } else if (text[offset + 2] == '/' && text[offset + 5] == '/') {
        day =
            remember(
                text,
                offset,
                ISO_LENGTH,
                digits(text, offset + 6, 4),
                digits(text, offset + 3, 2),
                digits(text, offset, 2));
      }
    }
    return day;
  }

  private boolean isLastDate(byte[] text, int offset, int length) {
    return length > 0 && Arrays.equals(lastDate, 0, lastDate.length, text, offset, offset + length);
  }

  private long remember(byte[] text, int offset, int length, int year, int month, int day) {
    if (year < 0 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) {
      return NO_DAY;
    }
    lastDate = Arrays.copyOfRange(text, offset, offset + length);
    lastEpochDay = LocalDate.of(year, month, day).toEpochDay();
    return lastEpochDay;
  }

  private static int daysIn(int year, int month) {
    return YearMonth.of(year, month).lengthOfMonth();
  }

  /** The value of so many digits, or -1. */
  static int digits(byte[] text, int from, int count) {
    int value = 0;
    for (int at = from; at < from + count; at++) {
      if (text[at] < '0' || text[at] > '9') {
        return -1;
      }
      value = value * 10 + (text[at] - '0');
    }
    return count > 0 ? value : -1;
  }
}
