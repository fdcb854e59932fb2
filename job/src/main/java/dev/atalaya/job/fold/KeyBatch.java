package dev.atalaya.job.fold;

import dev.atalaya.sketch.KeySummary;
import dev.atalaya.sketch.SpreadSketch;
import dev.atalaya.sketch.WeightSummary;
import java.util.Arrays;

/**
 * Updates of one summary that wait until there are {@link #SIZE} of them: a sketch that takes many
 * at once fetches all their buckets from memory together. Not thread-safe.
 */
final class KeyBatch {

  private static final int SIZE = 64;

  private final long[] hashes = new long[SIZE];
  private final int[] offsets = new int[SIZE];
  private final int[] lengths = new int[SIZE];

  /** Weights, or hashes of peers. */
  private final long[] values = new long[SIZE];

  private byte[] keys = new byte[SIZE * 32];
  private int keysEnd;
  private int count;

  /** Adds an update; answers whether the batch is full and must be drained. */
  boolean add(long hash, byte[] key, int offset, int length, long value) {
    if (keys.length - keysEnd < length) {
      keys = Arrays.copyOf(keys, Math.max(2 * keys.length, keysEnd + length));
    }
    System.arraycopy(key, offset, keys, keysEnd, length);
    hashes[count] = hash;
    offsets[count] = keysEnd;
    lengths[count] = length;
    values[count] = value;
    keysEnd += length;
    return ++count == SIZE;
  }

  /**
   * Gives the summary what has come together, and is empty again.
   *
   * @param emptyIt makes the summary empty, its content being sent on, when it counts peers and is
   *     full
   */
  void drainTo(KeySummary summary, Runnable emptyIt) {
    if (count == 0) {
      return;
    }
    if (summary instanceof SpreadSketch peers) {
      for (int i = 0; i < count; i++) {
        addTo(peers, i, emptyIt);
      }
    } else {
      ((WeightSummary) summary).updateBatch(hashes, keys, offsets, lengths, values, 0, count);
    }
    count = 0;
    keysEnd = 0;
  }

  /** As long as it is exact it can be merged without loss. */
  private void addTo(SpreadSketch peers, int i, Runnable emptyIt) {
    if (!peers.addIfExact(hashes[i], values[i], keys, offsets[i], lengths[i])) {
      emptyIt.run();
      peers.add(hashes[i], values[i], keys, offsets[i], lengths[i]);
    }
  }
}
