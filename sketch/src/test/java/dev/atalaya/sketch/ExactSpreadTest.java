package dev.atalaya.sketch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExactSpreadTest extends SpreadContract {

  @Override
  SpreadSketch create() {
    return create(1 << 20, Truth.HASH);
  }

  @Override
  int keys() {
    return 5_000;
  }

  @Override
  int manyKeys() {
    return 10_000;
  }

  @Test
  void isInTheStateItStandsFor() {
    SpreadSketch summary = create();
    Truth truth = truth();
    for (int id = 0; id < keys(); id++) {
      truth.add(summary, id, 1);
    }
    assertThat(summary.isExact()).isTrue();
  }
}
