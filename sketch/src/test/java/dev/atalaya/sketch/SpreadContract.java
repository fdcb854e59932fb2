package dev.atalaya.sketch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What numbers of distinct peers promise besides. */
abstract class SpreadContract extends KeySummaryContract {

  @Override
  abstract SpreadSketch create();

  @Override
  SpreadSketch create(long memoryBytes, KeyHash hash) {
    return SpreadSketch.create(memoryBytes, hash);
  }

  @Override
  SpreadTruth truth() {
    return new SpreadTruth();
  }

  @Override
  long bytesOfCounts(KeySummary summary) {
    return SpreadSketch.countsBytes(summary.memoryBytes());
  }

  /** Its bytes are many. */
  @Override
  int forgeries() {
    return 3_000;
  }

  @Test
  void mergeWithItselfAddsNothing() {
    SpreadSketch summary = create();
    SpreadTruth truth = truth();
    fill(summary, truth, new Random(5), 10_000, 3);
    summary.merge(summary);
    truth.check(summary);
  }

  @Test
  void mergeOfOverlappingOnesUnitesThem() {
    for (int seed = 0; seed < 10; seed++) {
      Random random = new Random(seed);
      SpreadSketch merged = create();
      SpreadTruth truth = truth();
      for (int part = 0; part < 4; part++) {
        SpreadSketch summary = create();
        SpreadTruth partTruth = truth();
        fill(summary, partTruth, random, random.nextInt(6_000), 3);
        if (random.nextBoolean()) {
          merged.merge(summary);
        } else {
          summary.merge(merged);
          merged = summary;
        }
        truth.merge(partTruth);
        truth.check(merged);
      }
    }
  }

  @Test
  void theCountsAloneHoldTheBounds() {
    SpreadSketch summary = create();
    SpreadTruth truth = truth();
    fill(summary, truth, new Random(6), 10_000, 3);
    HeavyKeySketch counts = summary.counts();
    truth.scaled(1).check(counts);
    assertThat(counts.isExact()).isEqualTo(summary.isExact());
    assertThat(counts.total()).isEqualTo(summary.total());
    truth.scaled(1).check(KeySummaries.read(ByteBuffer.wrap(KeySummaries.toBytes(counts))));
  }
}
