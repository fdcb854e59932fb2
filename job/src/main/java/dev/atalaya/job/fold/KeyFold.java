package dev.atalaya.job.fold;

import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.config.DetectorConfig.Rollup;
import dev.atalaya.job.decode.DecodedRecord;
import dev.atalaya.job.decode.FieldPlan;
import dev.atalaya.sketch.KeyHash;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All detectors with the same key fields: the key is composed and hashed once for all of them, and
 * so are its prefixes for those that roll up alike. Not thread-safe.
 */
final class KeyFold {

  private final CompositeKey key;
  private final KeyHash hash;
  private final PrefixKeys[] prefixes;
  private final DetectorFold[] detectors;

  /**
   * @param sameKey detectors with the same key fields, at least one
   * @param outOfOrdernessMillis of the stream
   */
  KeyFold(
      List<DetectorConfig> sameKey,
      FieldPlan plan,
      KeyHash hash,
      long outOfOrdernessMillis,
      DetectorFold.PartialOutput output) {
    this.hash = hash;
    key = CompositeKey.of(sameKey.get(0).key(), plan);
    Map<Rollup, PrefixKeys> byRollup = new HashMap<>();
    for (DetectorConfig detector : sameKey) {
      if (detector.rollup() != null) {
        byRollup.computeIfAbsent(detector.rollup(), rollup -> new PrefixKeys(rollup, hash));
      }
    }
    prefixes = byRollup.values().toArray(PrefixKeys[]::new);
    detectors =
        sameKey.stream()
            .map(
                detector ->
                    new DetectorFold(
                        detector,
                        plan,
                        byRollup.get(detector.rollup()),
                        hash,
                        outOfOrdernessMillis,
                        output))
            .toArray(DetectorFold[]::new);
  }

  void fold(DecodedRecord event) {
    boolean hasKey = key.compose(event);
    long keyHash = hasKey ? hash.hash(key.bytes(), key.offset(), key.length()) : 0;
    for (PrefixKeys ofKey : prefixes) {
      ofKey.clear();
    }
    for (DetectorFold detector : detectors) {
      detector.fold(event, hasKey, key, keyHash);
    }
  }

  void flushUpTo(long watermark) {
    for (DetectorFold detector : detectors) {
      detector.flushUpTo(watermark);
    }
  }
}
