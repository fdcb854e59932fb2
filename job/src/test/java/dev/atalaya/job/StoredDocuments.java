package dev.atalaya.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atalaya.connectors.search.SearchSetup;
import dev.atalaya.fixtures.SearchStore;
import dev.atalaya.job.config.ConfigLoader;
import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.config.SinkConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The documents that a run has left in a store, as lines to hold against those of files. */
final class StoredDocuments {

  static final String ALERTS = "atalaya-alerts";
  static final String REPORTS = "atalaya-reports";
  static final String DEAD_LETTERS = "atalaya-dead-letters";

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  private StoredDocuments() {}

  /** Makes the store ready for a configuration whose last sink it is. */
  static void setUp(String yaml) {
    JobConfig config = ConfigLoader.parse(yaml, "test.yaml", Map.of());
    SinkConfig.Search sink = (SinkConfig.Search) config.sinks().get(config.sinks().size() - 1);
    SearchSetup.run(
        sink.settings(), config.ecsFields().values(), new SearchSetup.Retention(36_500, 36_500));
  }

  /**
   * All documents of an alias, each under its own id, in {@linkplain #canonical one form} and
   * without the time of storing, which OpenSearch adds.
   */
  static List<String> lines(SearchStore store, String alias) throws IOException {
    boolean isTimed =
        store.request("GET", "/", "").at("/version/distribution").asText().equals("opensearch");
    List<String> lines = new ArrayList<>();
    for (JsonNode hit : store.documents(alias)) {
      ObjectNode event = (ObjectNode) hit.at("/_source/event");
      assertThat(event.remove("ingested") != null)
          .as("event.ingested of %s", hit)
          .isEqualTo(isTimed);
      assertThat(event.get("id").asText()).isEqualTo(hit.get("_id").asText());
      lines.add(hit.get("_source").toString());
    }
    return canonical(lines);
  }

  /** Fields in the order of their names, as a store may not keep theirs. */
  static List<String> canonical(List<String> lines) throws IOException {
    List<String> canonical = new ArrayList<>();
    for (String line : lines) {
      canonical.add(JSON.writeValueAsString(JSON.readValue(line, Map.class)));
    }
    return canonical;
  }
}
