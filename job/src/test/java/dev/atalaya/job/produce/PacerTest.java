package dev.atalaya.job.produce;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PacerTest {

  private long now = 7_000_000_000L;
  private long slept;

  private Pacer pacer(double perSecond) {
    return new Pacer(
        perSecond,
        () -> now,
        nanos -> {
          slept += nanos;
          now += nanos;
        });
  }

  private static void await(Pacer pacer, int events) throws InterruptedException {
    for (int i = 0; i < events; i++) {
      pacer.await();
    }
  }

  @Test
  void eventsTakeTheTimeOfTheirRate() throws InterruptedException {
    await(pacer(100), 501);
    assertThat(slept).isEqualTo(5_000_000_000L);
  }

  @Test
  void manyEventsShareASleep() throws InterruptedException {
    await(pacer(50_000), 100_001);
    assertThat(slept).isBetween(1_998_000_000L, 2_000_000_000L);
  }

  @Test
  void fractionsOfAnEventDoNotAddUp() throws InterruptedException {
    await(pacer(0.3), 31);
    assertThat(slept).isEqualTo(100_000_000_000L);
  }

  @Test
  void withoutARateNothingWaits() throws InterruptedException {
    await(pacer(0), 1_000_000);
    assertThat(slept).isZero();
  }

  @Test
  void aShortDelayIsMadeUpFor() throws InterruptedException {
    Pacer pacer = pacer(100);
    await(pacer, 1);
    now += 100_000_000;
    await(pacer, 100);
    assertThat(slept).isEqualTo(900_000_000L);
  }

  @Test
  void aHoldUpIsNotMadeUpForInABurst() throws InterruptedException {
    Pacer pacer = pacer(100);
    await(pacer, 101);
    now += 60_000_000_000L;
    slept = 0;
    await(pacer, 101);
    assertThat(slept).isEqualTo(1_000_000_000L);
  }
}
