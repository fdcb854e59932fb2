package dev.atalaya.job.fold;

import dev.atalaya.job.decode.DecodedRecord;
import dev.atalaya.sketch.KeyHash;

/**
 * All detectors with the same key fields: the key is composed and hashed once for all of them. Not
 * thread-safe.
 */
final class KeyFold {

  private final CompositeKey key;
  private final KeyHash hash;
  private final DetectorFold[] detectors;

  KeyFold(CompositeKey key, KeyHash hash, DetectorFold[] detectors) {
    this.key = key;
    this.hash = hash;
    this.detectors = detectors;
  }

  void fold(DecodedRecord event, DetectorFold.PartialOutput output) {
    boolean hasKey = key.compose(event);
    long keyHash = hasKey ? hash.hash(key.bytes(), key.offset(), key.length()) : 0;
    for (DetectorFold detector : detectors) {
      detector.fold(event, hasKey, key, keyHash, output);
    }
  }

  void flushUpTo(long watermark, DetectorFold.PartialOutput output) {
    for (DetectorFold detector : detectors) {
      detector.flushUpTo(watermark, output);
    }
  }
}
