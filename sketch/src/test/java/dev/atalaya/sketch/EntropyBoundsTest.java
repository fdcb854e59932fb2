package dev.atalaya.sketch;

import static dev.atalaya.sketch.Truth.HASH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Collection;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EntropyBoundsTest {

  private static double entropy(Collection<Double> values) {
    double total = values.stream().mapToDouble(x -> x).sum();
    return values.stream().mapToDouble(x -> x == 0 ? 0 : -x / total * Math.log(x / total)).sum();
  }

  private static void fill(
      KeySummary summary, Truth truth, Random random, int events, int keys, int largest) {
    for (int i = 0; i < events; i++) {
      int id = keys > 0 ? Truth.skewedRank(random, keys) : random.nextInt(-keys);
      truth.add(summary, id, 1 + random.nextInt(largest));
    }
  }

  @Test
  void exactSummariesHaveExactEntropy() {
    for (int seed = 0; seed < 10; seed++) {
      WeightSummary summary = HeavyKeySketch.create(1 << 20, HASH);
      Truth truth = new Truth();
      fill(summary, truth, new Random(seed), 10_000, 3_000, 1 + seed * 100);
      EntropyBounds bounds = EntropyBounds.of(summary);
      double expected = entropy(truth.weights.values());
      assertThat(bounds.lower()).isEqualTo(expected, within(1e-9));
      assertThat(bounds.upper()).isEqualTo(bounds.lower());
    }
  }

  @Test
  void oneKeyHasNoneAndEqualKeysHaveTheMost() {
    HeavyKeySketch summary = HeavyKeySketch.create(1 << 20, HASH);
    assertThat(EntropyBounds.of(summary).upper()).isZero();
    summary.update(HASH, Truth.key(0), 1000);
    assertThat(EntropyBounds.of(summary).upper()).isEqualTo(0, within(1e-12));
    for (int id = 1; id < 8; id++) {
      summary.update(HASH, Truth.key(id), 1000);
    }
    assertThat(EntropyBounds.of(summary).lowerBits()).isEqualTo(3, within(1e-12));
    assertThat(EntropyBounds.of(summary).upperBits()).isEqualTo(3, within(1e-12));
  }

  @Test
  void theTruthLiesBetweenTheBounds() {
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      // Skewed and equal keys, ones and large weights, merged and not.
      int keys = seed % 2 == 0 ? 20_000 : -20_000;
      int largest = seed % 3 == 0 ? 1 : 10_000;
      WeightSummary summary = HeavyKeySketch.create(4 << 10 << (seed % 5), HASH);
      Truth truth = new Truth();
      fill(summary, truth, random, 20_000, keys, largest);
      if (seed % 4 == 0) {
        WeightSummary other = HeavyKeySketch.create(summary.memoryBytes(), HASH);
        fill(other, truth, random, 20_000, keys, largest);
        summary.merge(other);
      }
      assertThat(summary.isExact()).isFalse();
      assertHolds(EntropyBounds.of(summary), entropy(truth.weights.values()));
    }
  }

  @Test
  void theBoundsAreCloseWhereTheSketchIs() {
    WeightSummary summary = HeavyKeySketch.create(256 << 10, HASH);
    Truth truth = new Truth();
    fill(summary, truth, new Random(1), 500_000, 50_000, 1);
    EntropyBounds bounds = EntropyBounds.of(summary);
    double expected = entropy(truth.weights.values());
    assertHolds(bounds, expected);
    assertThat(bounds.upper() - bounds.lower()).isLessThan(0.7);
  }

  @Test
  void slicesThatShareNoKeyAddUp() {
    EntropyBounds sum = EntropyBounds.NONE;
    Truth all = new Truth();
    Random random = new Random(2);
    for (int slice = 0; slice < 4; slice++) {
      HeavyKeySketch summary = HeavyKeySketch.create(slice % 2 == 0 ? 1 << 20 : 8 << 10, HASH);
      for (int i = 0; i < 5_000; i++) {
        all.add(summary, 4 * Truth.skewedRank(random, 3_000) + slice, 1 + random.nextInt(5));
      }
      sum = sum.plus(EntropyBounds.of(summary));
    }
    assertHolds(sum, entropy(all.weights.values()));
  }

  @Test
  void numbersOfPeersHaveEntropyToo() {
    for (int seed = 0; seed < 20; seed++) {
      SpreadSketch summary = SpreadSketch.create(16 << 10 << (2 * (seed % 4)), HASH);
      SpreadTruth truth = new SpreadTruth();
      fill(summary, truth, new Random(seed), 10_000, 1_000, 3);
      EntropyBounds bounds = EntropyBounds.of(summary);
      double expected = entropy(truth.weights.values());
      assertHolds(bounds, expected);
      if (summary.isExact()) {
        assertThat(bounds.upper()).isEqualTo(expected, within(1e-9));
      }
    }
  }

  @Test
  void signedValuesHaveNone() {
    assertThatThrownBy(() -> EntropyBounds.of(SignedHeavyKeySketch.create(4096, HASH)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("entropy needs values of at least 0, not signed ones");
  }

  private static void assertHolds(EntropyBounds bounds, double expected) {
    assertThat(bounds.lower()).isLessThanOrEqualTo(expected + 1e-9);
    assertThat(bounds.upper()).isGreaterThanOrEqualTo(expected - 1e-9);
  }
}
