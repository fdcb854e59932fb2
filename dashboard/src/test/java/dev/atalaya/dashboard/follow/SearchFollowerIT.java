package dev.atalaya.dashboard.follow;

import static dev.atalaya.dashboard.Documents.HITTER;
import static dev.atalaya.dashboard.Documents.alert;
import static dev.atalaya.dashboard.Documents.deadLetter;
import static dev.atalaya.dashboard.Documents.id;
import static dev.atalaya.dashboard.Documents.report;
import static dev.atalaya.dashboard.Documents.startMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atalaya.connectors.search.SearchSettings;
import dev.atalaya.connectors.search.SearchSetup;
import dev.atalaya.connectors.search.StoreClient;
import dev.atalaya.dashboard.history.AlertQuery;
import dev.atalaya.dashboard.history.History;
import dev.atalaya.fixtures.SearchStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SearchFollowerIT {

  private static final Duration SOON = Duration.ofSeconds(60);

  private static final AlertQuery ALL = new AlertQuery(null, null, null, null, null, null);

  private final History history = new History(10_000, 1 << 24);
  private SearchStore store;

  /** Tells when it stored a document. */
  @Test
  void followsOpenSearch() {
    try (SearchStore started = SearchStore.fastOpensearch()) {
      store = started;
      SearchSettings settings = settings();
      try (SearchFollower follower = new SearchFollower(history, "opensearch", settings, 5_000)) {
        follower.start();
        readsWhatIsThereAndWhatComes(settings);
        findsWhatComesLate();
        put("x-reports", List.of(report("d", 1_500, 77, 0)));
        await().atMost(SOON).until(() -> history.windows("d", 501, 501).get(0).hitters() == 77);
        goesOnAfterTheStoreWasAway(follower);
        readsAStrangerOnce();
      }
      readsTheLastWindowsOnly(settings);
    }
  }

  /** The one of the tests does not tell when it stored a document. */
  @Test
  void followsElasticsearch() {
    try (SearchStore started = SearchStore.fastElasticsearch()) {
      store = started;
      SearchSettings settings = settings();
      try (SearchFollower follower =
          new SearchFollower(history, "elasticsearch", settings, 5_000)) {
        follower.start();
        readsWhatIsThereAndWhatComes(settings);
        findsWhatComesLate();
      }
      handsOverEachDocumentOnce(settings);
    }
  }

  private SearchSettings settings() {
    return new SearchSettings(
        List.of(store.url()), "x-alerts", "x-reports", "x-letters", null, null, null, 2_000);
  }

  private void readsWhatIsThereAndWhatComes(SearchSettings settings) {
    SearchSetup.run(settings, List.of(), new SearchSetup.Retention(36_500, 36_500));
    List<JsonNode> reports = new ArrayList<>();
    for (int i = 0; i < 1_200; i++) {
      reports.add(report("d", 1_000 + i, 1, 0));
    }
    put("x-reports", reports);
    put("x-letters", List.of(deadLetter("x", "syntax")));
    await().atMost(SOON).until(() -> history.documents() == 1_201);
    put("x-alerts", List.of(alert("d", 2_199, HITTER, "a", 1)));
    await().atMost(SOON).until(() -> history.documents() == 1_202);
    put("x-letters", List.of(deadLetter("y", "syntax")));
    await().atMost(SOON).until(() -> history.documents() == 1_203);
  }

  private void findsWhatComesLate() {
    put("x-reports", List.of(report("d", 999, 1, 0)));
    put("x-alerts", List.of(alert("d", 1_500, HITTER, "late", 1)));
    await().atMost(SOON).until(() -> history.documents() == 1_205);
  }

  private void handsOverEachDocumentOnce(SearchSettings settings) {
    StoreQueries queries = new StoreQueries(new StoreClient(settings));
    Beginning beginning = new Beginning(queries, "x-reports", 5_000);
    List<JsonNode> taken = new ArrayList<>();
    AliasReader reader = new AliasReader(queries, "x-reports", beginning, taken::addAll);
    await().atMost(SOON).until(() -> !reader.poll() && taken.size() == 1_201);
    taken.clear();
    put("x-reports", List.of(report("d", 998, 1, 0)));
    await().atMost(SOON).until(() -> !reader.poll() && !taken.isEmpty());
    assertThat(taken).containsExactly(report("d", 998, 1, 0));
  }

  private void goesOnAfterTheStoreWasAway(SearchFollower follower) {
    await().atMost(SOON).until(() -> follower.state().isHealthy());
    assertThat(follower.state().what()).isEqualTo("opensearch");
    assertThat(follower.state().where())
        .isEqualTo(store.url() + ": x-alerts, x-reports, x-letters");
    store.pause();
    await().atMost(SOON).until(() -> !follower.state().isHealthy());
    assertThat(follower.state().message())
        .isEqualTo("The store at %s: no whole answer within 2000 ms (timeout)", store.url());
    store.resume();
    put("x-alerts", List.of(alert("d", 2_199, HITTER, "b", 2)));
    await().atMost(SOON).until(() -> history.documents() == 1_206);
    await().atMost(SOON).until(() -> follower.state().isHealthy());
    assertThat(history.strangers()).isZero();
  }

  private void readsAStrangerOnce() {
    store.request("POST", "/x-alerts-2025.01/_doc", "{\"message\": \"no id\"}");
    await().atMost(SOON).until(() -> history.strangers() > 0);
    put("x-alerts", List.of(alert("d", 2_199, HITTER, "c", 3)));
    await().atMost(SOON).until(() -> history.documents() == 1_207);
    assertThat(history.strangers()).isEqualTo(1);
  }

  private static void readsTheLastWindowsOnly(SearchSettings settings) {
    History small = new History(10_000, 1 << 24);
    try (SearchFollower follower = new SearchFollower(small, "opensearch", settings, 10)) {
      follower.start();
      await().atMost(SOON).until(() -> small.documents() == 15);
    }
    assertThat(small.windows("d", 0, 99)).hasSize(10);
    assertThat(small.windows("d", 0, 0).get(0).startMillis()).isEqualTo(startMillis(2_190));
    assertThat(small.alerts(ALL, 9, null).total()).isEqualTo(3);
    assertThat(small.deadLetters().total()).as("none has a time").isEqualTo(2);
  }

  private void put(String alias, List<JsonNode> documents) {
    StringBuilder bulk = new StringBuilder();
    for (JsonNode document : documents) {
      bulk.append("{\"index\": {\"_index\": \"" + alias + "-2025.01\", \"_id\": \"")
          .append(id(document))
          .append("\"}}\n")
          .append(document)
          .append('\n');
    }
    JsonNode answer = store.request("POST", "/_bulk", bulk.toString());
    assertThat(answer.path("errors").asBoolean()).as("%s", answer).isFalse();
  }
}
