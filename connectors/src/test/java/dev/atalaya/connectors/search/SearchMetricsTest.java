package dev.atalaya.connectors.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atalaya.connectors.Document;
import dev.atalaya.connectors.Document.Kind;
import dev.atalaya.connectors.DocumentSerializer;
import dev.atalaya.fixtures.StubSearchStore;
import dev.atalaya.fixtures.StubSearchStore.Refusal;
import dev.atalaya.fixtures.StubSearchStore.Reply;
import java.time.Duration;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(120)
class SearchMetricsTest {

  private static final InMemoryReporter REPORTER = InMemoryReporter.createWithRetainedMetrics();

  private static final Backoff BACKOFF = new Backoff(2, 50, Long.MAX_VALUE);

  @RegisterExtension
  private static final MiniClusterExtension FLINK =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setConfiguration(REPORTER.addToConfiguration(new Configuration()))
              .build());

  @Test
  void countsWhatIsStoredRefusedAndRetriedAndHowLongTheStoreIsAway() throws Exception {
    try (StubSearchStore store = StubSearchStore.plain()) {
      store.addTemplates("alerts", "reports", "letters");
      store.onBulk(bulk -> Reply.status(503, ""));
      JobClient job = write(store);
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> store.bulks() > 1 && millis(job, "storeAwayMillis") > 0);
      int failed = store.bulks();
      store.onBulk(
          bulk ->
              Reply.items(
                  one -> one.id().equals("a1") ? new Refusal(400, "type", "reason") : null));
      job.getJobExecutionResult().get();
      assertThat(count(job, "numRecordsSend")).isEqualTo(3);
      assertThat(count(job, "documentsRefused")).isEqualTo(1);
      assertThat(count(job, "requestsRetried")).isGreaterThanOrEqualTo(failed);
      assertThat(millis(job, "storeAwayMillis")).isZero();
    }
  }

  @Test
  void tellsOfADocumentPutOffWhileOthersPassBy() throws Exception {
    try (StubSearchStore store = StubSearchStore.plain()) {
      store.addTemplates("alerts", "reports", "letters");
      store.onBulk(
          bulk ->
              Reply.items(one -> one.id().equals("a5") ? new Refusal(429, "busy", "now") : null));
      StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
      env.setParallelism(1);
      env.fromSequence(0, Long.MAX_VALUE)
          .map(SearchMetricsTest::slowAlert)
          .returns(DocumentSerializer.TYPE)
          .sinkTo(new SearchSink(settings(store), BACKOFF));
      JobClient job = env.executeAsync();
      // Far longer than the answers to the others take.
      await().atMost(Duration.ofMinutes(1)).until(() -> putOffMillis(job) > 2_000);
      store.onBulk(bulk -> Reply.good());
      await().atMost(Duration.ofMinutes(1)).until(() -> putOffMillis(job) == 0);
      job.cancel().get();
    }
  }

  private static Document slowAlert(long number) throws InterruptedException {
    Thread.sleep(1);
    return alert("a" + number);
  }

  /** Less than 0 before the job runs. */
  private static long putOffMillis(JobClient job) {
    return REPORTER.findMetrics(job.getJobID(), "documentsPutOffMillis$").isEmpty()
        ? -1
        : millis(job, "documentsPutOffMillis");
  }

  private static JobClient write(StubSearchStore store) throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.setParallelism(1);
    env.fromData(DocumentSerializer.TYPE, alert("a0"), alert("a1"), alert("a2"))
        .uid("documents")
        .sinkTo(new SearchSink(settings(store), BACKOFF))
        .uid("sink");
    return env.executeAsync();
  }

  private static SearchSettings settings(StubSearchStore store) {
    return StoreSettings.of(store.url(), 50, 10_000);
  }

  private static Document alert(String id) {
    return new Document(Kind.ALERT, id, "k", 0, "{}");
  }

  private static long count(JobClient job, String name) {
    return ((Counter) metric(job, name)).getCount();
  }

  private static long millis(JobClient job, String name) {
    return (Long) ((Gauge<?>) metric(job, name)).getValue();
  }

  private static Metric metric(JobClient job, String name) {
    return REPORTER.findMetrics(job.getJobID(), name + "$").values().iterator().next();
  }
}
