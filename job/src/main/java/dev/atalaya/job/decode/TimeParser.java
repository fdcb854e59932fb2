package dev.atalaya.job.decode;

import dev.atalaya.job.config.TimeConfig;
import dev.atalaya.job.config.TimeConfig.Unit;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.Arrays;
import java.util.Locale;

/**
 * Reads the time of an event: milliseconds since the epoch, between {@link #MIN_MILLIS} and {@link
 * #MAX_MILLIS}. Outside of that it is no time but a mistaken unit, an unset clock or an overflow.
 *
 * <p>Holds the result of the last time. Not thread-safe.
 */
final class TimeParser {

  /*
   * Per event there is no java.time: layouts are read by position. Days since the epoch are computed
   * once per date and zone offsets once per minute, since a stream stays on both for long.
   */

  /** 1980-01-01: before that, a number of milliseconds is seconds (or a clock without battery). */
  static final long MIN_MILLIS = Instant.parse("1980-01-01T00:00:00Z").toEpochMilli();

  /** 2100-01-01, exclusive. */
  static final long MAX_MILLIS = Instant.parse("2100-01-01T00:00:00Z").toEpochMilli();

  private static final long MILLIS_PER_DAY = 86_400_000;
  private static final long MILLIS_PER_MINUTE = 60_000;
  private static final int MAX_DIGITS = 19;
  private static final byte[] UTC = {'U', 'T', 'C'};
  private static final byte[] GMT = {'G', 'M', 'T'};
  private static final long BAD_OFFSET = Long.MIN_VALUE;

  private final Unit unit;
  private final ZoneRules zone;
  private final DateParser dates;

  private long lastLocalMinute = Long.MIN_VALUE;
  private long lastOffsetMillis;

  private long millis;
  private String detail;

  /**
   * @param clock tells the year of times that name none
   */
  TimeParser(TimeConfig config, Clock clock) {
    unit = config.unit();
    zone = config.zone().getRules();
    dates = new DateParser(config, clock);
  }

  /** The last time, when {@link #parse} answered null. */
  long millis() {
    return millis;
  }

  /** What was wrong with it, otherwise. */
  String detail() {
    return detail;
  }

  /** Reads a time in the configured unit; null when it is one, otherwise the reason why not. */
  RejectReason parse(byte[] text, int offset, int length) {
    return switch (unit) {
      case ISO -> parseIso(text, offset, offset + length);
      case LOG ->
          parseDate(dates.log(text, offset, offset + length), text, offset, offset + length);
      case SYSLOG -> parseSyslog(text, offset, offset + length);
      case SNORT ->
          parseDate(dates.snort(text, offset, offset + length), text, offset, offset + length);
      case SENTILO ->
          parseDate(dates.sentilo(text, offset, offset + length), text, offset, offset + length);
      case S, MS, US, NS, AUTO -> parseEpoch(text, offset, offset + length);
    };
  }

  /** Takes a time that is already in milliseconds; null when it is plausible. */
  RejectReason accept(long epochMillis) {
    if (isPlausible(epochMillis)) {
      millis = epochMillis;
      return null;
    }
    return fail(RejectReason.TIME_RANGE, epochMillis + " ms is not between 1980 and 2100");
  }

  // ---- numbers ----

  private boolean isAuto() {
    return unit == Unit.AUTO || unit == Unit.SYSLOG;
  }

  private RejectReason parseEpoch(byte[] text, int offset, int end) {
    if (end - offset > 0 && end - offset <= MAX_DIGITS) {
      long value = 0; // above 64 bits, 19 digits are below 0
      int at = offset;
      while (at < end && text[at] >= '0' && text[at] <= '9') {
        value = value * 10 + (text[at++] - '0');
      }
      if (at == end) {
        return acceptEpoch(value, text, offset, end);
      }
      if (unit == Unit.S
          && at > offset
          && text[at] == '.'
          && acceptFraction(value, text, at + 1, end)) {
        return null;
      }
    }
    return parseEpochSlowly(text, offset, end);
  }

  /** Takes seconds with a fraction, as proxies and sensors write them; false to look closer. */
  private boolean acceptFraction(long seconds, byte[] text, int from, int end) {
    long result = seconds;
    for (int digit = 0; digit < 3; digit++) {
      int at = from + digit;
      if (at < end && (text[at] < '0' || text[at] > '9')) {
        return false;
      }
      result = result * 10 + (at < end ? text[at] - '0' : 0);
    }
    for (int at = from + 3; at < end; at++) {
      if (text[at] < '0' || text[at] > '9') {
        return false;
      }
    }
    if (from == end || seconds > MAX_MILLIS || !isPlausible(result)) {
      return false;
    }
    millis = result;
    return true;
  }

