package dev.atalaya.sketch;

import java.nio.ByteBuffer;

/**
 * The weight of every key when weights may also be negative (retractions, differences): a pair of
 * {@link HeavyKeySketch}, one of what came and one of what went.
 *
 * <p>Shape: half of the memory each.
 *
 * <p>Error: {@code positive.lower - negative.upper <= true <= positive.upper - negative.lower} for
 * every key. {@link #errorBound} bounds the absolute value. The error of a key is that of both
 * sketches: it is relative to all that moved, not to what is left.
 *
 * <p>Merge: same seed, same memory; else refused.
 *
 * <p>Not thread-safe.
 */
public final class SignedHeavyKeySketch implements WeightSummary {

  private final HeavyKeySketch positive;
  private final HeavyKeySketch negative;

  SignedHeavyKeySketch(HeavyKeySketch positive, HeavyKeySketch negative) {
    this.positive = positive;
    this.negative = negative;
  }

  public static SignedHeavyKeySketch create(long memoryBytes, KeyHash hash) {
    return create(memoryBytes, hash.fingerprint());
  }

  public static SignedHeavyKeySketch create(long memoryBytes, long seedFingerprint) {
    if (memoryBytes < 2 * HeavyKeySketch.MIN_MEMORY_BYTES
        || memoryBytes > 2 * HeavyKeySketch.MAX_MEMORY_BYTES
        || memoryBytes % 2 != 0) {
      throw new IllegalArgumentException(
          "memory must be even and "
              + 2 * HeavyKeySketch.MIN_MEMORY_BYTES
              + " to "
              + 2 * HeavyKeySketch.MAX_MEMORY_BYTES
              + " bytes, got "
              + memoryBytes);
    }
    return new SignedHeavyKeySketch(
        HeavyKeySketch.create(memoryBytes / 2, seedFingerprint),
        HeavyKeySketch.create(memoryBytes / 2, seedFingerprint));
  }

  @Override
  public void update(long hash, byte[] key, int offset, int length, long weight) {
    if (weight >= 0) {
      positive.update(hash, key, offset, length, weight);
    } else if (weight == Long.MIN_VALUE) {
      // Its absolute value is no long.
      negative.update(hash, key, offset, length, Long.MAX_VALUE);
      negative.update(hash, key, offset, length, 1);
    } else {
      negative.update(hash, key, offset, length, -weight);
    }
  }

  @Override
  public void merge(KeySummary other) {
    if (!(other instanceof SignedHeavyKeySketch that)) {
      throw new IllegalArgumentException(
          "cannot merge: SignedHeavyKeySketch != " + other.getClass().getSimpleName());
    }
    positive.merge(that.positive);
    negative.merge(that.negative);
  }

  @Override
  public long lower(long hash) {
    return positive.lower(hash) - negative.upper(hash);
  }

  @Override
  public long upper(long hash) {
    return positive.upper(hash) - negative.lower(hash);
  }

  @Override
  public long estimate(long hash) {
    return positive.estimate(hash) - negative.estimate(hash);
  }

  @Override
  public boolean isExact() {
    return positive.isExact() && negative.isExact();
  }

  /**
   * A key whose bytes neither sketch stores is the difference of two values of at least 0, so its
   * absolute value is at most the larger.
   */
  @Override
  public long errorBound() {
    return Math.max(positive.errorBound(), negative.errorBound());
  }

  @Override
  public long total() {
    return Saturating.add(positive.total(), negative.total());
  }

  @Override
  public boolean overflowed() {
    return positive.overflowed()
        || negative.overflowed()
        || positive.total() + negative.total() < 0;
  }

  @Override
  public long distinctKeys() {
    return positive.distinctWith(negative);
  }

  @Override
  public void forEachCandidate(CandidateVisitor visitor) {
    positive.forEachCandidate(
        (hash, keys, offset, length, lower, upper) ->
            visitor.visit(hash, keys, offset, length, lower(hash), upper(hash)));
    negative.forEachCandidate(
        (hash, keys, offset, length, lower, upper) -> {
          if (!positive.isCandidate(hash)) {
            visitor.visit(hash, keys, offset, length, lower(hash), upper(hash));
          }
        });
  }

  @Override
  public void clear() {
    positive.clear();
    negative.clear();
  }

  @Override
  public SignedHeavyKeySketch copy() {
    return new SignedHeavyKeySketch(positive.copy(), negative.copy());
  }

  @Override
  public SignedHeavyKeySketch scaled(double factor) {
    return new SignedHeavyKeySketch(positive.scaled(factor), negative.scaled(factor));
  }

  @Override
  public long footprintBytes() {
    return positive.footprintBytes() + negative.footprintBytes();
  }

  @Override
  public long seedFingerprint() {
    return positive.seedFingerprint();
  }

  @Override
  public long memoryBytes() {
    return positive.memoryBytes() + negative.memoryBytes();
  }

  @Override
  public int maxSerializedBytes() {
    return SummaryCodec.maxBytes(this);
  }

  @Override
  public void write(ByteBuffer target) {
    SummaryCodec.write(this, target);
  }

  HeavyKeySketch positive() {
    return positive;
  }

  HeavyKeySketch negative() {
    return negative;
  }

  @Override
  public String toString() {
    return "SignedHeavyKeySketch[positive " + positive + ", negative " + negative + "]";
  }
}
