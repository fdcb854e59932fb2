package dev.atalaya.bench.sketch;

import dev.atalaya.sketch.KeyHash;
import dev.atalaya.sketch.SpreadSketch;
import java.util.Arrays;
import java.util.Random;

/**
 * Events of keys that meet peers, with the true number of distinct peers of each key: keys as in
 * {@link Epochs}, the peers of each Zipf-like (log-uniform by rank) out of 700. Some 4.2 million
 * distinct pairs in 10 million events. Besides, 100 keys that meet a new peer each time, 1,000 to
 * 10,900 of them: the scanners.
 */
final class Contacts {

  private static final int PEERS = 700;
  private static final int SCANNERS = 100;

  final Epochs epochs;
  final int[] keys;
  final long[] keyHashes;
  final long[] peerHashes;
  final int[] truth;
  final long pairs;

  Contacts(Epochs epochs, KeyHash hash) {
    this.epochs = epochs;
    Random random = new Random(4);
    keyHashes = new long[epochs.keyCount()];
    for (int id = 0; id < keyHashes.length; id++) {
      keyHashes[id] = hash.hash(epochs.keys, id * epochs.keyLength, epochs.keyLength);
    }
    keys = epochs.events[0];
    int[] peers = new int[keys.length];
    for (int i = 0; i < keys.length; i++) {
      peers[i] = (int) Math.pow(PEERS, random.nextDouble());
    }
    plantScanners(peers, random);
    peerHashes = new long[keys.length];
    byte[] peer = new byte[4];
    for (int i = 0; i < keys.length; i++) {
      for (int b = 0; b < 4; b++) {
        peer[b] = (byte) (peers[i] >>> (8 * b));
      }
      peerHashes[i] = hash.hash(peer);
    }
    truth = new int[epochs.keyCount()];
    pairs = countPairs(peers);
  }

  void add(SpreadSketch sketch, int event) {
    int id = keys[event];
    int length = epochs.keyLength;
    sketch.add(keyHashes[id], peerHashes[event], epochs.keys, id * length, length);
  }

  /** In place of other events, all over the epoch. */
  private void plantScanners(int[] peers, Random random) {
    for (int scanner = 0; scanner < SCANNERS; scanner++) {
      int id = epochs.keyCount() - 1 - scanner;
      int scans = Math.min(1_000 + 100 * scanner, keys.length / 200);
      for (int i = 0; i < scans; i++) {
        int at = random.nextInt(keys.length);
        keys[at] = id;
        peers[at] = PEERS + i;
      }
    }
  }

  private long countPairs(int[] peers) {
    long[] sorted = new long[keys.length];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = (long) keys[i] << 32 | peers[i];
    }
    Arrays.sort(sorted);
    long count = 0;
    for (int i = 0; i < sorted.length; i++) {
      if (i == 0 || sorted[i] != sorted[i - 1]) {
        truth[(int) (sorted[i] >>> 32)]++;
        count++;
      }
    }
    return count;
  }
}