  private RejectReason acceptEpoch(long value, byte[] text, int offset, int end) {
    long found =
        switch (unit) {
          case S -> ofSeconds(value);
          case MS -> value;
          case US -> value / 1000;
          case NS -> value / 1_000_000;
          default -> ofAnyUnit(value);
        };
    if (value >= 0 && isPlausible(found)) {
      millis = found;
      return null;
    }
    return parseEpochSlowly(text, offset, end);
  }

  private static long ofSeconds(long value) {
    return value <= MAX_MILLIS / 1000 ? value * 1000 : -1;
  }

  /** No number is plausible in two units. */
  private static long ofAnyUnit(long value) {
    if (isPlausible(value)) {
      return value;
    } else if (value <= MAX_MILLIS / 1000) {
      return value * 1000;
    }
    return isPlausible(value / 1000) ? value / 1000 : value / 1_000_000;
  }

  /** Fractions, exponents, the rarer units, and everything that is wrong. */
  private RejectReason parseEpochSlowly(byte[] text, int offset, int end) {
    String shown = VisibleText.of(text, offset, end - offset);
    if (!NumberParser.isDecimal(text, offset, end)) {
      return fail(
          RejectReason.TIME_FORMAT,
          '"'
              + shown
              + "\" is not a number; time.unit is "
              + unitName(unit)
              + isoHint(text, offset, end));
    }
    String decimal = new String(text, offset, end - offset, StandardCharsets.US_ASCII);
    BigDecimal exact = NumberParser.exactOrNull(decimal);
    if (exact == null) {
      return fail(RejectReason.TIME_RANGE, shown + " is beyond all time");
    }
    Unit plausible = plausibleUnit(exact);
    if (isAuto() ? plausible != null : toPlausibleMillis(exact, unit)) {
      return null;
    }
    return fail(
        RejectReason.TIME_RANGE,
        shown
            + " is not between 1980 and 2100 in unit "
            + unitName(unit)
            + (plausible == null ? "" : ": looks like " + unitName(plausible)));
  }

  /** The unit in which the number is a plausible time, or null. */
  private Unit plausibleUnit(BigDecimal number) {
    for (Unit candidate : new Unit[] {Unit.MS, Unit.S, Unit.US, Unit.NS}) {
      if (toPlausibleMillis(number, candidate)) {
        return candidate;
      }
    }
    return null;
  }

  private boolean toPlausibleMillis(BigDecimal number, Unit of) {
    int power =
        switch (of) {
          case S -> 3;
          case US -> -3;
          case NS -> -6;
          case MS, AUTO, ISO, LOG, SYSLOG, SNORT, SENTILO -> 0;
        };
    Long scaled = NumberParser.scaled(number, power);
    if (scaled == null || !isPlausible(scaled)) {
      return false;
    }
    millis = scaled;
    return true;
  }

  private static boolean isPlausible(long epochMillis) {
    return epochMillis >= MIN_MILLIS && epochMillis < MAX_MILLIS;
  }

  private static String isoHint(byte[] text, int offset, int end) {
    boolean looksIso = end - offset > DateParser.ISO_LENGTH && text[offset + 4] == '-';
    return looksIso ? ": looks like iso" : "";
  }

  private static String unitName(Unit unit) {
    return unit.name().toLowerCase(Locale.ROOT);
  }

  // ---- 2026-08-26T10:00:00.123+02:00 ----

  private RejectReason parseIso(byte[] text, int offset, int end) {
    if (offset < end && (text[offset] == '-' || text[offset] == '+')) {
      return end - offset > 1 && DateParser.digits(text, offset + 1, 1) >= 0
          ? outOfRange(text, offset, end) // a year before 0 or after 9999
          : badFormat(text, offset, end);
    }
    return parseDate(dates.iso(text, offset, end), text, offset, end);
  }

  // ---- Aug 26 10:00:00 ----

  private RejectReason parseSyslog(byte[] text, int offset, int end) {
    if (offset < end && text[offset] >= '0' && text[offset] <= '9') {
      return end - offset > 4 && text[offset + 4] == '-'
          ? parseIso(text, offset, end)
          : parseEpoch(text, offset, end);
    }
    return parseDate(dates.syslog(text, offset, end), text, offset, end);
  }

  private RejectReason parseDate(long day, byte[] text, int offset, int end) {
    return day == DateParser.NO_DAY
        ? badFormat(text, offset, end)
        : parseClock(day, text, offset, dates.clockAt(), end);
  }

  // ---- the clock and the zone ----

