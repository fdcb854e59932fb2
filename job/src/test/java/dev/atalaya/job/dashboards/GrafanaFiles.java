package dev.atalaya.job.dashboards;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atalaya.job.dashboards.Panels.Chart;
import dev.atalaya.job.dashboards.Panels.OfDocuments;
import dev.atalaya.job.dashboards.Panels.OfMetrics;
import dev.atalaya.job.dashboards.Panels.Value;
import java.util.List;
import java.util.Map;

/**
 * The dashboards of Grafana as JSON. They find their data sources by the uids that {@code
 * dashboards/grafana/provisioning} gives them: those of a store are called after their aliases.
 */
final class GrafanaFiles {

  private static final String PROMETHEUS = "atalaya-prometheus";

  private static final Map<String, String> PREFIXES =
      Map.of(
          "operator", "flink_taskmanager_job_task_operator_",
          "task", "flink_taskmanager_job_task_",
          "job", "flink_jobmanager_job_");

  /** Columns of a dashboard, and the height of a panel in rows. */
  private static final int WIDTH = 24;

  private static final int HEIGHT = 9;

  private static final ObjectMapper JSON = new ObjectMapper();

  private GrafanaFiles() {}

  /** What is in the store. */
  static String documents(Panels panels) throws JsonProcessingException {
    ObjectNode dashboard = dashboard("atalaya-alerts", "Atalaya alerts", "now-24h");
    return print(dashboard, panels.documents(), GrafanaFiles::panel);
  }

  /** How the job is. */
  static String job(Panels panels) throws JsonProcessingException {
    ObjectNode dashboard = dashboard("atalaya-job", "Atalaya job", "now-1h");
    ObjectNode variable =
        Panels.tree(
            """
            name: job
            label: Job
            type: query
            query: { query: 'label_values(flink_jobmanager_job_numRestarts, job_name)', refId: A }
            refresh: 2
            multi: true
            includeAll: true
            allValue: '.*'
            current: { text: All, value: $__all }
            """);
    variable.set("datasource", source("prometheus", PROMETHEUS));
    dashboard.withObject("templating").putArray("list").add(variable);
    return print(dashboard, panels.job(), GrafanaFiles::panel);
  }

  private static ObjectNode dashboard(String uid, String title, String from)
      throws JsonProcessingException {
    return Panels.tree(
        """
        uid: %s
        title: %s
        tags: [atalaya]
        schemaVersion: 39
        version: 1
        editable: true
        graphTooltip: 1
        timezone: browser
        time: { from: %s, to: now }
        refresh: 30s
        """
            .formatted(uid, title, from));
  }

  private interface PanelMaker<T> {
    ObjectNode make(T panel) throws JsonProcessingException;
  }

