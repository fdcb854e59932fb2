package dev.atalaya.sketch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class DistinctCounterTest {

  @Test
  void errorIsWithinThreeStandardErrorsFromOneToMillions() {
    for (int registers : new int[] {16, 256, 2048}) {
      double standardError = 1.04 / Math.sqrt(registers);
      for (int count : new int[] {1, 10, 1000, 100_000, 3_000_000}) {
        Random random = new Random(count);
        DistinctCounter counter = new DistinctCounter(registers);
        for (int i = 0; i < count; i++) {
          counter.add(random.nextLong());
        }
        assertThat((double) counter.estimate())
            .isBetween(count * (1 - 3 * standardError) - 1, count * (1 + 3 * standardError) + 1);
      }
    }
  }

  @Test
  void isNotFooledBySlicesThatFixTheLowBits() {
    Random random = new Random(1);
    DistinctCounter counter = new DistinctCounter(2048);
    for (int i = 0; i < 100_000; i++) {
      counter.add((random.nextLong() & ~0xffL) | 0x2a);
    }
    assertThat(counter.estimate()).isBetween(93_000L, 107_000L);
  }

  @Test
  void mergedCountsTheUnion() {
    DistinctCounter one = new DistinctCounter(2048);
    DistinctCounter two = new DistinctCounter(2048);
    DistinctCounter both = new DistinctCounter(2048);
    Random random = new Random(2);
    for (int i = 0; i < 30_000; i++) {
      long hash = random.nextLong();
      (i % 3 != 0 ? one : two).add(hash);
      if (i % 5 == 0) {
        one.add(hash);
      }
      both.add(hash);
    }
    one.merge(two);
    assertThat(one.estimate()).isEqualTo(both.estimate());
  }

  @Test
  void emptyIsZero() {
    assertThat(new DistinctCounter(64).estimate()).isZero();
  }
}
