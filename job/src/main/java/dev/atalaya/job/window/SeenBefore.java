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

  /** When the younger generation began, or {@link Long#MIN_VALUE} before the first window. */
  long youngerMillis = Long.MIN_VALUE;

  /** What the keys were taken note of by, and the last window of which they were. */
  long count;

  long rememberMillis;
  long lastMillis = Long.MIN_VALUE;

  /** The last window so coarse that a key could reach the count unnoticed, or as above. */
  long incompleteMillis = Long.MIN_VALUE;

  SeenBefore(SeenKeys keys) {
    this.keys = keys;
  }

  static SeenBefore nothing(DetectorConfig.FirstSeen rule, long seedFingerprint) {
    return new SeenBefore(SeenKeys.create(rule.keys(), seedFingerprint));
  }

  SeenBefore copy() {
    SeenBefore copy = new SeenBefore(keys.copy());
    copy.youngerMillis = youngerMillis;
    copy.count = count;
    copy.rememberMillis = rememberMillis;
    copy.lastMillis = lastMillis;
    copy.incompleteMillis = incompleteMillis;
    return copy;
  }

  /** Forgets what is too old for a window that starts then, and says how to judge its keys. */
  FirstSeenRule ruleAt(long startMillis, DetectorConfig.FirstSeen rule) {
    boolean teaches = youngerMillis == Long.MIN_VALUE;
    if (!teaches && (rule.count() < count || rule.rememberMillis() > rememberMillis)) {
      // Of keys below the count before, and from before that time, nobody took note.
      incompleteMillis = lastMillis;
    }
    count = rule.count();
    rememberMillis = rule.rememberMillis();
    long now = Math.floorDiv(startMillis, rule.rememberMillis()) * rule.rememberMillis();
    if (!teaches && now > youngerMillis) {
      keys.rotate();
      if (lastMillis < now - rule.rememberMillis()) {
        keys.rotate();
      }
    }
    youngerMillis = teaches ? now : Math.max(youngerMillis, now);
    return new FirstSeenRule(
        rule,
        hash -> teaches || keys.contains(hash),
        incompleteMillis < now - rule.rememberMillis());
  }

  /** Takes note of the keys, or prefixes, of the window that was judged. */
  void add(long startMillis, KeySummary window, DetectorConfig.FirstSeen rule) {
    lastMillis = startMillis;
    if (window.errorBound() >= rule.count()) {
      incompleteMillis = startMillis;
    }
    window.forEachCandidate(
        (hash, key, offset, length, lower, upper) -> {
          if (Math.max(Math.abs(lower), Math.abs(upper)) >= rule.count()) {
            keys.add(hash);
          }
        });
  }
}
