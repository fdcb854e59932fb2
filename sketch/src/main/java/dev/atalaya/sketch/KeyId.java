package dev.atalaya.sketch;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The public name of a key in documents: the first 128 bits of its SHA-256, the same everywhere and
 * for ever.
 *
 * <p>Not {@link KeyHash}: document ids must not depend on the secret seed. And a cryptographic
 * hash, so that no one can make two keys share the id of an alert.
 */
public final class KeyId {

  private KeyId() {}

  /** The first 16 bytes of the SHA-256 of the key. */
  public static byte[] hash128(byte[] key, int offset, int length) {
    MessageDigest digest = KeyHash.sha256();
    digest.update(key, offset, length);
    return Arrays.copyOf(digest.digest(), 16);
  }

  /** The same as 32 lower-case hexadecimal digits. */
  public static String hex128(byte[] key, int offset, int length) {
    return HexFormat.of().formatHex(hash128(key, offset, length));
  }
}
