package dev.atalaya.job.dashboards;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the dashboards show, as {@code dashboards/panels.yaml} says it, whatever tool shows it.
 *
 * @param documents rows of panels of documents in a store
 * @param job rows of panels of Flink's metrics
 */
public record Panels(List<List<OfDocuments>> documents, List<List<OfMetrics>> job) {

  private static final Path FOLDER = Path.of("../dashboards");
  static final Path SAVED_OBJECTS = FOLDER.resolve("kibana-and-opensearch.ndjson");
  static final Path GRAFANA_ALERTS = FOLDER.resolve("grafana/dashboards/alerts.json");
  public static final Path GRAFANA_JOB = FOLDER.resolve("grafana/dashboards/job.json");

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  static Panels read() throws IOException {
    return YAML.readValue(FOLDER.resolve("panels.yaml").toFile(), Panels.class);
  }

  /** The data sources that Grafana is given. */
  public static JsonNode grafanaSources() throws IOException {
    Path file = FOLDER.resolve("grafana/provisioning/datasources/atalaya.yaml");
    return YAML.readTree(file.toFile()).get("datasources");
  }

  /** From YAML, which reads better in Java than JSON. */
  static ObjectNode tree(String yaml) throws JsonProcessingException {
    return (ObjectNode) YAML.readTree(yaml);
  }

  public enum Chart {
    @JsonProperty("bars")
    BARS,
    @JsonProperty("lines")
    LINES,
    @JsonProperty("pie")
    PIE,
    @JsonProperty("table")
    TABLE,
    @JsonProperty("list")
    LIST;

    boolean overTime() {
      return this == BARS || this == LINES;
    }
  }

  /**
   * @param by a field, null of a list
   * @param values {@code count} or {@code max FIELD} by what it is called, null of a list
   * @param columns fields of a list, else null
   */
  public record OfDocuments(
      String title,
      Alias from,
      String query,
      Chart chart,
      String by,
      int size,
      Map<String, Value> values,
      List<String> columns) {

    public OfDocuments {
      query = query == null ? "" : query;
    }

    String id() {
      return "atalaya-" + title.toLowerCase(Locale.ROOT).replace(' ', '-');
    }
  }

  /** Of dead letters the time they came in: most have no other. */
  public record Alias(String name, String timeField) {

    public static final List<Alias> ALL = List.of(of("alerts"), of("reports"), of("dead-letters"));

    static Alias of(String kind) {
      return new Alias(
          "atalaya-" + kind, kind.equals("dead-letters") ? "event.ingested" : "@timestamp");
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Alias read(String kind) {
      return ALL.stream()
          .filter(alias -> alias.equals(of(kind)))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("no alias of " + kind));
    }
  }

  /**
   * @param field null where documents are counted
   */
  public record Value(String function, String field) {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Value read(String text) {
      int blank = text.indexOf(' ');
      return blank < 0
          ? new Value(text, null)
          : new Value(text.substring(0, blank), text.substring(blank + 1));
    }
  }

  /**
   * @param unit one of Grafana's
   * @param series expressions by their legends
   */
  public record OfMetrics(String title, String unit, Map<String, String> series) {}
}
