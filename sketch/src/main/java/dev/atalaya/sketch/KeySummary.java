package dev.atalaya.sketch;

import java.nio.ByteBuffer;

/**
 * A bounded summary of the keys of one window and their values.
 *
 * <p>Value: a sum of weights ({@link WeightSummary}) or a number of distinct peers ({@link
 * SpreadSketch}), a long.
 *
 * <p>Error: for every key, inserted or not, {@code lower(key) <= true(key) <= upper(key)}, for any
 * order of updates, any number of merges in any tree, any partitioning. The one exception is two
 * keys with the same 64-bit keyed hash: they are taken for one (expected 7e-7 times per window of 5
 * million keys).
 *
 * <p>Not thread-safe.
 */
public interface KeySummary {

  /** Adds all of another summary of the same type, seed and memory to this one. */
  void merge(KeySummary other);

  /** The lower bound of the true value of the key with this hash. */
  long lower(long hash);

  /** The upper bound of the true value of the key with this hash. */
  long upper(long hash);

  /** The lower bound of the true value of a key. */
  default long lower(KeyHash hash, byte[] key) {
    return lower(hash.hash(key));
  }

  /** The upper bound of the true value of a key. */
  default long upper(KeyHash hash, byte[] key) {
    return upper(hash.hash(key));
  }

  /** The best single guess between {@link #lower} and {@link #upper}; exact when they meet. */
  long estimate(long hash);

  /** Whether every answer is exact: all distinct keys still fit the memory. */
  boolean isExact();

  /**
   * The largest absolute value any key whose bytes are not stored can have; 0 while exact. A
   * threshold above it cannot miss a key.
   */
  long errorBound();

  /**
   * The sum of the absolute values of all that was added, saturating at {@link Long#MAX_VALUE}:
   * exact unless {@link #totalLower} and {@link #totalUpper} differ.
   */
  long total();

  /** The lower bound of the true {@link #total}. */
  default long totalLower() {
    return total();
  }

  /** The upper bound of the true {@link #total}. */
  default long totalUpper() {
    return total();
  }

  /** Whether a sum has saturated: bounds hold for the saturated values only. */
  boolean overflowed();

  /** The number of distinct keys: exact while {@link #isExact}, else an estimate. */
  long distinctKeys();

  /** The upper bound of {@link #distinctKeys}: an estimate's is exceeded once in a million. */
  default long distinctKeysUpper() {
    return distinctKeys();
  }

  /** Visits every stored key once, in no particular order. */
  void forEachCandidate(CandidateVisitor visitor);

  /** Forgets everything, keeping configuration, seed and, where it pays, the arrays. */
  void clear();

  /** A deep copy. */
  KeySummary copy();

  /** This summary multiplied by {@code 0 <= factor <= 1}; bounds hold for the scaled truth. */
  KeySummary scaled(double factor);

  /** Bytes of heap in use, arrays and key bytes, without object headers of constant number. */
  long footprintBytes();

  /** The {@link KeyHash#fingerprint} of the seed all hashes must come from. */
  long seedFingerprint();

  /** The memory it was configured with. */
  long memoryBytes();

  /** An upper bound of the length of {@link #write}. */
  int maxSerializedBytes();

  /** Writes the bytes of FORMAT.md. */
  void write(ByteBuffer target);

  /** Receives one stored key and its bounds. */
  @FunctionalInterface
  interface CandidateVisitor {
    void visit(long hash, byte[] keys, int offset, int length, long lower, long upper);
  }

  /** Whether no key with an absolute value of {@code threshold} or more can be missed. */
  default boolean certified(long threshold) {
    return threshold > errorBound();
  }
}
