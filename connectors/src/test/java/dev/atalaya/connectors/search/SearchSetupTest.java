package dev.atalaya.connectors.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atalaya.connectors.BrokerRefusedException;
import dev.atalaya.connectors.Document;
import dev.atalaya.connectors.search.SearchSetup.Outcome;
import dev.atalaya.connectors.search.SearchSetup.Part;
import dev.atalaya.connectors.search.SearchSetup.Retention;
import dev.atalaya.connectors.search.SearchSetup.Step;
import dev.atalaya.fixtures.StubSearchStore;
import dev.atalaya.fixtures.StubSearchStore.Reply;
import dev.atalaya.fixtures.StubSearchStore.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.util.FlinkRuntimeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The set-up of lifecycle policies, which the stores made of libraries do not have, and answers
 * that are no store's.
 */
class SearchSetupTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String INGESTED =
      "{\"docs\":[{\"doc\":{\"_source\":{\"event\":{\"ingested\":\"2026-11-22T00:00:00.123456789Z\"}}}}]}";
  private static final String NOT_FOUND = "{\"error\":{\"type\":\"resource_not_found_exception\"}}";

  /** By method and path, status and body parted by a blank; what is not here is not there. */
  private final Map<String, String> answers = new ConcurrentHashMap<>();

  /** What was written, by method and path. */
  private final Map<String, String> written = Collections.synchronizedMap(new LinkedHashMap<>());

  private final StubSearchStore store = StubSearchStore.plain();

  @BeforeEach
  void start() {
    store.onOther(this::answer);
    answers.put("POST /_ingest/pipeline/_simulate", "200 " + INGESTED);
  }

  @AfterEach
  void stop() {
    store.close();
  }

  private Reply answer(Request request) {
    String query = request.query() == null ? "" : "?" + request.query();
    String what = request.method() + " " + request.path() + query;
    String answer = answers.get(what);
    if (answer != null) {
      return Reply.status(Integer.parseInt(answer.substring(0, 3)), answer.substring(4));
    }
    if (request.method().equals("GET")) {
      return Reply.status(404, NOT_FOUND);
    }
    written.put(what, request.body());
    return Reply.status(200, "{}");
  }

  private JsonNode written(String request) throws IOException {
    return JSON.readTree(written.get(request));
  }

  private void isElasticsearch(String version) {
    answers.put("GET /", "200 {\"version\":{\"number\":\"" + version + "\"}}");
  }

  private void isOpenSearch() {
    answers.put(
        "GET /", "200 {\"version\":{\"number\":\"7.10.2\",\"distribution\":\"opensearch\"}}");
  }

  private SearchSetup.Result setUp(int days) {
    SearchSettings settings =
        new SearchSettings(
            List.of(store.url()),
            "al",
            "rep",
            "dead",
            null,
            null,
            new SearchSettings.Batch(500, 5_000_000, 1000, 2),
            30_000);
    return SearchSetup.run(settings, List.of(), new Retention(days, 30));
  }

  private static JsonNode json(String text) throws IOException {
    return JSON.readTree(text.replace('\'', '"'));
  }

  @Test
  void elasticsearchDeletesMonthsAndKeepsTheUndated() throws IOException {
    isElasticsearch("9.1.0");
    SearchSetup.Result result = setUp(365);
    assertThat(result.store()).isEqualTo("Elasticsearch 9.1.0");
    assertThat(result.steps())
        .startsWith(
            new Step(Part.PIPELINE, "atalaya", Outcome.MADE),
            new Step(Part.POLICY, "al", Outcome.MADE),
            new Step(Part.TEMPLATE, "al", Outcome.MADE),
            new Step(Part.TEMPLATE, "al-undated", Outcome.MADE),
            new Step(Part.INDICES, "al-*", Outcome.UNCHANGED));
    assertThat(written("PUT /_ilm/policy/al"))
        .isEqualTo(
            json("{'policy':{'phases':{'delete':{'min_age':'396d','actions':{'delete':{}}}}}}"));
    assertThat(written("PUT /_ilm/policy/dead").at("/policy/phases/delete/min_age").asText())
        .isEqualTo("61d");
    JsonNode template = written("PUT /_index_template/al");
    assertThat(template.at("/template/settings"))
        .isEqualTo(json("{'index':{'default_pipeline':'atalaya','lifecycle':{'name':'al'}}}"));
    assertThat(template.at("/template/aliases")).isEqualTo(json("{'al':{}}"));
    assertThat(template.at("/index_patterns")).isEqualTo(json("['al-*']"));
    JsonNode undated = written("PUT /_index_template/al-undated");
    assertThat(undated.at("/template/settings"))
        .isEqualTo(json("{'index':{'default_pipeline':'atalaya'}}"));
    assertThat(undated.at("/template/mappings")).isEqualTo(template.at("/template/mappings"));
    assertThat(undated.get("priority").asInt()).isGreaterThan(template.get("priority").asInt());
  }

  @Test
  void anIndexOfElasticsearchThatHasNoPolicyIsGivenOne() throws IOException {
    isElasticsearch("8.19.0");
    String index = "{'aliases':{'al':{}},'settings':{'index':{'default_pipeline':'atalaya'}}}";
    answers.put(
        "GET /al-*?expand_wildcards=open",
        "200 " + json("{'al-2026.11':" + index + ",'al-undated':" + index + ",'al-x':{}}"));
    assertThat(setUp(365).steps()).contains(new Step(Part.INDICES, "al-*", Outcome.UPDATED));
    List<String> changed = new ArrayList<>(written.keySet());
    changed.removeIf(request -> !request.startsWith("PUT /al"));
    assertThat(changed)
        .containsExactly(
            "PUT /al-2026.11/_settings", "PUT /al-2026.11/_mapping", "PUT /al-undated/_mapping");
    assertThat(written("PUT /al-2026.11/_settings").at("/index/lifecycle/name").asText())
        .isEqualTo("al");
  }

  private static final String ISM =
      """
      {'policy': {'description': 'Deletes what Atalaya wrote, month by month',
        'default_state': 'kept',
        'states': [
          {'name': 'kept', 'actions': [], 'transitions': [
            {'state_name': 'deleted', 'conditions': {'min_index_age': '396d'}}]},
          {'name': 'deleted', 'actions': [{'delete': {}}], 'transitions': []}],
        'ism_template': [{'priority': 500, 'index_patterns': ['al-*.*']}]}}
      """;

  @Test
  void openSearchDeletesMonthsAndKeepsTheUndated() throws IOException {
    isOpenSearch();
    answers.put("GET /al-*?expand_wildcards=open", "200 {\"al-2026.11\":{}}");
    SearchSetup.Result result = setUp(365);
    assertThat(result.store()).isEqualTo("OpenSearch 7.10.2");
    assertThat(result.steps())
        .startsWith(
            new Step(Part.PIPELINE, "atalaya", Outcome.MADE),
            new Step(Part.POLICY, "al", Outcome.MADE),
            new Step(Part.TEMPLATE, "al", Outcome.MADE),
            new Step(Part.INDICES, "al-*", Outcome.UPDATED));
    assertThat(written("PUT /_plugins/_ism/policies/al")).isEqualTo(json(ISM));
    assertThat(written("POST /_plugins/_ism/add/al-*.*")).isEqualTo(json("{'policy_id':'al'}"));
    assertThat(written).doesNotContainKey("POST /_plugins/_ism/add/rep-*.*");
    assertThat(written("PUT /_index_template/al").at("/template/settings"))
        .isEqualTo(json("{'index':{'default_pipeline':'atalaya'}}"));
  }

  @Test
  void aPolicyOfOpenSearchIsChangedOnlyWhenItMust() throws IOException {
    isOpenSearch();
    String there =
        ISM.replaceFirst("\\{", "{'_id': 'al', '_version': 3, '_seq_no': 7, '_primary_term': 2, ")
            .replace("{'delete': {}}", "{'retry': {'count': 3}, 'delete': {}}")
            .replace("'default_state'", "'policy_id': 'al', 'schema_version': 21, 'default_state'");
    answers.put("GET /_plugins/_ism/policies/al", "200 " + json(there));
    answers.put("GET /al-*?expand_wildcards=open", "200 {\"al-2026.11\":{}}");

    assertThat(setUp(365).steps()).contains(new Step(Part.POLICY, "al", Outcome.UNCHANGED));
    assertThat(written.keySet()).noneMatch(request -> request.contains("_ism/policies/al"));

    assertThat(setUp(90).steps()).contains(new Step(Part.POLICY, "al", Outcome.UPDATED));
    assertThat(written("PUT /_plugins/_ism/policies/al?if_seq_no=7&if_primary_term=2"))
        .isEqualTo(json(ISM.replace("396d", "121d")));
    assertThat(written("POST /_plugins/_ism/change_policy/al-*.*"))
        .isEqualTo(json("{'policy_id':'al'}"));
  }

  @Test
  void aTemplateInPlaceOfATimeMeansThatThereAreNoTemplates() throws IOException {
    isElasticsearch("8.19.0");
    answers.put(
        "POST /_ingest/pipeline/_simulate",
        "200 " + INGESTED.replaceFirst("2026[^\"]*", "{{{_ingest.timestamp}}}"));
    assertThat(setUp(365).steps()).startsWith(new Step(Part.PIPELINE, "atalaya", Outcome.SKIPPED));
    assertThat(written("PUT /_index_template/al").at("/template/settings"))
        .isEqualTo(json("{'index':{'lifecycle':{'name':'al'}}}"));
  }

  @Test
  void whatIsNoStoreOrTooOldIsRefused() {
    answers.put("GET /", "200 <html>");
    assertRefused("neither Elasticsearch nor OpenSearch");
    isElasticsearch("7.7.1");
    assertRefused("Elasticsearch 7.7.1 has no composable index templates; they came with 7.8");
    isElasticsearch("6.8.23");
    assertRefused("Elasticsearch 6.8.23");
    isElasticsearch("7.8.0");
    assertThat(setUp(365).store()).isEqualTo("Elasticsearch 7.8.0");
  }

  @Test
  void aRefusalIsToldWithItsReasonAndAnOverloadAsOne() {
    isElasticsearch("8.19.0");
    answers.put(
        "PUT /_index_template/al",
        "400 {\"error\":{\"type\":\"illegal_argument_exception\",\"reason\":\"same priority\"}}");
    assertRefused("al: 400 illegal_argument_exception: same priority");
    answers.put("PUT /_index_template/al", "429 {\"error\":\"too many\"}");
    assertThatThrownBy(() -> setUp(365))
        .isExactlyInstanceOf(FlinkRuntimeException.class)
        .hasMessageContaining("429 too many");
  }

  private void assertRefused(String reason) {
    assertThatThrownBy(() -> setUp(365))
        .isInstanceOf(BrokerRefusedException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void aNameThatIsAFieldAndAnObjectIsRefused() {
    assertThatThrownBy(() -> SearchFields.mapping(Document.Kind.ALERT, List.of("source.ip.x")))
        .hasMessage("source.ip and source.ip.x cannot both be fields");
    assertThatThrownBy(() -> SearchFields.mapping(Document.Kind.ALERT, List.of("http.request")))
        .hasMessage("http.request and http.request.bytes cannot both be fields");
  }
}
