package dev.atalaya.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atalaya.fixtures.FreePort;
import dev.atalaya.job.dashboards.Panels;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The metrics that a running job has under the names that dashboards and documents call them. */
class JobMetricsIT {

  private static final Pattern METRIC = Pattern.compile("(flink_[a-zA-Z0-9_]+)(\\{([^}]*)\\})?");
  private static final Pattern LABEL = Pattern.compile("(\\w+)(=~|=)\"([^\"]*)\"");

  /** No store is needed to count what becomes of documents. */
  private static final int NOBODY = FreePort.pick();

  private static final Path DOCS = Path.of("../docs");

  @TempDir Path work;

  /**
   * A time series.
   *
   * @param labels by their names; of what is asked for, patterns
   */
  private record Series(String name, Map<String, String> labels) {

    /** All that are named in a text. */
    static List<Series> in(String text) {
      List<Series> found = new ArrayList<>();
      for (MatchResult metric : METRIC.matcher(text).results().toList()) {
        Map<String, String> labels = new HashMap<>();
        if (metric.group(3) != null) {
          LABEL.matcher(metric.group(3)).results().forEach(l -> labels.put(l.group(1), l.group(3)));
        }
        found.add(new Series(metric.group(1), labels));
      }
      return found;
    }

    boolean isAskedForBy(Series asked) {
      return name.equals(asked.name)
          && asked.labels.entrySet().stream()
              .allMatch(label -> labels.getOrDefault(label.getKey(), "").matches(label.getValue()));
    }
  }

  @Test
  @SuppressWarnings("try") // closing a MiniCluster may be interrupted
  void everyMetricThatIsShownExists() throws Exception {
    List<Series> asked = Stream.concat(ofGrafana().stream(), ofDocs().stream()).toList();
    Files.createDirectories(work.resolve("in"));
    Files.writeString(work.resolve("in/events.jsonl"), "{\"ts\":0,\"key\":\"a\"}\nno event\n");
    int port = FreePort.pick();
    try (MiniCluster cluster = cluster(port)) {
      cluster.start();
      String yaml =
          """
          source: { files: { path: "%1$s/in", watch: 1s } }
          format: { json: {} }
          time: { field: ts, unit: ms }
          detectors: [ { name: d, key: [key], hitters: { count: 1 } } ]
          sinks: [ { files: { path: "%1$s/out" } }, { opensearch: { url: "http://localhost:%2$d" } } ]
          parallelism: 1
          checkpoint: { interval: 1s, dir: "%1$s/checkpoints" }
          """
              .formatted(work, NOBODY);
      JobID job = cluster.submitJob(TestRuns.graph(yaml)).get().getJobID();
      // Metrics come one after the other as tasks start and as the first checkpoint is done.
      await("the metrics that are shown")
          .atMost(Duration.ofSeconds(90))
          .untilAsserted(() -> assertThat(missing(asked, scrape(port))).isEmpty());
      cluster.cancelJob(job).get();
    }
  }

  /** What Prometheus does not get, in the words of those who ask. */
  private static Set<String> missing(List<Series> asked, List<Series> exposed) {
    Set<String> missing = new TreeSet<>();
    for (Series series : asked) {
      if (exposed.stream().noneMatch(candidate -> candidate.isAskedForBy(series))) {
        missing.add(series.toString());
      }
    }
    return missing;
  }

  private static List<Series> ofGrafana() throws IOException {
    List<Series> series = new ArrayList<>();
    JsonNode dashboard = new ObjectMapper().readTree(Panels.GRAFANA_JOB.toFile());
    for (JsonNode panel : dashboard.get("panels")) {
      for (JsonNode target : panel.get("targets")) {
        String expression = target.get("expr").asText().replace("$job", ".*");
        assertThat(Series.in(expression)).as(expression).isNotEmpty();
        series.addAll(Series.in(expression));
      }
    }
    for (JsonNode variable : dashboard.at("/templating/list")) {
      series.addAll(Series.in(variable.at("/query/query").asText()));
    }
    return series;
  }

  private static List<Series> ofDocs() throws IOException {
    List<Series> series = new ArrayList<>();
    try (Stream<Path> files = Files.walk(DOCS)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".md")).toList()) {
        series.addAll(Series.in(Files.readString(file)));
      }
    }
    return series;
  }

  private static MiniCluster cluster(int port) {
    Configuration settings = new Configuration().set(RestOptions.BIND_PORT, "0");
    settings.setString(
        "metrics.reporter.prometheus.factory.class",
        "org.apache.flink.metrics.prometheus.PrometheusReporterFactory");
    settings.setString("metrics.reporter.prometheus.port", Integer.toString(port));
    return new MiniCluster(
        new MiniClusterConfiguration.Builder()
            .setNumTaskManagers(1)
            .setNumSlotsPerTaskManager(1)
            .setConfiguration(settings)
            .build());
  }

  private static List<Series> scrape(int port) throws IOException, InterruptedException {
    URI metrics = URI.create("http://localhost:" + port + "/metrics");
    String text =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
            .body();
    return text.lines()
        .filter(line -> !line.startsWith("#"))
        .flatMap(line -> Series.in(line).stream())
        .toList();
  }
}
