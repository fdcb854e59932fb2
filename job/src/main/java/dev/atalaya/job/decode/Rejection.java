package dev.atalaya.job.decode;

import dev.atalaya.connectors.Payload;
import java.util.Arrays;
import java.util.Base64;

/**
 * A payload that could not be decoded, with all that is needed to find and mend it.
 *
 * @param reason what is wrong
 * @param detail what was met and expected, or a hint; never the payload's own text unescaped
 * @param rawBase64 the first {@link #MAX_RAW_BYTES} of the payload, base64
 * @param fullLength the payload's whole length in bytes
 * @param origin where it came from
 * @param timestampMillis the broker's time of it, or {@code Payload.NO_TIMESTAMP}
 */
public record Rejection(
    RejectReason reason,
    String detail,
    String rawBase64,
    long fullLength,
    String origin,
    long timestampMillis) {

  public static final int MAX_RAW_BYTES = 4096;

  /**
   * Of a payload.
   *
   * @param raw what is kept of it, at most {@link #MAX_RAW_BYTES}, or null
   * @param timestampMillis what the broker says: a time, or not kept
   */
  public static Rejection of(
      RejectReason reason,
      String detail,
      byte[] raw,
      int offset,
      int length,
      long fullLength,
      String origin,
      long timestampMillis) {
    String kept = "";
    if (raw != null) {
      byte[] bytes = Arrays.copyOfRange(raw, offset, offset + Math.min(length, MAX_RAW_BYTES));
      kept = Base64.getEncoder().encodeToString(bytes);
    }
    return new Rejection(reason, detail, kept, fullLength, origin, plausible(timestampMillis));
  }

  /** Documents are filed by this time, so what a broken producer claims must be a time. */
  private static long plausible(long millis) {
    return millis >= TimeParser.MIN_MILLIS && millis < TimeParser.MAX_MILLIS
        ? millis
        : Payload.NO_TIMESTAMP;
  }
}
