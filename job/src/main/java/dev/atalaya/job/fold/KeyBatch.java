package dev.atalaya.job.fold;

import dev.atalaya.sketch.WeightSummary;
import java.util.Arrays;

/**
 * Updates of one sketch that wait until there are {@link #SIZE} of them: a sketch that takes many
 * at once fetches all their buckets from memory together. Not thread-safe.
 */
final class KeyBatch {

  private static final int SIZE = 64;

  private final long[] hashes = new long[SIZE];
  private final int[] offsets = new int[SIZE];
  private final int[] lengths = new int[SIZE];
  private final long[] weights = new long[SIZE];
  private byte[] keys = new byte[SIZE * 32];
  private int keysEnd;
  private int count;

  /** Adds an update; answers whether the batch is full and must be drained. */
  boolean add(long hash, CompositeKey key, long weight) {
    int length = key.length();
    if (keys.length - keysEnd < length) {
      keys = Arrays.copyOf(keys, Math.max(2 * keys.length, keysEnd + length));
    }
    System.arraycopy(key.bytes(), key.offset(), keys, keysEnd, length);
    hashes[count] = hash;
    offsets[count] = keysEnd;
    lengths[count] = length;
    weights[count] = weight;
    keysEnd += length;
    return ++count == SIZE;
  }

  /** Gives the sketch what has come together, and is empty again. */
  void drainTo(WeightSummary sketch) {
    if (count > 0) {
      sketch.updateBatch(hashes, keys, offsets, lengths, weights, 0, count);
      count = 0;
      keysEnd = 0;
    }
  }
}
