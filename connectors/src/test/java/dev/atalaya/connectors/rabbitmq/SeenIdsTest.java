package dev.atalaya.connectors.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeenIdsTest {

  @Test
  void forgetsWhatIsAcknowledged() {
    SeenIds ids = new SeenIds(10, 0);
    assertThat(ids.isDuplicate("a", 1)).isFalse();
    assertThat(ids.isDuplicate("b", 2)).isFalse();
    ids.acknowledged(1);
    assertThat(ids.isDuplicate("a", 3)).isFalse();
    assertThat(ids.isDuplicate("b", 4)).isTrue();
    assertThat(ids.snapshot()).containsExactly("a", "b");
  }

  @Test
  void remembersAsManyAcknowledgedIdsAsABrokerMayForget() {
    SeenIds ids = new SeenIds(10, 2);
    for (int tag = 1; tag <= 5; tag++) {
      ids.isDuplicate("id-" + tag, tag);
    }
    ids.acknowledged(4);
    assertThat(ids.snapshot()).containsExactly("id-3", "id-4", "id-5");
  }

  @Test
  void remembersAnIdUntilItsLatestDeliveryIsAcknowledged() {
    SeenIds ids = new SeenIds(10, 0);
    ids.isDuplicate("a", 1);
    assertThat(ids.isDuplicate("a", 2)).isTrue();
    ids.acknowledged(1);
    assertThat(ids.snapshot()).containsExactly("a");
    ids.acknowledged(2);
    assertThat(ids.snapshot()).isEmpty();
  }

  @Test
  void aRestoredIdIsRememberedUntilItsRedeliveryIsAcknowledged() {
    SeenIds ids = new SeenIds(10, 0);
    ids.restore(List.of("a", "b"));
    assertThat(ids.isDuplicate("a", 5)).isTrue();
    ids.acknowledged(4);
    assertThat(ids.snapshot()).containsExactly("b", "a");
    ids.acknowledged(5);
    assertThat(ids.snapshot()).containsExactly("b");
  }

  @Test
  void restoredIdsEndWhenEverythingInTheQueueHasBeenAcknowledged() {
    SeenIds ids = new SeenIds(10, 0);
    assertThat(ids.needsEndOfRestored()).isFalse();
    ids.restore(List.of("a"));
    assertThat(ids.needsEndOfRestored()).isTrue();
    ids.endRestoredAfter(7, 3);
    assertThat(ids.needsEndOfRestored()).isFalse();
    ids.acknowledged(3 + 10 + 7 - 1);
    assertThat(ids.snapshot()).containsExactly("a");
    ids.acknowledged(3 + 10 + 7);
    assertThat(ids.snapshot()).isEmpty();
  }

  @Test
  void staysBoundedHoweverOftenTheJobFails() {
    List<String> state = List.of();
    int forgotten = 0;
    for (int failure = 0; failure < 20; failure++) {
      SeenIds ids = new SeenIds(10, 0);
      forgotten += ids.restore(state);
      for (int tag = 1; tag <= 10; tag++) {
        ids.isDuplicate("failure-" + failure + "-" + tag, tag);
      }
      state = ids.snapshot();
    }
    assertThat(state).hasSize(5 * 10).contains("failure-15-1", "failure-19-10");
    assertThat(forgotten).isEqualTo((20 - 5) * 10);
  }

  /**
   * A queue, a reader that fails at any moment, an acknowledgement that gets lost on the way there
   * or its confirmation on the way back, and a broker that puts back what it had sent anywhere
   * among what waits: each message counts once.
   */
  @Test
  void eachMessageCountsOnceWhateverIsLost() {
    for (int seed = 0; seed < 500; seed++) {
      List<String> counted = new UnluckyReader(new Random(seed)).readAll();
      assertThat(counted).as("seed %s", seed).doesNotHaveDuplicates().hasSize(UnluckyReader.TOTAL);
    }
  }

  private static final class UnluckyReader {

    static final int TOTAL = 200;

    private final Random random;
    private final int prefetch;
    private final int acknowledgedKept;

    /** The broker's journal, which it may lose. */
    private final List<String> acknowledged = new ArrayList<>();

    private final List<String> ready =
        new ArrayList<>(IntStream.range(0, TOTAL).mapToObj(Integer::toString).toList());

    /** As many failures as ids are kept for. */
    private int failuresLeft = SeenIds.RESTORED_WINDOWS - 1;

    // The checkpoint.
    private List<String> state = List.of();
    private List<String> countedInState = List.of();

    UnluckyReader(Random random) {
      this.random = random;
      prefetch = 1 + random.nextInt(50);
      acknowledgedKept = random.nextInt(50);
    }

    List<String> readAll() {
      while (!ready.isEmpty()) {
        List<String> sent = new ArrayList<>();
        readUntilFailure(sent);
        if (!ready.isEmpty() && random.nextBoolean()) {
          int kept = random.nextInt(acknowledged.size() + 1);
          sent.addAll(acknowledged.subList(kept, acknowledged.size()));
          acknowledged.clear(); // what it has on its disk when it starts again, it keeps
        }
        for (String returned : sent) {
          ready.add(random.nextInt(ready.size() + 1), returned);
        }
      }
      return countedInState;
    }

    private void readUntilFailure(List<String> sent) {
      SeenIds ids = new SeenIds(prefetch, acknowledgedKept);
      assertThat(ids.restore(state)).isZero();
      List<String> counted = new ArrayList<>(countedInState);
      long tag = 0;
      while (!(ready.isEmpty() && sent.isEmpty())) {
        while (sent.size() < prefetch && !ready.isEmpty() && random.nextInt(10) > 0) {
          String id = ready.remove(0);
          sent.add(id);
          tag++;
          if (!ids.isDuplicate(id, tag)) {
            counted.add(id);
          }
        }
        if (fails()) {
          return;
        }
        state = ids.snapshot();
        countedInState = List.copyOf(counted);
        if (fails()) {
          return;
        }
        acknowledged.addAll(sent);
        acknowledged.subList(0, Math.max(0, acknowledged.size() - acknowledgedKept)).clear();
        sent.clear(); // the broker has the acknowledgement
        if (fails()) {
          return;
        }
        ids.acknowledged(tag);
        if (ids.needsEndOfRestored()) {
          ids.endRestoredAfter(ready.size(), tag);
        }
      }
    }

    private boolean fails() {
      if (failuresLeft == 0 || random.nextInt(8) > 0) {
        return false;
      }
      failuresLeft--;
      return true;
    }
  }
}
