package dev.atalaya.capture.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/** Who may send what. How long a look takes says nothing about any key. Immutable. */
final class IdentityKeys {

  private final List<HttpSettings.Key> keys;
  private final List<byte[]> digests = new ArrayList<>();

  IdentityKeys(List<HttpSettings.Key> keys) {
    this.keys = keys;
    keys.forEach(key -> digests.add(digest(key.value().value())));
  }

  /**
   * @param presented or null
   * @param provider of Sentilo, or null
   * @throws RefusedException with 401 for a key that nobody has, with 403 for one of other
   *     providers
   */
  void check(String presented, String provider) throws RefusedException {
    if (keys.isEmpty()) {
      return;
    }
    byte[] digest = digest(presented == null ? "" : presented);
    HttpSettings.Key found = null;
    for (int i = 0; i < keys.size(); i++) {
      if (MessageDigest.isEqual(digest, digests.get(i))) {
        found = keys.get(i);
      }
    }
    if (found == null || presented == null) {
      throw new RefusedException(401, null);
    }
    if (!found.providers().isEmpty()
        && (provider == null || !found.providers().contains(provider))) {
      throw new RefusedException(403, null);
    }
  }

  /** Of equal length whatever the key, so that comparing tells nothing. */
  private static byte[] digest(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
