package dev.atalaya.connectors.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.atalaya.connectors.Document;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Where a document goes: the index of its month, and its id there.
 *
 * <p>The time of a dead letter may be what the producer of a broken record says. Every month makes
 * an index, and a store has room for some hundred; so dead letters from more than a year ago or
 * from the future go to the index of those without a time.
 */
record Destination(String index, String id) {

  /** Stores take no longer ids. */
  private static final int MAX_ID_BYTES = 512;

  private static final int HASH_BYTES = 16;

  private static final int MAX_YEAR = 9_999;

  private static final long MAX_AGE_MILLIS = Duration.ofDays(366).toMillis();
  private static final long MAX_AHEAD_MILLIS = Duration.ofDays(1).toMillis();

  private static final DateTimeFormatter MONTH =
      DateTimeFormatter.ofPattern("uuuu.MM", Locale.ROOT);

  static Destination of(Document document, SearchSettings settings) {
    return new Destination(
        settings.alias(document.kind())
            + "-"
            + (hasMonth(document) ? MONTH.format(time(document)) : "undated"),
        storedId(document.id()));
  }

  /** Whether it has a time that stores understand. */
  static boolean isDated(Document document) {
    int year = time(document).getYear();
    return document.eventTimeMillis() != Document.UNDATED && year >= 1 && year <= MAX_YEAR;
  }

  private static boolean hasMonth(Document document) {
    if (document.kind() != Document.Kind.DEAD_LETTER || !isDated(document)) {
      return isDated(document);
    }
    long ageMillis = System.currentTimeMillis() - document.eventTimeMillis();
    return ageMillis <= MAX_AGE_MILLIS && ageMillis >= -MAX_AHEAD_MILLIS;
  }

  private static ZonedDateTime time(Document document) {
    return Instant.ofEpochMilli(document.eventTimeMillis()).atZone(ZoneOffset.UTC);
  }

  private static String storedId(String id) {
    byte[] bytes = id.getBytes(UTF_8);
    return bytes.length <= MAX_ID_BYTES ? id : hex128(bytes);
  }

  /** A plain hash of 128 bits, the same everywhere. */
  static String hex128(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(Arrays.copyOf(digest, HASH_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
