package dev.atalaya.job.detect;

import dev.atalaya.job.config.DetectorConfig;
import java.util.function.LongPredicate;

/**
 * A key is seen for the first time when it reaches the count and, as far as is remembered, never
 * did before.
 *
 * <p>Error: what is remembered of hashes answers that a key is known when it is not for at most one
 * key in a hundred, and never the other way round. A finding is certain when the key's lower bound
 * reaches the count and no window that is remembered was so coarse that a key could reach it
 * unnoticed.
 */
public final class FirstSeenRule implements KeyRule {

  private final long threshold;
  private final LongPredicate isKnown;
  private final boolean isComplete;

  /**
   * @param isKnown whether a key, by its hash, reached the count before
   * @param isComplete whether every key that did is known
   */
  public FirstSeenRule(DetectorConfig.FirstSeen rule, LongPredicate isKnown, boolean isComplete) {
    threshold = Math.max(1, rule.count());
    this.isKnown = isKnown;
    this.isComplete = isComplete;
  }

  @Override
  public Finding.Kind kind() {
    return Finding.Kind.FIRST_SEEN;
  }

  @Override
  public long threshold() {
    return threshold;
  }

  @Override
  public boolean mayHold(Measured key) {
    return key.largest() >= threshold && !isKnown.test(key.hash);
  }

  @Override
  public boolean isCertain(Measured key) {
    return isComplete && key.smallest() >= threshold;
  }
}
