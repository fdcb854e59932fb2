package dev.atalaya.capture.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Locale;

/**
 * Times as Sentilo writes them: {@code 17/09/2012T12:34:45}, with or without a zone behind ({@code
 * CET}, {@code Z}, {@code +02:00}); without one it is UTC.
 */
final class SentiloTime {

  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("dd/MM/uuuu'T'HH:mm:ss", Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  private static final int LENGTH = 19;

  private SentiloTime() {}

  /**
   * Milliseconds since the epoch.
   *
   * @throws DateTimeException when it is none
   */
  static long parse(String text) {
    if (text.length() < LENGTH) {
      throw new DateTimeException("too short");
    }
    String zone = text.substring(LENGTH).strip();
    ZoneId in = zone.isEmpty() ? ZoneOffset.UTC : ZoneId.of(zone, ZoneId.SHORT_IDS);
    return LocalDateTime.parse(text.substring(0, LENGTH), FORMAT)
        .atZone(in)
        .toInstant()
        .toEpochMilli();
  }

  /** In UTC. */
  static String format(long millis) {
    return FORMAT.format(Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC));
  }
}
