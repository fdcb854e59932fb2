package dev.atalaya.job.window;

import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.detect.FirstSeenRule;
import dev.atalaya.sketch.KeySummary;
import dev.atalaya.sketch.SeenKeys;

/**
 * Which keys of a slice have reached the count of {@code first-seen}, and since when that is
 * remembered. Generations are aligned to the epoch: a key is known for one to two of them. Not
 * thread-safe.
 */
final class SeenBefore {

  final SeenKeys keys;

  /** The generation of the last window, or {@link Long#MIN_VALUE} before the first. */
  long generation;

  /** The last in which a window was so coarse that a key could reach the count unnoticed. */
  long incompleteGeneration;

  SeenBefore(SeenKeys keys, long generation, long incompleteGeneration) {
    this.keys = keys;
    this.generation = generation;
    this.incompleteGeneration = incompleteGeneration;
  }

  static SeenBefore nothing(DetectorConfig.FirstSeen rule, long seedFingerprint) {
    return new SeenBefore(
        SeenKeys.create(rule.keys(), seedFingerprint), Long.MIN_VALUE, Long.MIN_VALUE);
  }

  SeenBefore copy() {
    return new SeenBefore(keys.copy(), generation, incompleteGeneration);
  }

  /** Forgets what is too old for a window that starts then, and says how to judge its keys. */
  FirstSeenRule ruleAt(long startMillis, DetectorConfig.FirstSeen rule) {
    boolean teaches = generation == Long.MIN_VALUE;
    long now = Math.floorDiv(startMillis, rule.rememberMillis());
    if (!teaches) {
      for (long turns = Math.min(2, now - generation); turns > 0; turns--) {
        keys.rotate();
      }
    }
    generation = now;
    return new FirstSeenRule(
        rule, hash -> teaches || keys.contains(hash), incompleteGeneration < now - 1);
  }

  /** Takes note of the keys, or prefixes, of the window that was judged. */
  void add(KeySummary window, DetectorConfig.FirstSeen rule) {
    if (window.errorBound() >= rule.count()) {
      incompleteGeneration = generation;
    }
    window.forEachCandidate(
        (hash, key, offset, length, lower, upper) -> {
          if (Math.max(Math.abs(lower), Math.abs(upper)) >= rule.count()) {
            keys.add(hash);
          }
        });
  }
}
