package dev.atalaya.sketch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * The exact oracle: the true weight of every key, as doubles so that scaled streams have one too
 * (all sums in the tests stay below 2^53).
 */
class Truth {

  static final KeyHash HASH = new KeyHash(0x0123456789abcdefL, 0x1122334455667788L);

  final Map<Long, Double> weights = new HashMap<>();
  final Map<Long, byte[]> keys = new HashMap<>();

  /** The sum of absolute weights; none when they have been scaled. */
  private double total;

  static byte[] key(int id) {
    return ("key-" + id).getBytes(StandardCharsets.UTF_8);
  }

  /** Rank 1 to {@code keys}, the small ones far more often. */
  static int skewedRank(Random random, int keys) {
    return (int) Math.pow(keys, random.nextDouble());
  }

  void add(KeySummary summary, int id, long weight) {
    add(summary, key(id), weight);
  }

  void add(KeySummary summary, byte[] key, long weight) {
    add(summary, HASH.hash(key), key, weight);
  }

  void add(KeySummary summary, long hash, byte[] key, long weight) {
    ((WeightSummary) summary).update(hash, key, 0, key.length, weight);
    total += Math.abs(weight);
    weights.merge(hash, (double) weight, Double::sum);
    keys.put(hash, key);
  }

  void merge(Truth other) {
    total += other.total;
    other.weights.forEach((hash, weight) -> weights.merge(hash, weight, Double::sum));
    keys.putAll(other.keys);
  }

  Truth scaled(double factor) {
    Truth scaled = new Truth();
    scaled.total = factor == 1 ? total : Double.NaN;
    weights.forEach((hash, weight) -> scaled.weights.put(hash, weight * factor));
    scaled.keys.putAll(keys);
    return scaled;
  }

  int distinctKeys() {
    return weights.size();
  }

  /** What the sum must be. */
  void checkTotal(KeySummary summary) {
    weights.forEach(
        (hash, weight) -> assertThat(summary.upper(hash)).isLessThanOrEqualTo(summary.total()));
    if (!Double.isNaN(total)) {
      assertThat((double) summary.total()).isEqualTo(total);
    }
  }

  /** Every rule of the contract that one state of a summary can break. */
  void check(KeySummary summary) {
    Map<Long, byte[]> candidates = new HashMap<>();
    summary.forEachCandidate(
        (hash, bytes, offset, length, lower, upper) -> {
          byte[] key = Arrays.copyOfRange(bytes, offset, offset + length);
          assertThat(candidates.put(hash, key)).as("visited twice").isNull();
          assertThat(key).isEqualTo(keys.get(hash));
          assertThat(lower).isEqualTo(summary.lower(hash));
          assertThat(upper).isEqualTo(summary.upper(hash));
        });
    long errorBound = summary.errorBound();
    weights.forEach(
        (hash, weight) -> {
          long lower = summary.lower(hash);
          long upper = summary.upper(hash);
          if (!(lower <= weight && weight <= upper)) {
            throw new AssertionError(
                new String(keys.get(hash), StandardCharsets.UTF_8)
                    + ": "
                    + lower
                    + " <= "
                    + weight
                    + " <= "
                    + upper);
          }
          assertThat(summary.estimate(hash)).isBetween(lower, upper);
          if (!candidates.containsKey(hash)) {
            assertThat(Math.max(Math.abs(lower), Math.abs(upper)))
                .as("bound of a key without bytes")
                .isLessThanOrEqualTo(errorBound);
          }
          if (summary.isExact()) {
            assertThat(lower).isEqualTo(upper);
          }
        });
    checkTotal(summary);
    Random random = new Random(99);
    for (int i = 0; i < 1000; i++) {
      long hash = random.nextLong();
      if (!weights.containsKey(hash)) {
        assertThat(summary.lower(hash)).isLessThanOrEqualTo(0);
        assertThat(summary.upper(hash)).isBetween(0L, errorBound);
      }
    }
    assertThat(summary.footprintBytes()).isLessThanOrEqualTo(summary.memoryBytes() * 11 / 10);
  }
}
