package dev.atalaya.bench.sketch;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/**
 * Two epochs of events, each the number of a key, with their true counts.
 *
 * <p>Zipf with exponent 1 by rank over 545,000 keys of random bytes. In the second epoch, of ranks
 * 1 to 20,000, 5 % vanish, 5 % are replaced by new keys, 8 % grow 1.5 to 4 times and 8 % shrink
 * likewise. In bursty order every key keeps to a random twentieth of the epoch.
 */
final class Epochs {

  private static final int KEYS = 545_000;
  private static final int CHANGING_KEYS = 20_000;
  private static final double BURST = 0.05;

  private static final byte[] TEXT =
      "abcdefghijklmnopqrstuvwxyz0123456789-._/".getBytes(StandardCharsets.US_ASCII);

  final int keyLength;

  /** All keys, one behind the other. */
  final byte[] keys;

  final int[][] events = new int[2][];
  final int[][] counts = new int[2][];

  private Epochs(int keyLength, byte[] keys) {
    this.keyLength = keyLength;
    this.keys = keys;
  }

  /** The same events; its counts may be changed. */
  Epochs withOwnCounts() {
    Epochs copy = new Epochs(keyLength, keys);
    for (int epoch = 0; epoch < 2; epoch++) {
      copy.events[epoch] = events[epoch];
      copy.counts[epoch] = counts[epoch].clone();
    }
    return copy;
  }

  int keyCount() {
    return keys.length / keyLength;
  }

  byte[] key(int id) {
    return Arrays.copyOfRange(keys, id * keyLength, (id + 1) * keyLength);
  }

  static Epochs create(int eventsPerEpoch, int keyLength, boolean text, boolean bursty, long seed) {
    Random random = new Random(seed);
    double[][] weights = new double[2][KEYS + CHANGING_KEYS];
    int keyCount = KEYS;
    for (int id = 0; id < KEYS; id++) {
      double weight = 1.0 / (id + 1);
      weights[0][id] = weight;
      double change = id < CHANGING_KEYS ? random.nextDouble() : 1;
      double factor = 1.5 + 2.5 * random.nextDouble();
      if (change < 0.05) {
        weights[1][id] = 0;
      } else if (change < 0.10) {
        weights[1][keyCount++] = weight;
      } else if (change < 0.18) {
        weights[1][id] = weight * factor;
      } else if (change < 0.26) {
        weights[1][id] = weight / factor;
      } else {
        weights[1][id] = weight;
      }
    }
    Epochs epochs = new Epochs(keyLength, new byte[keyLength * keyCount]);
    random.nextBytes(epochs.keys);
    if (text) {
      for (int i = 0; i < epochs.keys.length; i++) {
        epochs.keys[i] = TEXT[(epochs.keys[i] & 0xff) % TEXT.length];
      }
    }
    for (int epoch = 0; epoch < 2; epoch++) {
      int[] drawn = draw(Arrays.copyOf(weights[epoch], keyCount), eventsPerEpoch, random);
      epochs.events[epoch] = bursty ? inBursts(drawn, keyCount, random) : drawn;
      epochs.counts[epoch] = new int[keyCount];
      for (int id : drawn) {
        epochs.counts[epoch][id]++;
      }
    }
    return epochs;
  }

  private static int[] draw(double[] weights, int count, Random random) {
    double[] sums = weights;
    Arrays.parallelPrefix(sums, Double::sum);
    double total = sums[sums.length - 1];
    // Where the search of each of 65,536 equal parts begins: it then takes a step or two.
    int[] index = new int[1 << 16];
    for (int i = 0, id = 0; i < index.length; i++) {
      while (sums[id] <= total * i / index.length) {
        id++;
      }
      index[i] = id;
    }
    int[] events = new int[count];
    for (int i = 0; i < count; i++) {
      double u = random.nextDouble();
      int id = index[(int) (u * index.length)];
      while (sums[id] <= u * total) {
        id++;
      }
      events[i] = id;
    }
    return events;
  }

  private static int[] inBursts(int[] drawn, int keyCount, Random random) {
    double[] start = new double[keyCount];
    for (int id = 0; id < keyCount; id++) {
      start[id] = random.nextDouble() * (1 - BURST);
    }
    // Time in the high bits, key in the low ones: one sort of longs.
    long[] timed = new long[drawn.length];
    for (int i = 0; i < timed.length; i++) {
      double time = start[drawn[i]] + BURST * random.nextDouble();
      timed[i] = (long) (time * (1L << 40)) << 20 | drawn[i];
    }
    Arrays.parallelSort(timed);
    int[] events = new int[drawn.length];
    for (int i = 0; i < events.length; i++) {
      events[i] = (int) (timed[i] & ((1 << 20) - 1));
    }
    return events;
  }
}
