package dev.atalaya.bench.sketch;

import dev.atalaya.sketch.HeavyKeySketch;
import dev.atalaya.sketch.KeyHash;
import dev.atalaya.sketch.WeightSummary;
import java.util.Arrays;

/**
 * One epoch's keys as they would come from a decoder: one behind the other, in order of arrival.
 */
final class Stream {

  static final int BATCH = 64;

  final KeyHash hash;
  final int keyLength;
  final byte[] keys;
  final int[] offsets;
  final int[] lengths;
  final long[] weights;
  final long[] hashes;

  Stream(Epochs epochs, int epoch, KeyHash hash) {
    this.hash = hash;
    keyLength = epochs.keyLength;
    int[] events = epochs.events[epoch];
    int count = events.length;
    keys = new byte[count * keyLength];
    offsets = new int[count];
    lengths = new int[count];
    weights = new long[count];
    hashes = new long[count];
    for (int i = 0; i < count; i++) {
      System.arraycopy(epochs.keys, events[i] * keyLength, keys, i * keyLength, keyLength);
      offsets[i] = i * keyLength;
      lengths[i] = keyLength;
      weights[i] = 1;
      hashes[i] = hash.hash(keys, i * keyLength, keyLength);
    }
  }

  int size() {
    return hashes.length;
  }

  HeavyKeySketch sketch(long memoryBytes) {
    return HeavyKeySketch.create(memoryBytes, hash);
  }

  /** One by one, hashes at hand. */
  <T extends WeightSummary> T updateHashed(T sketch) {
    for (int i = 0; i < hashes.length; i++) {
      sketch.update(hashes[i], keys, offsets[i], keyLength, 1);
    }
    return sketch;
  }

  /** One by one, hashing included. */
  <T extends WeightSummary> T update(T sketch) {
    for (int i = 0; i < hashes.length; i++) {
      int offset = i * keyLength;
      sketch.update(hash.hash(keys, offset, keyLength), keys, offset, keyLength, 1);
    }
    return sketch;
  }

  /** In batches, hashes at hand. */
  <T extends WeightSummary> T updateBatchesHashed(T sketch) {
    sketch.updateBatch(hashes, keys, offsets, lengths, weights, 0, hashes.length);
    return sketch;
  }

  /** In batches, hashing included, from arrays of one batch as a job would fill them. */
  <T extends WeightSummary> T updateBatches(T sketch) {
    long[] batchHashes = new long[BATCH];
    int[] batchOffsets = new int[BATCH];
    int[] batchLengths = new int[BATCH];
    long[] batchWeights = new long[BATCH];
    Arrays.fill(batchLengths, keyLength);
    Arrays.fill(batchWeights, 1);
    for (int first = 0; first < hashes.length; first += BATCH) {
      int count = Math.min(BATCH, hashes.length - first);
      for (int i = 0; i < count; i++) {
        int offset = (first + i) * keyLength;
        batchOffsets[i] = offset;
        batchHashes[i] = hash.hash(keys, offset, keyLength);
      }
      sketch.updateBatch(batchHashes, keys, batchOffsets, batchLengths, batchWeights, 0, count);
    }
    return sketch;
  }
}
