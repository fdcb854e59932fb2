package dev.atalaya.sketch;

/**
 * A {@link KeySummary} of weights: what a key is worth is the sum of the weights it was given.
 *
 * <p>Not thread-safe.
 */
public interface WeightSummary extends KeySummary {

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

  @Override
  WeightSummary copy();

  @Override
  WeightSummary scaled(double factor);
}