  /** Reads {@code 10:00[:00[.000]][ ][zone]}. */
  private RejectReason parseClock(long day, byte[] text, int offset, int from, int end) {
    int hour = twoDigits(text, from, end);
    int minute = twoDigits(text, from + 3, end);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || text[from + 2] != ':') {
      return badFormat(text, offset, end);
    }
    long clock = (hour * 60L + minute) * MILLIS_PER_MINUTE;
    int at = from + 5;
    if (at < end && text[at] == ':') {
      int second = twoDigits(text, at + 1, end);
      if (second == 60 && hour == 23 && minute == 59) {
        second = 59; // a leap second is counted with the second before
      }
      if (second < 0 || second > 59) {
        return badFormat(text, offset, end);
      }
      clock += second * 1000L;
      at += 3;
      if (at < end && (text[at] == '.' || text[at] == ',')) {
        int fractionEnd = at + 1;
        int scale = 100;
        while (fractionEnd < end && text[fractionEnd] >= '0' && text[fractionEnd] <= '9') {
          clock += (long) (text[fractionEnd++] - '0') * scale;
          scale /= 10;
        }
        if (fractionEnd == at + 1) {
          return badFormat(text, offset, end);
        }
        at = fractionEnd;
      }
    }
    long local = day * MILLIS_PER_DAY + clock;
    if (local < MIN_MILLIS - MILLIS_PER_DAY || local > MAX_MILLIS + MILLIS_PER_DAY) {
      return outOfRange(text, offset, end);
    }
    long zoneOffset = zoneOffsetMillis(local, text, at, end);
    if (zoneOffset == BAD_OFFSET) {
      return badFormat(text, offset, end);
    }
    if (!isPlausible(local - zoneOffset)) {
      return outOfRange(text, offset, end);
    }
    millis = local - zoneOffset;
    return null;
  }

  /** The offset written at {@code from}, or that of the configured zone when none is. */
  private long zoneOffsetMillis(long local, byte[] text, int from, int end) {
    if (from == end) {
      return configuredOffsetMillis(local);
    }
    int at = text[from] == ' ' ? from + 1 : from;
    if (at == end) {
      return BAD_OFFSET;
    }
    if (end - at == 1 && (text[at] == 'Z' || text[at] == 'z')) {
      return 0;
    }
    if (is(UTC, text, at, end) || is(GMT, text, at, end)) {
      return 0;
    }
    if (text[at] != '+' && text[at] != '-') {
      return BAD_OFFSET;
    }
    int hours = twoDigits(text, at + 1, end);
    int minutesAt = at + 3;
    int minutes = 0;
    if (minutesAt < end) {
      minutesAt += text[minutesAt] == ':' ? 1 : 0;
      minutes = twoDigits(text, minutesAt, end);
      minutesAt += 2;
    }
    if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59 || minutesAt != end) {
      return BAD_OFFSET;
    }
    long size = (hours * 60L + minutes) * MILLIS_PER_MINUTE;
    return text[at] == '-' ? -size : size;
  }

  /**
   * The configured zone's offset at a local time. A time that a change of clocks skips or repeats
   * takes the offset before the change.
   */
  private long configuredOffsetMillis(long local) {
    long localMinute = Math.floorDiv(local, MILLIS_PER_MINUTE);
    if (localMinute != lastLocalMinute) {
      LocalDateTime at = LocalDateTime.ofEpochSecond(localMinute * 60, 0, ZoneOffset.UTC);
      lastOffsetMillis = zone.getOffset(at).getTotalSeconds() * 1000L;
      lastLocalMinute = localMinute;
    }
    return lastOffsetMillis;
  }

  private static boolean is(byte[] zone, byte[] text, int from, int end) {
    return Arrays.equals(zone, 0, zone.length, text, from, end);
  }

  private static int twoDigits(byte[] text, int from, int end) {
    return from + 2 <= end ? DateParser.digits(text, from, 2) : -1;
  }

  private RejectReason badFormat(byte[] text, int offset, int end) {
    String layout =
        switch (unit) {
          case SYSLOG -> "Aug 26 10:00:00 or 2026-08-26T10:00:00[.123][Z]";
          case SNORT -> "08/26-10:00:00.123456";
          case SENTILO -> "26/08/2026T10:00:00";
          case LOG -> "26/Aug/2026:10:00:00 +0200";
          default -> "2026-08-26T10:00:00[.123][Z]";
        };
    return fail(
        RejectReason.TIME_FORMAT,
        '"' + VisibleText.of(text, offset, end - offset) + "\" is not a time like " + layout);
  }

  private RejectReason outOfRange(byte[] text, int offset, int end) {
    return fail(
        RejectReason.TIME_RANGE,
        VisibleText.of(text, offset, end - offset) + " is not between 1980 and 2100");
  }

  private RejectReason fail(RejectReason reason, String why) {
    detail = why;
    return reason;
  }
}
