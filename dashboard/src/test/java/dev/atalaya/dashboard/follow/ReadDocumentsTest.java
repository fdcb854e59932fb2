package dev.atalaya.dashboard.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.dashboard.follow.StoreQueries.Place;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReadDocumentsTest {

  private static final long BUCKET = StoreQueries.BUCKET_MILLIS;

  private final ReadDocuments read = new ReadDocuments(100);

  private void add(long bucket, int documents) {
    for (int i = 0; i < documents; i++) {
      read.add(new Place(bucket * BUCKET + i, "id-" + i));
    }
  }

  @Test
  void knowsWhatWasRead() {
    add(0, 20);
    assertThat(read.hashes(0)).hasSize(20);
    assertThat(ReadDocuments.contains(read.hashes(0), new Place(19, "id-19"))).isTrue();
    assertThat(ReadDocuments.contains(read.hashes(0), new Place(19, "id-18"))).isFalse();
    assertThat(read.hashes(BUCKET)).isEmpty();
    assertThat(read.isKnown(BUCKET)).isTrue();
  }

  @Test
  void ofTheOldestOnlyHowManyWereRead() {
    add(0, 30);
    add(1, 70);
    assertThat(read.isKnown(0)).isTrue();
    add(2, 1);
    assertThat(read.isKnown(0)).isFalse();
    assertThat(read.isKnown(BUCKET)).isTrue();
    assertThat(read.count(0)).isEqualTo(30);
    assertThat(read.count()).isEqualTo(101);
    read.retain(Set.of(2 * BUCKET));
    assertThat(read.count()).isEqualTo(1);
    add(3, 99);
    assertThat(read.isKnown(2 * BUCKET)).as("what is gone takes no room").isTrue();
  }
}
