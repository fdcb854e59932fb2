package dev.atalaya.connectors.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atalaya.connectors.Document;
import dev.atalaya.connectors.Document.Kind;
import dev.atalaya.fixtures.FreePort;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.runtime.metrics.groups.InternalSinkWriterMetricGroup;
import org.apache.flink.util.function.ThrowingRunnable;
import org.junit.jupiter.api.Test;

/** How much a writer holds while the store is away. */
class SearchWriterTest {

  @Test
  void waitsWhenItHoldsTooManyBytes() throws Exception {
    try (SearchWriter writer = writer()) {
      Document large = document("x".repeat(200_000));
      for (long held = 0; held < SearchWriter.MAX_BYTES; held += Entry.of(large, 0).bytes()) {
        writer.write(large, null);
      }
      assertThatThrownBy(() -> writer.write(large, null)).isInstanceOf(WouldWaitException.class);
      assertThat(writer.snapshotState(1)).hasSize(84);
    }
  }

  @Test
  void waitsWhenItHoldsTooManyDocuments() throws Exception {
    try (SearchWriter writer = writer()) {
      for (int i = 0; i < SearchWriter.MAX_ENTRIES; i++) {
        writer.write(document("{}"), null);
      }
      assertThatThrownBy(() -> writer.write(document("{}"), null))
          .isInstanceOf(WouldWaitException.class);
      writer.flush(false);
      assertThat(writer.snapshotState(1)).hasSize(SearchWriter.MAX_ENTRIES);
    }
  }

  private static Document document(String json) {
    return new Document(Kind.ALERT, "id", "k", 0, json);
  }

  private static SearchWriter writer() {
    return new SearchWriter(
        new SearchSettings(
            List.of("http://localhost:" + FreePort.pick()),
            "a",
            "r",
            "d",
            null,
            null,
            new SearchSettings.Batch(500, 5 << 20, 1_000, 2),
            1_000),
        new Backoff(1, 1, 0),
        new NoMails(),
        new NoTimers(),
        InternalSinkWriterMetricGroup.wrap(UnregisteredMetricsGroup.createOperatorMetricGroup()),
        List.of());
  }

  private static final class WouldWaitException extends RuntimeException {}

  /** Nothing ever comes back. */
  private static final class NoMails implements MailboxExecutor {

    @Override
    public void execute(
        MailOptions options,
        ThrowingRunnable<? extends Exception> mail,
        String description,
        Object... arguments) {}

    @Override
    public void yield() {
      throw new WouldWaitException();
    }

    @Override
    public boolean tryYield() {
      return false;
    }

    @Override
    public boolean shouldInterrupt() {
      return false;
    }
  }

  private static final class NoTimers implements ProcessingTimeService {

    @Override
    public long getCurrentProcessingTime() {
      return 0;
    }

    @Override
    public ScheduledFuture<?> registerTimer(long time, ProcessingTimeCallback callback) {
      return null;
    }
  }
}
