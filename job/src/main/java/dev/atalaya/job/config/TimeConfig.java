package dev.atalaya.job.config;

import java.io.Serializable;
import java.time.ZoneId;
import java.util.Locale;

/**
 * Where an event's time comes from and how far the stream may be out of order.
 *
 * @param field that holds the time, or null for the broker's own time of the record
 * @param brokerFallback whether a record without the field takes the broker's time
 * @param unit of the field
 * @param zone of times that name none
 * @param year of times that name none, or 0 for the last year that makes them no future
 * @param locale of month names in access logs
 * @param outOfOrdernessMillis how far behind the newest event of its partition an event may be
 * @param idleMillis after which a silent partition no longer holds windows open
 * @param maxAheadMillis of the wall clock, above which an event is skewed
 */
public record TimeConfig(
    String field,
    boolean brokerFallback,
    Unit unit,
    ZoneId zone,
    @Later long year,
    Locale locale,
    long outOfOrdernessMillis,
    long idleMillis,
    long maxAheadMillis)
    implements Serializable {

  /** The units, named in the configuration as here in lower case. */
  public enum Unit {
    S,
    MS,
    US,
    NS,
    /** Seconds, milliseconds, microseconds or nanoseconds, told apart by the number of digits. */
    AUTO,
    /** ISO-8601. */
    ISO,
    /** {@code 26/Aug/2026:10:00:00 +0200}, as Apache and NGINX write it. */
    LOG,
    /** {@code Aug 26 10:00:00}, with or without a year; ISO-8601; or a number as {@link #AUTO}. */
    SYSLOG,
    /** {@code 08/26-10:00:00.123456}, month first, with or without a year. */
    SNORT,
    /** {@code 26/08/2026T10:00:00}, day first. */
    SENTILO
  }
}
