package dev.atalaya.job.decode;

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
}
