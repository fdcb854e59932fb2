package dev.atalaya.job.detect;

import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.config.DetectorConfig.Allow;
import dev.atalaya.job.match.ValuePatterns;

/**
 * Whether one field of a key is among some values. A rolled-up prefix is when all of it is. Not
 * thread-safe.
 */
final class KeyMatcher {

  private final int fields;
  private final int field;
  private final boolean rolledUp;
  private final ValuePatterns values;

  /**
   * @param values of a field of the detector's key
   */
  KeyMatcher(DetectorConfig detector, Allow values) {
    fields = detector.key().size();
    field = detector.key().indexOf(values.field());
    rolledUp = detector.rollup() != null;
    this.values = ValuePatterns.of(values.patterns());
  }

  boolean matches(byte[] key) {
    if (rolledUp && KeyBytes.isPrefix(key, 0, key.length)) {
      return values.matchesPrefix(key, 1, key.length - 1);
    }
    if (fields == 1) {
      return values.matches(key, 0, key.length);
    }
    int at = 0;
    for (int i = 0; i < field; i++) {
      at = KeyBytes.behindLength(key, at) + KeyBytes.lengthAt(key, at);
    }
    return values.matches(key, KeyBytes.behindLength(key, at), KeyBytes.lengthAt(key, at));
  }
}
