package dev.atalaya.job.detect;

import dev.atalaya.job.config.DetectorConfig.Sleep;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.List;

/** The hours of a detector in which nothing is found, by the clock on the wall of their zone. */
final class SleepHours {

  private static final int MINUTES_PER_HOUR = 60;

  private final List<Sleep> hours;

  SleepHours(List<Sleep> hours) {
    this.hours = hours;
  }

  /** Whether a window that begins then is not judged. */
  boolean contain(long startMillis) {
    return hours.stream().anyMatch(sleep -> isIn(sleep, startMillis));
  }

  private static boolean isIn(Sleep sleep, long startMillis) {
    ZonedDateTime local = Instant.ofEpochMilli(startMillis).atZone(sleep.zone());
    int minute = local.getHour() * MINUTES_PER_HOUR + local.getMinute();
    boolean today = sleep.days().contains(local.getDayOfWeek());
    if (sleep.fromMinute() < sleep.toMinute()) {
      return today && minute >= sleep.fromMinute() && minute < sleep.toMinute();
    }
    boolean sinceYesterday = sleep.days().contains(local.getDayOfWeek().minus(1));
    return (today && minute >= sleep.fromMinute()) || (sinceYesterday && minute < sleep.toMinute());
  }
}