  private static <T> String print(ObjectNode dashboard, List<List<T>> rows, PanelMaker<T> maker)
      throws JsonProcessingException {
    ArrayNode panels = dashboard.putArray("panels");
    for (int y = 0; y < rows.size(); y++) {
      int width = WIDTH / rows.get(y).size();
      for (int x = 0; x < rows.get(y).size(); x++) {
        ObjectNode panel = maker.make(rows.get(y).get(x));
        panels.add(panel.put("id", panels.size() + 1));
        panel.set(
            "gridPos",
            Panels.tree(
                "{ x: %d, y: %d, w: %d, h: %d }".formatted(x * width, y * HEIGHT, width, HEIGHT)));
      }
    }
    DefaultIndenter lines = new DefaultIndenter("  ", "\n");
    return JSON.writer(
                new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines))
            .writeValueAsString(dashboard)
        + "\n";
  }

  private static ObjectNode source(String type, String uid) {
    return JSON.createObjectNode().put("type", type).put("uid", uid);
  }

  private static ObjectNode panel(OfMetrics panel) throws JsonProcessingException {
    ObjectNode made = overTime("line", "none", 10);
    made.put("title", panel.title()).set("datasource", source("prometheus", PROMETHEUS));
    made.withObject("fieldConfig").withObject("defaults").put("unit", panel.unit()).put("min", 0);
    ArrayNode targets = made.putArray("targets");
    panel
        .series()
        .forEach(
            (legend, expression) ->
                targets
                    .addObject()
                    .put("refId", refId(targets.size()))
                    .put("expr", expression(expression))
                    .put("legendFormat", legend)
                    .set("datasource", source("prometheus", PROMETHEUS)));
    return made;
  }

  private static String refId(int number) {
    return String.valueOf((char) ('A' + number - 1));
  }

  /** With the full names of metrics, and of the chosen jobs only. */
  static String expression(String brief) {
    String expression = brief;
    for (Map.Entry<String, String> prefix : PREFIXES.entrySet()) {
      expression =
          expression
              .replaceAll(
                  "\\b" + prefix.getKey() + "\\.(\\w+)\\{",
                  prefix.getValue() + "$1{job_name=~\"\\$job\",")
              .replaceAll(
                  "\\b" + prefix.getKey() + "\\.(\\w+)",
                  prefix.getValue() + "$1{job_name=~\"\\$job\"}");
    }
    return expression;
  }

  private static ObjectNode panel(OfDocuments panel) throws JsonProcessingException {
    ObjectNode made =
        switch (panel.chart()) {
          case BARS -> overTime("bars", "normal", 80);
          case LINES -> overTime("line", "none", 0);
          case PIE ->
              Panels.tree(
                  """
                  type: piechart
                  fieldConfig: { defaults: {}, overrides: [] }
                  options:
                    pieType: donut
                    reduceOptions: { values: true, calcs: [lastNotNull], fields: '' }
                    legend: { displayMode: table, placement: right, showLegend: true, values: [value] }
                  """);
          case TABLE, LIST ->
              Panels.tree(
                  """
                  type: table
                  fieldConfig: { defaults: {}, overrides: [] }
                  options: { showHeader: true }
                  """);
        };
    made.put("title", panel.title())
        .set("datasource", source("elasticsearch", panel.from().name()));
    made.putArray("targets").add(query(panel));
    if (panel.chart() == Chart.TABLE) {
      table(made, panel.values());
    }
    if (panel.chart() == Chart.LIST) {
      ObjectNode shown =
          Panels.tree("{ id: filterFieldsByName, options: { include: { names: [] } } }");
      ArrayNode names = shown.withObject("options").withObject("include").withArray("names");
      names.add(panel.from().timeField());
      panel.columns().forEach(names::add);
      made.putArray("transformations").add(shown);
    }
    return made;
  }

  private static ObjectNode overTime(String style, String stacking, int fill)
      throws JsonProcessingException {
    return Panels.tree(
        """
        type: timeseries
        fieldConfig:
          defaults:
            custom:
              drawStyle: %s
              stacking: { mode: %s, group: A }
              fillOpacity: %d
              showPoints: auto
              spanNulls: true
          overrides: []
        options:
          legend: { displayMode: list, placement: bottom, showLegend: true }
          tooltip: { mode: multi, sort: desc }
        """
            .formatted(style, stacking, fill));
  }

  private static ObjectNode query(OfDocuments panel) throws JsonProcessingException {
    ObjectNode query = JSON.createObjectNode().put("refId", "A").put("query", panel.query());
    query.put("timeField", panel.from().timeField()).put("alias", "");
    query.set("datasource", source("elasticsearch", panel.from().name()));
    ArrayNode metrics = query.putArray("metrics");
    ArrayNode buckets = query.putArray("bucketAggs");
    if (panel.chart() == Chart.LIST) {
      agg(metrics, 1, "raw_data").put("size", Integer.toString(panel.size()));
      return query;
    }
    int id = 0;
    for (Value value : panel.values().values()) {
      agg(metrics, ++id, value.function());
      if (value.field() != null) {
        ((ObjectNode) metrics.get(id - 1)).put("field", value.field());
      }
    }
    agg(buckets, ++id, "terms")
        .put("size", Integer.toString(panel.size()))
        .put("order", "desc")
        .put("orderBy", "1")
        .put("min_doc_count", "1");
    ((ObjectNode) buckets.get(0)).put("field", panel.by());
    if (panel.chart().overTime()) {
      agg(buckets, ++id, "date_histogram").put("interval", "auto").put("min_doc_count", "1");
      ((ObjectNode) buckets.get(1)).put("field", panel.from().timeField());
    }
    return query;
  }

  /** Adds an aggregation and returns its settings. */
  private static ObjectNode agg(ArrayNode aggs, int id, String type) {
    return aggs.addObject().put("id", Integer.toString(id)).put("type", type).putObject("settings");
  }

  /** Grafana names a column after its function, and after its field where functions repeat. */
  private static void table(ObjectNode made, Map<String, Value> values)
      throws JsonProcessingException {
    ObjectNode organize = Panels.tree("{ id: organize, options: { renameByName: {} } }");
    ObjectNode names = organize.withObject("options").withObject("renameByName");
    values.forEach(
        (label, value) -> {
          boolean repeats =
              values.values().stream().filter(v -> v.function().equals(value.function())).count()
                  > 1;
          String function =
              Character.toUpperCase(value.function().charAt(0)) + value.function().substring(1);
          names.put(repeats ? function + " " + value.field() : function, label);
        });
    made.putArray("transformations").add(organize);
    for (Map.Entry<String, Value> value : values.entrySet()) {
      if ("@timestamp".equals(value.getValue().field())) {
        made.withObject("fieldConfig")
            .withArray("overrides")
            .add(
                Panels.tree(
                    """
                    matcher: { id: byName, options: %s }
                    properties: [{ id: unit, value: dateTimeAsIso }]
                    """
                        .formatted(value.getKey())));
      }
    }
  }
}
