package dev.atalaya.capture.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.atalaya.capture.publish.PublishRefusedException.Reason;
import dev.atalaya.connectors.BrokerRefusedException;
import dev.atalaya.connectors.MessageWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class QueuePublisherTest {

  private static final QueuePublisher.Limits LIMITS = new QueuePublisher.Limits(10, 1000, 100);

  private final List<FakeWriter> writers = new CopyOnWriteArrayList<>();
  private final ConcurrentLinkedQueue<RuntimeException> refusals = new ConcurrentLinkedQueue<>();
  private volatile boolean confirms = true;
  private QueuePublisher publisher;

  /** A client that does what the test wants. */
  private final class FakeWriter extends MessageWriter {
    final List<String> sent = new CopyOnWriteArrayList<>();
    final ConcurrentLinkedQueue<Fate> open = new ConcurrentLinkedQueue<>();
    volatile boolean closed;

    FakeWriter(Watcher watcher) {
      super(watcher);
    }

    @Override
    protected void send(String id, byte[] body, Fate fate) {
      sent.add(id);
      if (id.startsWith("too-large")) {
        refuse(fate, new IllegalStateException("too large"));
      } else if (confirms) {
        confirm(fate);
      } else {
        open.add(fate);
      }
    }

    void confirmFirst() {
      confirm(open.remove());
    }

    void confirmOpen() {
      while (!open.isEmpty()) {
        confirmFirst();
      }
    }

    void breakDown() {
      fail(new BrokerRefusedException("the topic is gone", null));
    }

    @Override
    protected String silence() {
      return "silence";
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private QueuePublisher open() {
    publisher =
        new QueuePublisher(
            watcher -> {
              RuntimeException refusal = refusals.poll();
              if (refusal != null) {
                throw refusal;
              }
              FakeWriter writer = new FakeWriter(watcher);
              writers.add(writer);
              return writer;
            },
            LIMITS);
    return publisher;
  }

  @AfterEach
  void close() {
    if (publisher != null) {
      publisher.close();
    }
  }

  private static byte[] event(int length) {
    return "x".repeat(length).getBytes(UTF_8);
  }

  private static Reason reason(CompletableFuture<Void> done) {
    await().until(done::isDone);
    try {
      done.join();
      throw new AssertionError("was not refused");
    } catch (CompletionException e) {
      return ((PublishRefusedException) e.getCause()).reason();
    }
  }

  @Test
  void completesWhatIsConfirmed() {
    open();
    for (int i = 0; i < 100; i++) {
      assertThat(publisher.publish("id-" + i, event(1))).succeedsWithin(Duration.ofSeconds(20));
    }
    assertThat(publisher.counts()).isEqualTo(new Publisher.Counts(100, 100, 0, 0));
    assertThat(publisher.isAway()).isFalse();
    assertThat(publisher.connected()).isCompleted();
  }

  @Test
  void isBoundedInEventsAndBytes() throws Exception {
    confirms = false;
    open();
    List<CompletableFuture<Void>> taken = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      taken.add(publisher.publish("id-" + i, event(1)));
    }
    assertThat(publisher.isFull()).isTrue();
    assertThat(publisher.awaitRoom(1)).isFalse();
    assertThat(reason(publisher.publish("id-10", event(1)))).isEqualTo(Reason.FULL);
    assertThat(publisher.counts()).isEqualTo(new Publisher.Counts(10, 0, 0, 10));
    await().until(() -> writers.size() == 1 && writers.get(0).sent.size() == 10);
    writers.get(0).confirmOpen();
    assertThat(publisher.awaitRoom(20_000)).isTrue();
    assertThat(taken).allMatch(done -> done.isDone() && !done.isCompletedExceptionally());

    for (int i = 0; i < 9; i++) {
      assertThat(publisher.publish("bytes-" + i, event(100))).isNotCompletedExceptionally();
    }
    assertThat(publisher.isFull()).isFalse();
    assertThat(publisher.publish("bytes-9", event(100))).isNotCompletedExceptionally();
    // By bytes or by number, it is the tenth.
    assertThat(publisher.isFull()).isTrue();
  }

  @Test
  void oneRefusedEventIsRefusedAlone() {
    open();
    assertThat(reason(publisher.publish("too-large", event(1)))).isEqualTo(Reason.REFUSED);
    assertThat(reason(publisher.publish("id", event(101)))).isEqualTo(Reason.REFUSED);
    assertThat(reason(publisher.publish("i".repeat(256), event(1)))).isEqualTo(Reason.REFUSED);
    assertThat(publisher.publish("id", event(1))).succeedsWithin(Duration.ofSeconds(20));
    assertThat(publisher.counts()).isEqualTo(new Publisher.Counts(2, 1, 1, 0));
  }

  @Test
  void whatIsNotConfirmedIsSentAgainOverTheNextConnection() {
    confirms = false;
    open();
    List<CompletableFuture<Void>> done = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      done.add(publisher.publish("id-" + i, event(1)));
    }
    await().until(() -> writers.size() == 1 && writers.get(0).sent.size() == 3);
    FakeWriter first = writers.get(0);
    first.confirmFirst();
    assertThat(done.get(0)).isCompleted();

    refusals.add(new BrokerRefusedException("not yet", null));
    confirms = true;
    first.breakDown();
    await().until(publisher::isAway);
    await().until(() -> writers.size() == 2);
    assertThat(done.get(1)).succeedsWithin(Duration.ofSeconds(20));
    assertThat(done.get(2)).succeedsWithin(Duration.ofSeconds(20));
    assertThat(first.closed).isTrue();
    assertThat(writers.get(1).sent).containsExactly("id-1", "id-2");
    // Too late, and no harm.
    first.confirmOpen();
    assertThat(publisher.counts()).isEqualTo(new Publisher.Counts(3, 3, 0, 0));
    assertThat(publisher.isAway()).isFalse();
  }

  @Test
  void aFirstRefusalIsForEver() {
    refusals.add(new BrokerRefusedException("no such topic", null));
    open();
    assertThatThrownBy(() -> publisher.connected().join()).hasRootCauseMessage("no such topic");
    assertThat(reason(publisher.publish("id", event(1)))).isEqualTo(Reason.CLOSED);
  }

  @Test
  void closingFailsWhatIsLeft() {
    confirms = false;
    open();
    CompletableFuture<Void> done = publisher.publish("id", event(1));
    publisher.close();
    assertThat(reason(done)).isEqualTo(Reason.CLOSED);
    assertThat(reason(publisher.publish("id", event(1)))).isEqualTo(Reason.CLOSED);
    assertThat(publisher.counts()).isEqualTo(new Publisher.Counts(1, 0, 1, 0));
  }
}
