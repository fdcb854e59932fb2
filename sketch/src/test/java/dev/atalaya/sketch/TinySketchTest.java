package dev.atalaya.sketch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TinySketchTest extends WeightSummaryContract {

  @Override
  WeightSummary create() {
    return create(1 << 10, Truth.HASH);
  }

  @Override
  WeightSummary create(long memoryBytes, KeyHash hash) {
    return HeavyKeySketch.create(memoryBytes, hash);
  }

  @Override
  int keys() {
    return 500;
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
