package dev.atalaya.sketch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SignedCrowdedSketchTest extends WeightSummaryContract {

  @Override
  WeightSummary create() {
    return create(16 << 10, Truth.HASH);
  }

  @Override
  WeightSummary create(long memoryBytes, KeyHash hash) {
    return SignedHeavyKeySketch.create(memoryBytes, hash);
  }

  @Override
  int keys() {
    return 5_000;
  }

  @Override
  boolean signed() {
    return true;
  }

  @Test
  void isInTheStateItStandsFor() {
    WeightSummary summary = create();
    for (int id = 0; id < keys(); id++) {
      summary.update(Truth.HASH, Truth.key(id), 1);
    }
    assertThat(summary.isExact()).isFalse();
  }
}
