package dev.atalaya.job.dashboards;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atalaya.job.dashboards.Panels.Alias;
import dev.atalaya.job.dashboards.Panels.Chart;
import dev.atalaya.job.dashboards.Panels.OfDocuments;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The saved objects of Kibana and OpenSearch Dashboards, one JSON object a line.
 *
 * <p>Each object says up to which version its form has been migrated. OpenSearch Dashboards refuses
 * what is newer than its last common version with Kibana, and Kibana migrates what is older: so the
 * versions here are those of that parting, and one file serves both.
 */
final class SavedObjects {

  private static final Map<String, String> MIGRATED =
      Map.of(
          "index-pattern", "7.6.0",
          "visualization", "7.10.0",
          "search", "7.9.3",
          "dashboard", "7.9.3");

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String SEARCH_SOURCE_INDEX = "kibanaSavedObjectMeta.searchSourceJSON.index";

  /** Columns of a dashboard, and the height of a panel in rows. */
  private static final int WIDTH = 48;

  private static final int HEIGHT = 15;

  private SavedObjects() {}

  static String ndjson(Panels panels) throws JsonProcessingException {
    List<ObjectNode> objects = new ArrayList<>();
    for (Alias alias : Alias.ALL) {
      objects.add(
          object(
              "index-pattern",
              alias.name(),
              Panels.tree(
                  "{ title: '%s', timeFieldName: '%s', fields: '[]' }"
                      .formatted(alias.name(), alias.timeField()))));
    }
    for (List<OfDocuments> row : panels.documents()) {
      for (OfDocuments panel : row) {
        objects.add(panel.chart() == Chart.LIST ? search(panel) : visualization(panel));
      }
    }
    objects.add(dashboard(panels.documents()));
    return objects.stream().map(ObjectNode::toString).collect(joining("\n", "", "\n"));
  }

  private static ObjectNode object(String type, String id, ObjectNode attributes) {
    ObjectNode object = JSON.createObjectNode().put("type", type).put("id", id);
    object.set("attributes", attributes);
    object.putArray("references");
    object.putObject("migrationVersion").put(type, MIGRATED.get(type));
    return object;
  }

  private static void refer(ObjectNode object, String name, String type, String id) {
    object.withArray("references").addObject().put("name", name).put("type", type).put("id", id);
  }

  /** What is looked for where; {@code more} begins with a comma or is empty. */
  private static void searchSource(ObjectNode object, OfDocuments panel, String more)
      throws JsonProcessingException {
    ObjectNode source =
        Panels.tree(
            "{ query: { language: lucene }, filter: [], indexRefName: '%s' %s }"
                .formatted(SEARCH_SOURCE_INDEX, more));
    source.withObject("query").put("query", panel.query());
    object
        .withObject("attributes")
        .putObject("kibanaSavedObjectMeta")
        .put("searchSourceJSON", source.toString());
    refer(object, SEARCH_SOURCE_INDEX, "index-pattern", panel.from().name());
  }

  private static ObjectNode search(OfDocuments panel) throws JsonProcessingException {
    ObjectNode attributes = Panels.tree("{ description: '', hits: 0, version: 1 }");
    attributes.put("title", "Atalaya: " + panel.title());
    panel.columns().forEach(attributes.putArray("columns")::add);
    attributes.putArray("sort").addArray().add(panel.from().timeField()).add("desc");
    ObjectNode search = object("search", panel.id(), attributes);
    searchSource(search, panel, ", highlightAll: true, version: true");
    return search;
  }

  private static ObjectNode visualization(OfDocuments panel) throws JsonProcessingException {
    ObjectNode state = JSON.createObjectNode().put("title", "Atalaya: " + panel.title());
    state.put("type", type(panel.chart()));
    state.set("params", params(panel));
    ArrayNode aggs = state.putArray("aggs");
    panel
        .values()
        .forEach(
            (label, value) -> {
              ObjectNode params = agg(aggs, value.function(), "metric").put("customLabel", label);
              if (value.field() != null) {
                params.put("field", value.field());
              }
            });
    ObjectNode terms = agg(aggs, "terms", schema(panel.chart()));
    terms.setAll(
        Panels.tree("{ orderBy: '1', order: desc, otherBucket: false, missingBucket: false }"));
    terms.put("field", panel.by()).put("size", panel.size()).put("customLabel", panel.by());
    if (panel.chart().overTime()) {
      agg(aggs, "date_histogram", "segment")
          .put("field", panel.from().timeField())
          .setAll(
              Panels.tree(
                  "{ interval: auto, min_doc_count: 1, drop_partials: false, extended_bounds: {} }"));
    }
    ObjectNode attributes = Panels.tree("{ description: '', uiStateJSON: '{}', version: 1 }");
    attributes.put("title", "Atalaya: " + panel.title()).put("visState", state.toString());
    ObjectNode visualization = object("visualization", panel.id(), attributes);
    searchSource(visualization, panel, "");
    return visualization;
  }

