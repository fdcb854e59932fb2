package dev.atalaya.job.dashboards;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a tool asks a store for one panel, read from the file that is imported. What it does not
 * know it refuses, so that no part of a panel goes untested.
 *
 * @param index alias that is searched
 * @param query in Lucene's syntax, empty for all
 * @param values metrics
 * @param buckets from the outermost to the innermost; empty for a list of documents
 * @param columns fields of a list; empty where the tool chooses them later
 * @param size of a list
 */
public record PanelSearch(
    String title,
    String index,
    String timeField,
    String query,
    List<Agg> values,
    List<Agg> buckets,
    List<String> columns,
    int size) {

  /** What Kibana shows of a saved search at first. */
  private static final int SAMPLE = 500;

  private static final String TITLE_PREFIX = "Atalaya: ";

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * An aggregation.
   *
   * @param settings as the tool has them
   */
  public record Agg(String id, String type, String field, JsonNode settings) {}

  /** The panels of the dashboard of Kibana and OpenSearch Dashboards. */
  public static List<PanelSearch> ofSavedObjects() throws IOException {
    Map<String, JsonNode> objects = new LinkedHashMap<>();
    for (String line : Files.readAllLines(Panels.SAVED_OBJECTS)) {
      JsonNode object = JSON.readTree(line);
      objects.put(object.get("type").asText() + "/" + object.get("id").asText(), object);
    }
    List<PanelSearch> searches = new ArrayList<>();
    JsonNode dashboard = objects.get("dashboard/atalaya");
    for (JsonNode panel : JSON.readTree(dashboard.at("/attributes/panelsJSON").asText())) {
      JsonNode object = referred(objects, dashboard, panel.get("panelRefName").asText());
      searches.add(ofSavedObject(objects, object));
    }
    return searches;
  }

  private static JsonNode referred(Map<String, JsonNode> objects, JsonNode object, String name) {
    for (JsonNode reference : object.get("references")) {
      if (reference.get("name").asText().equals(name)) {
        String id = reference.get("type").asText() + "/" + reference.get("id").asText();
        if (objects.containsKey(id)) {
          return objects.get(id);
        }
      }
    }
    throw new IllegalArgumentException(object.get("id") + " refers to nothing as " + name);
  }

  private static PanelSearch ofSavedObject(Map<String, JsonNode> objects, JsonNode object)
      throws IOException {
    JsonNode attributes = object.get("attributes");
    String title = attributes.get("title").asText().substring(TITLE_PREFIX.length());
    JsonNode source =
        JSON.readTree(attributes.at("/kibanaSavedObjectMeta/searchSourceJSON").asText());
    refuseUnless(source.at("/query/language").asText().equals("lucene"), source);
    refuseUnless(source.get("filter").isEmpty(), source);
    String query = source.at("/query/query").asText();
    JsonNode pattern = referred(objects, object, source.get("indexRefName").asText());
    String index = pattern.at("/attributes/title").asText();
    String timeField = pattern.at("/attributes/timeFieldName").asText();
    if (object.get("type").asText().equals("search")) {
      refuseUnless(
          attributes.get("sort").toString().equals("[[\"" + timeField + "\",\"desc\"]]"),
          attributes);
      List<String> columns = new ArrayList<>();
      attributes.get("columns").forEach(column -> columns.add(column.asText()));
      return new PanelSearch(title, index, timeField, query, List.of(), List.of(), columns, SAMPLE);
    }
    JsonNode state = JSON.readTree(attributes.get("visState").asText());
    List<Agg> values = new ArrayList<>();
    List<Agg> buckets = new ArrayList<>();
    for (JsonNode agg : state.get("aggs")) {
      JsonNode params = agg.get("params");
      refuseUnless(agg.get("enabled").asBoolean(), agg);
      refuseUnless(!params.path("otherBucket").asBoolean(), agg);
      refuseUnless(!params.path("missingBucket").asBoolean(), agg);
      refuseUnless(!params.path("drop_partials").asBoolean(), agg);
      refuseUnless(params.path("extended_bounds").isEmpty(), agg);
      boolean metric = agg.get("schema").asText().equals("metric");
      (metric ? values : buckets)
          .add(
              new Agg(
                  agg.get("id").asText(),
                  agg.get("type").asText(),
                  params.path("field").asText(null),
                  without(
                      params,
                      "field",
                      "customLabel",
                      "otherBucket",
                      "missingBucket",
                      "drop_partials",
                      "extended_bounds")));
    }
    return new PanelSearch(title, index, timeField, query, values, buckets, List.of(), 0);
  }

  /**
   * The panels of Grafana.
   *
   * @param sources index and time field of each data source by its uid
   */
  public static List<PanelSearch> ofGrafana(Map<String, JsonNode> sources) throws IOException {
    List<PanelSearch> searches = new ArrayList<>();
    for (JsonNode panel : JSON.readTree(Panels.GRAFANA_ALERTS.toFile()).get("panels")) {
      refuseUnless(panel.get("targets").size() == 1, panel);
      JsonNode target = panel.at("/targets/0");
      JsonNode source = sources.get(target.at("/datasource/uid").asText());
      refuseUnless(source.get("timeField").equals(target.get("timeField")), target);
      List<Agg> values = ofGrafana(target.get("metrics"));
      boolean list = values.get(0).type().equals("raw_data");
      List<String> columns = new ArrayList<>();
      panel.at("/transformations/0/options/include/names").forEach(n -> columns.add(n.asText()));
      columns.remove(source.get("timeField").asText());
      searches.add(
          new PanelSearch(
              panel.get("title").asText(),
              source.get("index").asText(),
              source.get("timeField").asText(),
              target.get("query").asText(),
              list ? List.of() : values,
              ofGrafana(target.get("bucketAggs")),
              columns,
              list ? values.get(0).settings().get("size").asInt() : 0));
    }
    return searches;
  }

  private static List<Agg> ofGrafana(JsonNode aggs) {
    List<Agg> read = new ArrayList<>();
    for (JsonNode agg : aggs) {
      read.add(
          new Agg(
              agg.get("id").asText(),
              agg.get("type").asText(),
              agg.path("field").asText(null),
              agg.get("settings")));
    }
    return read;
  }

  private static JsonNode without(JsonNode settings, String... names) {
    return ((ObjectNode) settings.deepCopy()).without(List.of(names));
  }

  private static void refuseUnless(boolean known, JsonNode node) {
    if (!known) {
      throw new IllegalArgumentException("not known here: " + node);
    }
  }

  public boolean isList() {
    return buckets.isEmpty();
  }

  /**
   * The body of the search, of all times.
   *
   * @param interval in place of {@code auto}, which the tools choose by the time that is shown
   */
  public ObjectNode body(String interval) {
    ObjectNode body = JSON.createObjectNode();
    ObjectNode filter = body.putObject("query").putObject("bool");
    filter.putArray("filter").addObject().putObject("range").putObject(timeField).put("gte", 0);
    if (!query.isEmpty()) {
      filter
          .putArray("must")
          .addObject()
          .putObject("query_string")
          .put("query", query)
          .put("analyze_wildcard", true);
    }
    body.put("size", size);
    if (isList()) {
      body.putArray("sort").addObject().putObject(timeField).put("order", "desc");
      return body;
    }
    ObjectNode level = body;
    for (Agg bucket : buckets) {
      ObjectNode agg = level.withObject("aggs").putObject(bucket.id());
      ObjectNode settings = agg.putObject(bucket.type()).put("field", bucket.field());
      switch (bucket.type()) {
        case "terms" -> terms(bucket.settings(), agg, settings);
        case "date_histogram" -> overTime(bucket.settings(), settings, interval);
        default -> refuseUnless(false, bucket.settings());
      }
      level = agg;
    }
    addValues(level, values);
    return body;
  }

  private void terms(JsonNode from, ObjectNode agg, ObjectNode terms) {
    known(from, Set.of("size", "order", "orderBy", "min_doc_count"));
    String orderBy = from.get("orderBy").asText();
    List<Agg> by = values.stream().filter(value -> value.id().equals(orderBy)).toList();
    refuseUnless(by.size() == 1, from);
    boolean count = by.get(0).type().equals("count");
    terms.put("size", from.get("size").asInt());
    terms.putObject("order").put(count ? "_count" : orderBy, from.get("order").asText());
    if (from.has("min_doc_count")) {
      terms.put("min_doc_count", from.get("min_doc_count").asInt());
    }
    addValues(agg, by);
  }

  private static void overTime(JsonNode from, ObjectNode histogram, String interval) {
    known(from, Set.of("interval", "min_doc_count"));
    refuseUnless(from.get("interval").asText().equals("auto"), from);
    histogram.put("fixed_interval", interval);
    histogram.put("min_doc_count", from.get("min_doc_count").asInt());
  }

  private static void known(JsonNode settings, Set<String> names) {
    Set<String> others = new HashSet<>();
    settings.fieldNames().forEachRemaining(others::add);
    others.removeAll(names);
    refuseUnless(others.isEmpty(), settings);
  }

  private static void addValues(ObjectNode level, List<Agg> values) {
    for (Agg value : values) {
      switch (value.type()) {
        case "count" -> {} // Every bucket has it.
        case "max" ->
            level
                .withObject("aggs")
                .putObject(value.id())
                .putObject("max")
                .put("field", value.field());
        default -> throw new IllegalArgumentException("not known here: " + value);
      }
    }
  }

  /** The values of each innermost bucket by the keys on the way to it; times in ms. */
  public Map<List<String>, List<Double>> table(JsonNode answer) {
    Map<List<String>, List<Double>> table = new HashMap<>();
    collect(answer.get("aggregations"), 0, List.of(), table);
    return table;
  }

  private void collect(
      JsonNode level, int depth, List<String> path, Map<List<String>, List<Double>> table) {
    for (JsonNode bucket : level.at("/" + buckets.get(depth).id() + "/buckets")) {
      List<String> keys = new ArrayList<>(path);
      keys.add(bucket.get("key").asText());
      if (depth + 1 < buckets.size()) {
        collect(bucket, depth + 1, keys, table);
        continue;
      }
      List<Double> row = new ArrayList<>();
      for (Agg value : values) {
        row.add(
            value.type().equals("count")
                ? bucket.get("doc_count").asDouble()
                : bucket.at("/" + value.id() + "/value").asDouble());
      }
      table.put(keys, row);
    }
  }
}
