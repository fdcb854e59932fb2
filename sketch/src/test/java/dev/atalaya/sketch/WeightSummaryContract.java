package dev.atalaya.sketch;

import static dev.atalaya.sketch.Truth.HASH;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What sums of weights promise besides. */
abstract class WeightSummaryContract extends KeySummaryContract {

  @Override
  abstract WeightSummary create();

  @Override
  abstract WeightSummary create(long memoryBytes, KeyHash hash);

  @Override
  KeySummary unchanged(KeySummary summary) {
    return summary.scaled(1);
  }

  @Test
  void mergeWithItselfDoubles() {
    Random random = new Random(5);
    WeightSummary summary = create();
    Truth truth = new Truth();
    fill(summary, truth, random, 10_000, 10);
    long total = summary.total();
    summary.merge(summary);
    truth.merge(truth.scaled(1));
    truth.check(summary);
    assertThat(summary.total()).isEqualTo(2 * total);
  }

  @Test
  void movingAverageHoldsItsBounds() {
    Random random = new Random(8);
    WeightSummary average = create();
    Truth truth = new Truth();
    for (int window = 0; window < 20; window++) {
      WeightSummary summary = create();
      Truth windowTruth = new Truth();
      fill(summary, windowTruth, random, 3_000, 1000);
      average = average.scaled(0.75);
      average.merge(summary.scaled(0.25));
      truth = truth.scaled(0.75);
      truth.merge(windowTruth.scaled(0.25));
      truth.check(average);
    }
  }

  @Test
  void totalAddsAbsoluteWeights() {
    WeightSummary summary = create();
    long expected = 0;
    Random random = new Random(14);
    for (int i = 0; i < 10_000; i++) {
      long weight = weight(random, 1000);
      summary.update(HASH, Truth.key(random.nextInt(keys())), weight);
      expected += Math.abs(weight);
    }
    assertThat(summary.total()).isEqualTo(expected);
    assertThat(summary.overflowed()).isFalse();
  }

  @Test
  void weightOfZeroAddsNothing() {
    WeightSummary summary = create();
    summary.update(HASH, Truth.key(1), 0);
    assertThat(summary.total()).isZero();
    assertThat(summary.upper(HASH, Truth.key(1))).isZero();
  }

  @Test
  void sumsSaturateAndSaySo() {
    WeightSummary summary = create();
    Truth truth = new Truth();
    fill(summary, truth, new Random(15), 20_000, 10);
    byte[] key = Truth.key(1);
    for (int i = 0; i < 3; i++) {
      summary.update(HASH, key, Long.MAX_VALUE / 2);
    }
    assertThat(summary.overflowed()).isTrue();
    assertThat(summary.total()).isEqualTo(Long.MAX_VALUE);
    // The other side of a signed pair may have taken a little off.
    assertThat(summary.upper(HASH, key)).isGreaterThan(Long.MAX_VALUE - 1_000_000);
    assertThat(summary.lower(HASH, key)).isGreaterThan(Long.MAX_VALUE - 1_000_000);
    for (int id = 2; id < keys(); id++) {
      assertThat(summary.upper(HASH, Truth.key(id))).isGreaterThan(-1_000_000);
      summary.update(HASH, Truth.key(id), Long.MAX_VALUE / 3);
    }
    WeightSummary merged = create();
    merged.merge(summary);
    merged.merge(summary);
    assertThat(merged.overflowed()).isTrue();
    assertThat(merged.total()).isEqualTo(Long.MAX_VALUE);
    KeySummary read = KeySummaries.read(ByteBuffer.wrap(KeySummaries.toBytes(merged)));
    assertThat(read.overflowed()).isTrue();
    for (int id = 2; id < keys(); id++) {
      long lower = merged.lower(HASH, Truth.key(id));
      long upper = merged.upper(HASH, Truth.key(id));
      assertThat(lower).isLessThanOrEqualTo(upper);
      assertThat(upper).isGreaterThan(Long.MAX_VALUE / 3 - 1_000_000);
      assertThat(read.lower(HASH, Truth.key(id))).isEqualTo(lower);
      assertThat(read.upper(HASH, Truth.key(id))).isEqualTo(upper);
    }
  }
}
