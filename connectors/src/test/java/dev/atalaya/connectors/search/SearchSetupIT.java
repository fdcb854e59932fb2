package dev.atalaya.connectors.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atalaya.connectors.BrokerRefusedException;
import dev.atalaya.connectors.search.SearchSetup.Outcome;
import dev.atalaya.connectors.search.SearchSetup.Part;
import dev.atalaya.connectors.search.SearchSetup.Retention;
import dev.atalaya.connectors.search.SearchSetup.Step;
import dev.atalaya.fixtures.SearchStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The set-up of real stores; each test has aliases of its own. */
class SearchSetupIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Retention RETENTION = new Retention(365, 30);
  private static Map<String, SearchStore> stores;

  @BeforeAll
  static void start() {
    stores =
        Map.of(
            "elasticsearch", SearchStore.elasticsearch(), "opensearch", SearchStore.opensearch());
  }

  @AfterAll
  static void stop() {
    stores.values().forEach(SearchStore::close);
  }

  private static SearchSettings settings(String product, String prefix) {
    return new SearchSettings(
        List.of(stores.get(product).url()),
        prefix + "-alerts",
        prefix + "-reports",
        prefix + "-dead-letters",
        null,
        null,
        new SearchSettings.Batch(500, 5_000_000, 1000, 2),
        30_000);
  }

  private static List<Step> setUp(String product, String prefix, String... keyFields) {
    return SearchSetup.run(settings(product, prefix), List.of(keyFields), RETENTION).steps();
  }

  private static JsonNode index(String product, String index, String id, JsonNode document) {
    return stores.get(product).request("PUT", "/" + index + "/_doc/" + id, document.toString());
  }

  private static ObjectNode alert(String key) {
    ObjectNode alert = JSON.createObjectNode();
    alert.put("@timestamp", "2026-11-30T23:59:59.999Z").put("message", "src " + key + " rose");
    alert.putObject("event").put("kind", "alert").put("id", "1");
    alert.putObject("source").put("ip", key).put("port", "http");
    alert.putObject("Atalaya").put("key", key).put("actual", Long.MAX_VALUE).put("ratio", 2.0);
    alert.putObject("labels").put("site", "lab");
    return alert;
  }

  private static JsonNode found(String product, String alias) {
    List<JsonNode> documents = stores.get(product).documents(alias);
    assertThat(documents).hasSize(1);
    return documents.get(0).get("_source");
  }

  @ParameterizedTest
  @ValueSource(strings = {"elasticsearch", "opensearch"})
  void aSecondRunChangesNothing(String product) {
    boolean pipelines = product.equals("opensearch");
    if (pipelines) {
      stores.get(product).request("DELETE", "/_ingest/pipeline/*", "");
    }
    assertThat(setUp(product, "twice", "source.ip", "vendor.zone"))
        .containsExactly(
            new Step(Part.PIPELINE, "atalaya", pipelines ? Outcome.MADE : Outcome.SKIPPED),
            new Step(Part.POLICY, "twice-alerts", Outcome.SKIPPED),
            new Step(Part.TEMPLATE, "twice-alerts", Outcome.MADE),
            new Step(Part.INDICES, "twice-alerts-*", Outcome.UNCHANGED),
            new Step(Part.POLICY, "twice-reports", Outcome.SKIPPED),
            new Step(Part.TEMPLATE, "twice-reports", Outcome.MADE),
            new Step(Part.INDICES, "twice-reports-*", Outcome.UNCHANGED),
            new Step(Part.POLICY, "twice-dead-letters", Outcome.SKIPPED),
            new Step(Part.TEMPLATE, "twice-dead-letters", Outcome.MADE),
            new Step(Part.INDICES, "twice-dead-letters-*", Outcome.UNCHANGED));
    index(product, "twice-alerts-2026.11", "1", alert("192.0.2.1"));
    ObjectNode ledger = JSON.createObjectNode();
    ledger.putObject("Atalaya").putObject("reject_reasons").put("syntax", 2);
    index(product, "twice-reports-undated", "1", ledger);

    assertThat(setUp(product, "twice", "source.ip", "vendor.zone"))
        .hasSize(10)
        .allMatch(step -> step.outcome() == Outcome.UNCHANGED || step.outcome() == Outcome.SKIPPED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"elasticsearch", "opensearch"})
  void hostileDocumentsAreStoredAndAddNoField(String product) {
    setUp(product, "hostile");
    index(product, "hostile-alerts-2026.11", "1", alert("192.0.2.1"));
    JsonNode mapping = mapping(product, "hostile-alerts");
    int n = 2;
    for (String key :
        List.of(
            "a.b.c",
            "_id",
            "x".repeat(40_000),
            "<b>\u0000\u001b[2J",
            "\uD83D\uDE00".repeat(8191))) {
      index(product, "hostile-alerts-2026.11", "" + n++, alert(key));
    }
    ObjectNode far = alert("192.0.2.1").put("@timestamp", "+292278994-08-17T07:12:55.807Z");
    index(product, "hostile-alerts-2026.11", "" + n, far);

    ObjectNode added = alert("192.0.2.1").put("a new field", 1);
    assertThatThrownBy(() -> index(product, "hostile-alerts-2026.11", "9", added))
        .hasMessageContaining("strict_dynamic_mapping_exception");
    ObjectNode nested = alert("192.0.2.1");
    nested.withObject("/source").put("secret", 1);
    assertThatThrownBy(() -> index(product, "hostile-alerts-2026.11", "9", nested))
        .hasMessageContaining("strict_dynamic_mapping_exception");
    assertThat(stores.get(product).count("hostile-alerts")).isEqualTo(n);
    assertThat(mapping(product, "hostile-alerts")).isEqualTo(mapping);
  }

  private static JsonNode mapping(String product, String alias) {
    return stores.get(product).request("GET", "/" + alias + "/_mapping", "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"elasticsearch", "opensearch"})
  void anAliasIsReadOverTheMonths(String product) {
    setUp(product, "months");
    for (String month : List.of("2026.11", "2026.12", "undated")) {
      index(product, "months-alerts-" + month, month, alert("192.0.2.1"));
    }
    assertThat(stores.get(product).documents("months-alerts"))
        .extracting(document -> document.get("_index").asText())
        .containsExactlyInAnyOrder(
            "months-alerts-2026.11", "months-alerts-2026.12", "months-alerts-undated");
  }

  @ParameterizedTest
  @ValueSource(strings = {"elasticsearch", "opensearch"})
  void theTimeOfStoringIsToldWhereTheStoreCan(String product) {
    setUp(product, "ingested");
    index(product, "ingested-alerts-2026.11", "1", alert("192.0.2.1"));
    JsonNode ingested = found(product, "ingested-alerts").at("/event/ingested");
    if (product.equals("opensearch")) {
      assertThat(Instant.parse(ingested.asText())).isAfter(Instant.EPOCH);
    } else {
      assertThat(ingested.isMissingNode()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"elasticsearch", "opensearch"})
  void aNewKeyFieldComesIntoIndicesThatExistAndStays(String product) {
    setUp(product, "later");
    index(product, "later-alerts-2026.10", "1", alert("192.0.2.1"));

    assertThat(setUp(product, "later", "vendor.zone"))
        .filteredOn(step -> step.outcome() == Outcome.UPDATED)
        .containsExactly(
            new Step(Part.TEMPLATE, "later-alerts", Outcome.UPDATED),
            new Step(Part.INDICES, "later-alerts-*", Outcome.UPDATED));
    ObjectNode alert = alert("192.0.2.1");
    alert.putObject("vendor").put("zone", "dmz");
    index(product, "later-alerts-2026.10", "2", alert);

    // Another configuration, with the same aliases and without the field.
    assertThat(setUp(product, "later")).noneMatch(step -> step.outcome() == Outcome.UPDATED);
    index(product, "later-alerts-2026.11", "3", alert);
    assertThat(stores.get(product).count("later-alerts")).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"elasticsearch", "opensearch"})
  void whatOthersPutIntoATemplateStays(String product) {
    setUp(product, "others");
    JsonNode template =
        stores
            .get(product)
            .request("GET", "/_index_template/others-alerts", "")
            .at("/index_templates/0/index_template");
    ObjectNode edited = JSON.createObjectNode();
    edited.setAll((ObjectNode) template.deepCopy());
    edited.withObject("/template/settings/index").put("number_of_replicas", "0");
    stores.get(product).request("PUT", "/_index_template/others-alerts", edited.toString());

    assertThat(setUp(product, "others", "vendor.zone"))
        .contains(new Step(Part.TEMPLATE, "others-alerts", Outcome.UPDATED));
    assertThat(
            stores
                .get(product)
                .request("GET", "/_index_template/others-alerts", "")
                .at("/index_templates/0/index_template/template/settings/index/number_of_replicas")
                .asText())
        .isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"elasticsearch", "opensearch"})
  void anAliasThatIsAnIndexIsRefusedBeforeAnythingIsMade(String product) {
    stores.get(product).request("PUT", "/taken-reports", "{}");
    assertThatThrownBy(() -> setUp(product, "taken"))
        .isInstanceOf(BrokerRefusedException.class)
        .hasMessageContaining("taken-reports is the name of an index or data stream")
        .hasMessageContaining("choose another name");
    assertThatThrownBy(
            () -> stores.get(product).request("GET", "/_index_template/taken-alerts", ""))
        .hasMessageContaining("404");
  }

  @ParameterizedTest
  @ValueSource(strings = {"elasticsearch", "opensearch"})
  void anIndexWithAFieldOfAnotherTypeIsNamed(String product) {
    stores
        .get(product)
        .request(
            "PUT",
            "/typed-alerts-2026.11",
            "{\"mappings\": {\"properties\": {\"tags\": {\"type\": \"long\"}}}}");
    assertThatThrownBy(() -> setUp(product, "typed"))
        .isInstanceOf(BrokerRefusedException.class)
        .hasMessageContaining("index typed-alerts-2026.11")
        .hasMessageContaining("[tags]");
  }
}
