package dev.atalaya.sketch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TinySpreadTest extends SpreadContract {

  @Override
  SpreadSketch create() {
    return create(4 << 10, Truth.HASH);
  }

  @Override
  int keys() {
    return 500;
  }

  @Override
  int manyKeys() {
    return 2_000;
  }

  @Test
  void isInTheStateItStandsFor() {
    SpreadSketch summary = create();
    Truth truth = truth();
    for (int id = 0; id < keys(); id++) {
      truth.add(summary, id, 1);
    }
    assertThat(summary.isExact()).isFalse();
  }
}