  /** Adds an aggregation and returns its parameters. */
  private static ObjectNode agg(ArrayNode aggs, String type, String schema) {
    return aggs.addObject()
        .put("id", Integer.toString(aggs.size()))
        .put("enabled", true)
        .put("type", type)
        .put("schema", schema)
        .putObject("params");
  }

  private static String type(Chart chart) {
    return switch (chart) {
      case BARS -> "histogram";
      case LINES -> "line";
      case PIE -> "pie";
      case TABLE -> "table";
      case LIST -> throw new IllegalArgumentException("a list is a saved search");
    };
  }

  private static String schema(Chart chart) {
    return switch (chart) {
      case BARS, LINES -> "group";
      case PIE -> "segment";
      case TABLE -> "bucket";
      case LIST -> throw new IllegalArgumentException("a list has no aggregations");
    };
  }

  private static ObjectNode params(OfDocuments panel) throws JsonProcessingException {
    String type = type(panel.chart());
    return switch (panel.chart()) {
      case BARS, LINES ->
          Panels.tree(
              """
              type: %1$s
              addTooltip: true
              addLegend: true
              legendPosition: right
              addTimeMarker: false
              times: []
              labels: { show: false }
              grid: { categoryLines: false }
              thresholdLine: { show: false, value: 10, width: 1, style: full, color: '#E7664C' }
              categoryAxes:
                - id: CategoryAxis-1
                  type: category
                  position: bottom
                  show: true
                  style: {}
                  scale: { type: linear }
                  labels: { show: true, filter: true, truncate: 100 }
                  title: {}
              valueAxes:
                - id: ValueAxis-1
                  name: LeftAxis-1
                  type: value
                  position: left
                  show: true
                  style: {}
                  scale: { type: linear, mode: normal }
                  labels: { show: true, rotate: 0, filter: false, truncate: 100 }
                  title: { text: '%2$s' }
              seriesParams:
                - type: %1$s
                  mode: %3$s
                  show: true
                  valueAxis: ValueAxis-1
                  data: { id: '1', label: '%2$s' }
                  drawLinesBetweenPoints: true
                  lineWidth: 2
                  interpolate: linear
                  showCircles: true
              """
                  .formatted(
                      type,
                      panel.values().keySet().iterator().next(),
                      panel.chart() == Chart.BARS ? "stacked" : "normal"));
      case PIE ->
          Panels.tree(
              """
              type: pie
              addTooltip: true
              addLegend: true
              legendPosition: right
              isDonut: true
              labels: { show: true, values: true, last_level: true, truncate: 100 }
              """);
      case TABLE ->
          Panels.tree(
              """
              perPage: 10
              showPartialRows: false
              showMetricsAtAllLevels: false
              showTotal: false
              totalFunc: sum
              percentageCol: ''
              """);
      case LIST -> throw new IllegalArgumentException("a list has no parameters");
    };
  }

  private static ObjectNode dashboard(List<List<OfDocuments>> rows) throws JsonProcessingException {
    ObjectNode attributes =
        Panels.tree(
            """
            title: Atalaya
            description: What the job found, with what certainty, and what it could not read.
            hits: 0
            version: 1
            timeRestore: true
            timeFrom: now-24h
            timeTo: now
            refreshInterval: { pause: false, value: 30000 }
            optionsJSON: '{"useMargins":true,"hidePanelTitles":false}'
            kibanaSavedObjectMeta:
              searchSourceJSON: '{"query":{"language":"lucene","query":""},"filter":[]}'
            """);
    ObjectNode dashboard = object("dashboard", "atalaya", attributes);
    ArrayNode panels = JSON.createArrayNode();
    for (int y = 0; y < rows.size(); y++) {
      List<OfDocuments> row = rows.get(y);
      int width = WIDTH / row.size();
      for (int x = 0; x < row.size(); x++) {
        OfDocuments panel = row.get(x);
        String index = Integer.toString(panels.size() + 1);
        String reference = "panel_" + panels.size();
        ObjectNode placed =
            Panels.tree(
                """
                version: 7.9.3
                panelIndex: '%1$s'
                panelRefName: %2$s
                gridData: { i: '%1$s', x: %3$d, y: %4$d, w: %5$d, h: %6$d }
                embeddableConfig: {}
                """
                    .formatted(index, reference, x * width, y * HEIGHT, width, HEIGHT));
        placed.put("title", panel.title());
        panels.add(placed);
        String type = panel.chart() == Chart.LIST ? "search" : "visualization";
        refer(dashboard, reference, type, panel.id());
      }
    }
    attributes.put("panelsJSON", panels.toString());
    return dashboard;
  }
}
