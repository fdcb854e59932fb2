package dev.atalaya.connectors.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What Flink's own reader does wrong, shown on it, and what ours does instead. */
@Timeout(120)
class StockFaultsTest {

  private final FakeQueue queue = new FakeQueue();

  @ParameterizedTest
  @EnumSource
  void restoredIdsAreKnownUntilTheirRedelivery(Readers reader) throws Exception {
    OperatorSubtaskState state = failToAcknowledge(reader, "a", "b", "c");
    try (Reading reading = Reading.start(reader.on(queue), state)) {
      queue.publish("4", "d");
      assertThat(reading.seen(1)).containsExactly("d");
      reading.snapshot(2);
      reading.complete(2);
      queue.releaseReturned();
      queue.publish("5", "e");
      List<String> seen = new ArrayList<>(reading.seen(5));
      assertThat(seen)
          .isEqualTo(
              switch (reader) {
                case STOCK -> List.of("d", "a", "b", "c", "e"); // counted twice
                case OURS -> List.of("d", "duplicate:a", "duplicate:b", "duplicate:c", "e");
              });
      reading.snapshot(3);
      reading.complete(3);
      assertThat(queue.left()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void restoredIdsOutliveASecondFailure(Readers reader) throws Exception {
    OperatorSubtaskState state = failToAcknowledge(reader, "a");
    try (Reading reading = Reading.start(reader.on(queue), state)) {
      reading.snapshot(2);
      reading.complete(2);
      state = reading.snapshot(3);
      reading.complete(3);
    }
    queue.releaseReturned();
    try (Reading reading = Reading.start(reader.on(queue), state)) {
      assertThat(reading.seen(1)).containsExactly(reader == Readers.STOCK ? "a" : "duplicate:a");
    }
  }

  @ParameterizedTest
  @EnumSource
  void duplicatesAreAcknowledged(Readers reader) throws Exception {
    try (Reading reading = Reading.start(reader.on(queue), null)) {
      queue.publish("1", "a");
      queue.publish("1", "b");
      queue.publish("2", "c");
      List<String> seen = reading.seen(reader == Readers.STOCK ? 2 : 3);
      reading.snapshot(1);
      reading.complete(1);
      switch (reader) {
        case STOCK -> {
          assertThat(seen).containsExactly("a", "c");
          assertThat(queue.acknowledged()).containsExactly("a", "c");
          // A dead-letter exchange would collect it.
          assertThat(queue.rejected()).containsExactly("b");
        }
        case OURS -> {
          assertThat(seen).containsExactly("a", "duplicate:b", "c");
          assertThat(queue.acknowledged()).containsExactly("a", "b", "c");
          assertThat(queue.rejected()).isEmpty();
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatGivesNoRecordIsAcknowledgedToo(Readers reader) throws Exception {
    try (Reading reading = Reading.start(reader.on(queue), null)) {
      queue.publish("1", "skip");
      queue.publish("2", "a");
      assertThat(reading.seen(1)).containsExactly("a");
      reading.snapshot(1);
      reading.complete(1);
      assertThat(queue.left()).isEqualTo(reader == Readers.STOCK ? 1 : 0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aMessageWithoutIdDoesNotStopTheReader(Readers reader) throws Exception {
    try (Reading reading = Reading.start(reader.on(queue), null)) {
      queue.publish(null, "a");
      queue.publish("", "b");
      queue.publish("1", "c");
      if (reader == Readers.STOCK) {
        reading.awaitEnd();
        assertThat(reading.seen()).isEmpty();
        return;
      }
      assertThat(reading.seen(3)).containsExactly("no-id(1):a", "no-id(1):b", "c");
      reading.snapshot(1);
      reading.complete(1);
      assertThat(queue.left()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void closesAfterTheBrokerHasGone(Readers reader) throws Exception {
    Reading reading = Reading.start(reader.on(queue), null);
    queue.breakConnection();
    if (reader == Readers.STOCK) {
      assertThatThrownBy(reading::close).hasStackTraceContaining("connection error");
    } else {
      reading.close();
    }
  }

  /** For the channel as a whole, where the stock reader sets it, quorum queues do not have it. */
  @ParameterizedTest
  @EnumSource
  void prefetchIsOfTheConsumer(Readers reader) throws Exception {
    try (Reading reading = Reading.start(reader.on(queue), null)) {
      assertThat(reading.seen()).isEmpty();
    }
    List<Object> expected =
        switch (reader) {
          case STOCK -> List.of(Readers.PREFETCH, true);
          case OURS -> List.of(Readers.PREFETCH);
        };
    assertThat(queue.prefetches()).containsExactly(expected);
  }

  @Test
  void anAbortedCheckpointIsAcknowledgedWithTheNext() throws Exception {
    try (Reading reading = Reading.start(Readers.OURS.on(queue), null)) {
      queue.publish("1", "a");
      reading.seen(1);
      reading.snapshot(1);
      queue.publish("2", "b");
      reading.seen(2);
      reading.snapshot(2);
      queue.publish("3", "c");
      reading.seen(3);
      reading.snapshot(3);
      reading.complete(2);
      assertThat(queue.acknowledged()).containsExactly("a", "b");
      reading.complete(3);
      assertThat(queue.acknowledged()).containsExactly("a", "b", "c");
    }
  }

  @Test
  void anAcknowledgementToAClosedConnectionFailsWithAnExplanation() throws Exception {
    try (Reading reading = Reading.start(Readers.OURS.on(queue), null)) {
      queue.publish("1", "a");
      reading.seen(1);
      reading.snapshot(1);
      queue.breakConnection();
      assertThatThrownBy(() -> reading.complete(1))
          .hasStackTraceContaining("no longer takes acknowledgements of queue \"")
          .hasStackTraceContaining("AlreadyClosedException");
    }
  }

  @Test
  void anIdDeliveredTwiceIsKnownUntilTheSecondDeliveryIsAcknowledged() throws Exception {
    OperatorSubtaskState state;
    try (Reading reading = Reading.start(Readers.OURS.on(queue), null)) {
      queue.publish("1", "a");
      reading.seen(1);
      reading.snapshot(1);
      queue.publish("1", "b");
      reading.seen(2);
      reading.complete(1);
      state = reading.snapshot(2);
      queue.failCommits();
      assertThatThrownBy(() -> reading.complete(2)).hasStackTraceContaining("the commit failed");
    }
    try (Reading reading = Reading.start(Readers.OURS.on(queue), state)) {
      assertThat(reading.seen(1)).containsExactly("duplicate:b");
    }
  }

  @Test
  void restoredIdsEndOnceTheQueueHasBeenReadPastThem() throws Exception {
    OperatorSubtaskState state = failToAcknowledge(Readers.OURS, "a");
    try (Reading reading = Reading.start(Readers.OURS.on(queue), state)) {
      reading.snapshot(2);
      reading.complete(2);
      int later = Readers.PREFETCH + SeenIds.ACKNOWLEDGED_KEPT;
      for (int i = 1; i <= later; i++) {
        queue.publish("later-" + i, "later");
      }
      reading.seen(later);
      reading.snapshot(3);
      reading.complete(3);
      queue.releaseReturned();
      assertThat(reading.seen(later + 1)).endsWith("a").doesNotContain("duplicate:a");
    }
  }

  @Test
  void doesNotRunWithoutCheckpoints() {
    assertThatThrownBy(() -> Reading.startWithoutCheckpoints(Readers.OURS.on(queue)))
        .hasStackTraceContaining("execution.checkpointing.interval must be set");
  }

  /** Reads these messages; the acknowledgement fails, and the broker does not notice the end. */
  private OperatorSubtaskState failToAcknowledge(Readers reader, String... bodies)
      throws Exception {
    queue.holdReturned();
    try (Reading reading = Reading.start(reader.on(queue), null)) {
      for (int i = 0; i < bodies.length; i++) {
        queue.publish(Integer.toString(i + 1), bodies[i]);
      }
      assertThat(reading.seen(bodies.length)).containsExactly(bodies);
      OperatorSubtaskState state = reading.snapshot(1);
      queue.failCommits();
      assertThatThrownBy(() -> reading.complete(1)).hasStackTraceContaining("the commit failed");
      return state;
    }
  }
}
