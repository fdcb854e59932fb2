package dev.atalaya.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atalaya.fixtures.FlinkCluster;
import dev.atalaya.fixtures.KafkaBroker;
import dev.atalaya.fixtures.SearchStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From Kafka to files and to a store, while TaskManagers and the store are killed as {@code kill
 * -9} does, at seeded random moments: what the store has in the end must not show it, and the job
 * must not fail because the store is away.
 *
 * <p>With {@code -Datalaya.full=true} there are more events and more kills.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class SearchRecoveryIT {

  private static final Logger LOG = LoggerFactory.getLogger(SearchRecoveryIT.class);

  private static final Path JAR = Path.of("target/atalaya-job-0.1.0-cluster.jar").toAbsolutePath();
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** How long the store is away, besides the time that its start takes. */
  private static final int AWAY_MILLIS = 2000;

  private enum Kill {
    STORE,
    TASK_MANAGER
  }

  private record Size(int events, int seconds, int taskManagerKills, int storeKills) {

    static Size chosen() {
      return Boolean.getBoolean("atalaya.full")
          ? new Size(500_000, 1500, 10, 10)
          : new Size(60_000, 180, 3, 3);
    }
  }

  @TempDir Path work;

  /** The store's return from the last kill; the kills that come next do not wait for it. */
  private CompletableFuture<Void> storeIsBack = CompletableFuture.completedFuture(null);

  private int restarts;

  @Test
  void theStoreHasEveryDocumentOnceWhateverIsKilled() throws Exception {
    Size size = Size.chosen();
    FlowStream flows = new FlowStream(size.events, size.seconds, 41);
    List<Kill> kills =
        KilledReader.shuffled(
            Kill.TASK_MANAGER, size.taskManagerKills, Kill.STORE, size.storeKills, 45);

    // One TaskManager has all tasks, so a kill is one failure of the job, however it is noticed.
    try (KafkaBroker broker = KafkaBroker.start();
        SearchStore store = SearchStore.opensearch();
        FlinkCluster cluster = FlinkCluster.start(1)) {
      broker.createTopic(FlowStream.TOPIC, FlowStream.PARTITIONS);
      String yaml =
          yaml(
              "disturbed",
              FlowStream.kafka(broker, "disturbed", "start: earliest"),
              " }, { opensearch: { url: \"" + store.url() + "\" }");
      StoredDocuments.setUp(yaml);
      Path config = Files.writeString(work.resolve("disturbed.yaml"), yaml);
      String job = cluster.submit(List.of("-p", "2"), JAR, "run", config.toString());
      KilledReader.feed(
          flows,
          broker,
          "disturbed",
          kills,
          43,
          PATIENCE,
          kill -> {
            switch (kill) {
              case STORE -> kill(store);
              case TASK_MANAGER -> killTaskManager(cluster, job);
            }
          });
      storeIsBack.join();
      broker.awaitCommitted("disturbed", size.events, PATIENCE);
      cluster.awaitAllTasksRunning(job);
      assertThat(cluster.restarts(job)).as(cluster.failure(job)).isEqualTo(restarts);
      cluster.drain(job, work.resolve("end"));

      TestRuns.run(yaml("undisturbed", FlowStream.kafka(broker, "undisturbed", "end: latest"), ""));
      assertUndisturbed(flows, store);
    }
  }

  private void assertUndisturbed(FlowStream flows, SearchStore store) throws Exception {
    OutputFiles undisturbed = OutputFiles.read(work.resolve("undisturbed"));
    OutputFiles files = OutputFiles.read(work.resolve("disturbed"));
    Accounts.assertExact(flows, files);
    Accounts.assertSame(files.sortedLines(), undisturbed.sortedLines());

    List<String> alerts = StoredDocuments.lines(store, StoredDocuments.ALERTS);
    Accounts.assertSame(
        alerts, StoredDocuments.canonical(OutputFiles.lines(work.resolve("undisturbed/alerts"))));
    assertThat(alerts).hasSizeGreaterThan(20_000);
    assertThat(store.documents(StoredDocuments.ALERTS))
        .as("alerts that were written again")
        .allMatch(alert -> alert.get("_version").asInt() == 1);

    List<String> all = new ArrayList<>(alerts);
    all.addAll(StoredDocuments.lines(store, StoredDocuments.REPORTS));
    all.addAll(StoredDocuments.lines(store, StoredDocuments.DEAD_LETTERS));
    OutputFiles stored = OutputFiles.of(all);
    Accounts.assertExact(flows, stored);
    Accounts.assertSame(stored.sortedLines(), StoredDocuments.canonical(undisturbed.sortedLines()));
    JsonNode ledger = stored.ledger("sources");
    LOG.info("{} restarts, {} alerts stored; {}", restarts, alerts.size(), ledger);
  }

  private void kill(SearchStore store) {
    storeIsBack.join();
    store.kill();
    storeIsBack =
        CompletableFuture.runAsync(
            store::restart, CompletableFuture.delayedExecutor(AWAY_MILLIS, TimeUnit.MILLISECONDS));
  }

  private void killTaskManager(FlinkCluster cluster, String job) {
    cluster.awaitAllTasksRunning(job);
    assertThat(cluster.restarts(job)).as(cluster.failure(job)).isEqualTo(restarts);
    cluster.killTaskManager(cluster.taskManagerOf(job));
    cluster.startTaskManager();
    restarts++;
    cluster.awaitRestarts(job, restarts);
  }

  /**
   * While the next events are held back, the wall clock must not close a window.
   *
   * @param store the sink after the files, between their braces; or empty
   */
  private String yaml(String name, String source, String store) {
    return FlowStream.yamlTo(
        "files: { path: \"" + work.resolve(name) + "\", roll: 1s }" + store,
        source,
        "name: " + name,
        "time: { field: ts, unit: ms, out-of-orderness: 2s, idle: 1h }",
        "window: 1s",
        "checkpoint: { interval: 500ms, dir: \"" + work.resolve(name + "-checkpoints") + "\" }");
  }
}
