package dev.atalaya.job.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.job.capture.Way.Promise;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class WayTest {

  private final Inbox inbox = new Inbox();
  private final Way way = new Way("http", Promise.CHECKPOINT, inbox);
  private final Queue<Arrival> taken = new ArrayDeque<>();

  @Test
  void aRecordIsSettledWhenItIsConfirmedAndNotBefore() {
    CompletableFuture<Void> settled = way.publish("1", new byte[3]);
    assertThat(inbox.something()).isDone();
    inbox.drainTo(taken);
    assertThat(inbox.something()).isNotDone();
    way.handOn(taken.element());
    assertThat(settled).isNotDone();
    assertThat(taken.element().bytes).isNull();
    way.confirm(taken.element());
    assertThat(settled).isCompleted();
    assertThat(way.counts().confirmed()).isEqualTo(1);
  }

  @Test
  void theEndIsToldToThoseWhoWait() {
    CompletableFuture<Void> settled = way.publish("1", new byte[3]);
    way.close();
    assertThat(settled).isCompletedExceptionally();
    assertThat(way.publish("2", new byte[3])).isCompletedExceptionally();
    assertThat(way.isAway()).isTrue();
    inbox.drainTo(taken);
    way.confirm(taken.element());
    assertThat(way.counts().unconfirmed()).isZero();
    assertThat(way.counts().failed()).isEqualTo(1);
  }

  @Test
  void itIsFullByBytesUntilTheTaskHasThem() {
    CompletableFuture<Void> large = way.publish("1", new byte[(int) Way.MAX_WAITING_BYTES]);
    assertThat(way.isFull()).isTrue();
    assertThat(way.publish("2", new byte[1])).isCompletedExceptionally();
    inbox.drainTo(taken);
    way.handOn(taken.element());
    assertThat(way.isFull()).isFalse();
    assertThat(large).isNotDone();
  }

  @Test
  void aLineThatWasHandedOnIsKnown() {
    Progress progress = new Progress(Map.of("a", 10L));
    assertThat(progress.advance("a-10")).isFalse();
    assertThat(progress.advance("a-0")).isFalse();
    assertThat(progress.advance("a-11")).isTrue();
    assertThat(progress.advance("b-c-0")).isTrue();
    assertThat(progress.advance("b-c-0")).isFalse();
    assertThat(progress.lastBytes()).isEqualTo(Map.of("a", 11L, "b-c", 0L));
  }

  @Test
  void stateIsReadAsItWasWritten() throws Exception {
    CaptureSplit.Serializer serializer = new CaptureSplit.Serializer();
    CaptureSplit split = new CaptureSplit(Map.of("a", 11L, "b", 0L));
    assertThat(serializer.deserialize(1, serializer.serialize(split))).isEqualTo(split);
  }
}
