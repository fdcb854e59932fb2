package dev.atalaya.connectors.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BatchSizeTest {

  private long nanos;
  private final BatchSize size = new BatchSize(500, () -> nanos);

  @Test
  void isHalvedDownToOneDocumentAndDoublesWithEachSuccess() {
    size.halve(500);
    assertThat(size.get()).isEqualTo(250);
    size.halve(3);
    assertThat(size.get()).isEqualTo(1);
    size.halve(1);
    assertThat(size.get()).isEqualTo(1);
    size.succeeded(1);
    assertThat(size.get()).isEqualTo(2);
    size.succeeded(300);
    assertThat(size.get()).isEqualTo(4);
    size.halve(500);
    size.succeeded(250);
    assertThat(size.get()).isEqualTo(500);
  }

  @Test
  void returnsToWhatSucceededWhenLongRequestsAreCut() {
    // Whatever has more than 60 documents is cut; one request a second.
    List<Integer> cuts = new ArrayList<>();
    for (int second = 0; second < 100; second++) {
      nanos = TimeUnit.SECONDS.toNanos(second);
      if (size.get() > 60) {
        cuts.add(second);
        size.cut(size.get());
      } else {
        size.succeeded(size.get());
      }
    }
    // 500, 250, 125, 62; then twice 31, each time after twice as many seconds.
    assertThat(cuts).containsExactly(0, 1, 2, 3, 5, 8, 13, 22, 39, 72);
    assertThat(size.get()).isEqualTo(31);
  }

  @Test
  void doubtsOnlyWhatIsLongerThanWhatSucceededSinceACut() {
    assertThat(size.isDoubtful(500)).isFalse();
    size.cut(500);
    assertThat(size.isDoubtful(250)).isTrue();
    size.succeeded(250);
    assertThat(size.isDoubtful(250)).isFalse();
    assertThat(size.isDoubtful(251)).isTrue();
    size.succeeded(500);
    assertThat(size.isDoubtful(500)).isFalse();
  }

  @Test
  void growsAgainAfterALongOutage() {
    for (int i = 0; i < 20; i++) {
      size.cut(size.get());
    }
    assertThat(size.get()).isEqualTo(1);
    size.succeeded(1);
    assertThat(size.get()).isEqualTo(1);
    nanos += TimeUnit.SECONDS.toNanos(1);
    for (int documents = 1; documents < 512; documents *= 2) {
      assertThat(size.get()).isEqualTo(documents);
      size.succeeded(documents);
    }
    assertThat(size.get()).isEqualTo(500);
  }
}
