package dev.atalaya.job.decode;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Cuts long keys: the beginning, {@code ~}, and 24 hexadecimal digits of the SHA-256 of the whole
 * value. Two long values that begin alike stay two keys, and nobody can build two with one hash.
 *
 * <p>Not thread-safe.
 */
final class KeyLimit {

  private static final int HASH_BYTES = 12;
  private static final int SUFFIX_BYTES = 1 + 2 * HASH_BYTES;
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final int maxBytes;
  private final MessageDigest sha256;

  /**
   * @param maxBytes of a key, the suffix included
   */
  KeyLimit(int maxBytes) {
    if (maxBytes <= SUFFIX_BYTES) {
      throw new IllegalArgumentException(
          "a key needs more than the " + SUFFIX_BYTES + " bytes of its hash, got " + maxBytes);
    }
    this.maxBytes = maxBytes;
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  boolean exceeds(int length) {
    return length > maxBytes;
  }

  /** Cuts the value in place; answers its new length. */
  int cut(byte[] bytes, int offset, int length) {
    sha256.update(bytes, offset, length);
    byte[] hash = sha256.digest();
    int kept = Utf8.boundary(bytes, offset, maxBytes - SUFFIX_BYTES);
    int to = offset + kept;
    bytes[to++] = '~';
    for (int i = 0; i < HASH_BYTES; i++) {
      bytes[to++] = HEX[hash[i] >> 4 & 0xf];
      bytes[to++] = HEX[hash[i] & 0xf];
    }
    return kept + SUFFIX_BYTES;
  }
}
