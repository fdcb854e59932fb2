package dev.atalaya.sketch;

import java.nio.ByteBuffer;

/**
 * A bounded summary of the keys of one window and their weights.
 *
 * <p>Weight: whatever the caller adds up (events, bytes, packets), a long.
 *
 * <p>Error: for every key, inserted or not, {@code lower(key) <= true(key) <= upper(key)}, for any
 * order of updates, any number of merges in any tree, any partitioning. The one exception is two
 * keys with the same 64-bit keyed hash: they are taken for one (expected 7e-7 times per window of 5
 * million keys).
 *
 * <p>Not thread-safe.
 */
public interface KeySummary {

  /**
   * Adds a weight to a key.
   *
   * @param hash the key's hash by the {@link KeyHash} of this summary
   * @param key an array that holds the key's bytes; copied when kept
   */
  void update(long hash, byte[] key, int offset, int length, long weight);

  /** Adds a weight to a key; the hash must be that of this summary's seed. */
  default void update(KeyHash hash, byte[] key, long weight) {
    update(hash.hash(key), key, 0, key.length, weight);
  }

  /**
   * The updates {@code first} to {@code first + count - 1} of these arrays, in an order of its own
   * choice; faster than one by one where buckets can be fetched ahead.
   *
   * @param keys holds the bytes of all keys; copied when kept
   */
  default void updateBatch(
      long[] hashes,
      byte[] keys,
      int[] offsets,
      int[] lengths,
      long[] weights,
      int first,
      int count) {
    for (int i = first; i < first + count; i++) {
      update(hashes[i], keys, offsets[i], lengths[i], weights[i]);
    }
  }

  /** Adds all of another summary of the same type, seed and memory to this one. */
  void merge(KeySummary other);

  /** The lower bound of the true weight of the key with this hash. */
  long lower(long hash);

  /** The upper bound of the true weight of the key with this hash. */
  long upper(long hash);

  /** The lower bound of the true weight of a key. */
  default long lower(KeyHash hash, byte[] key) {
    return lower(hash.hash(key));
  }

  /** The upper bound of the true weight of a key. */
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

  /** The sum of the absolute weights of all updates, saturating at {@link Long#MAX_VALUE}. */
  long total();

  /** Whether a sum has saturated: bounds hold for the saturated values only. */
  boolean overflowed();

  /** The number of distinct keys: exact while {@link #isExact}, else an estimate. */
  long distinctKeys();

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
