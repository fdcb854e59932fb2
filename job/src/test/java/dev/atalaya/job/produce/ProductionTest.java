package dev.atalaya.job.produce;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atalaya.connectors.MessageWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The writer is a fake: a broker that does not confirm, on demand. */
@Timeout(60)
class ProductionTest {

  private final List<String> told = new ArrayList<>();
  private final FakeWriter writer = new FakeWriter(told);
  private final Production production = new Production(writer, "flows.jsonl", new Pacer(0));

  private static final class FakeWriter extends MessageWriter {
    final List<String> sent = new ArrayList<>();
    boolean confirms = true;
    boolean closed;

    FakeWriter(List<String> told) {
      super(
          new Watcher() {
            @Override
            public void away(String reason) {
              told.add(reason);
            }

            @Override
            public void back() {
              told.add("back");
            }
          });
    }

    @Override
    protected void send(String id, byte[] body, Fate fate) {
      sent.add(id + "=" + new String(body, UTF_8));
      if (confirms) {
        confirm(fate);
      }
    }

    @Override
    protected String silence() {
      return "silence";
    }

    @Override
    public void close() {
      closed = true;
    }

    void confirm(int messages) {
      for (int i = 0; i < messages; i++) {
        confirm(null);
      }
    }

    void refuse() {
      fail(new IllegalStateException("refused"));
    }
  }

  @Test
  void idsAreThePrefixAndTheNumber() throws InterruptedException {
    for (String line : new String[] {"a", "", "b"}) {
      production.produce(line.getBytes(UTF_8));
    }
    production.finish();
    production.end();
    assertThat(writer.sent).containsExactly("flows.jsonl-1=a", "flows.jsonl-2=", "flows.jsonl-3=b");
    assertThat(production.progress().events()).isEqualTo(3);
    assertThat(production.progress().confirmed()).isEqualTo(3);
    assertThat(writer.closed).isTrue();
  }

  @Test
  void unconfirmedMessagesAreBounded() throws Exception {
    writer.confirms = false;
    CompletableFuture<Void> producing =
        CompletableFuture.runAsync(
            () -> {
              try {
                for (int i = 0; i <= MessageWriter.MAX_UNCONFIRMED; i++) {
                  production.produce(new byte[0]);
                }
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    while (told.isEmpty()) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertThat(told).contains("silence");
    assertThat(production.progress().events()).isEqualTo(MessageWriter.MAX_UNCONFIRMED);
    writer.confirm(1);
    producing.get();
    assertThat(told).endsWith("back");
    assertThat(writer.unconfirmed()).isEqualTo(MessageWriter.MAX_UNCONFIRMED);
  }

  @Test
  void finishWaitsForTheLastConfirmation() throws Exception {
    writer.confirms = false;
    production.produce(new byte[0]);
    CompletableFuture<Void> late =
        CompletableFuture.runAsync(
            () -> writer.confirm(1), CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS));
    production.finish();
    assertThat(production.progress().confirmed()).isEqualTo(1);
    late.get();
  }

  @Test
  void aRefusalEndsTheWaiting() throws Exception {
    writer.confirms = false;
    production.produce(new byte[0]);
    writer.refuse();
    assertThatThrownBy(production::finish).hasMessage("refused");
  }

  @Test
  void stopWaitsForWhatWasBegunAndBeginsNothingMore() throws Exception {
    writer.confirms = false;
    production.produce(new byte[0]);
    production.stop(50);
    assertThat(production.progress().confirmed()).isZero();
    writer.confirm(1);
    production.stop(60_000);
    assertThatThrownBy(() -> production.produce(new byte[0]))
        .isInstanceOf(InterruptedException.class);
    assertThat(writer.sent).hasSize(1);
  }
}
