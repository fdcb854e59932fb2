package dev.atalaya.job;

import static org.awaitility.Awaitility.await;

import dev.atalaya.fixtures.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.testutils.CommonTestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobMetricsIT {
  @TempDir Path work;

  @Test
  @SuppressWarnings("try")
  void probe() throws Exception {
    int port = FreePort.pick();
    Files.createDirectories(work.resolve("in"));
    Files.writeString(
        work.resolve("in/a.jsonl"),
        "{\"ts\":1714557600000,\"src\":\"a\"}\n{\"ts\":1714557680000,\"src\":\"a\"}\nx\n");
    Configuration settings = new Configuration().set(RestOptions.BIND_PORT, "0");
    settings.setString(
        "metrics.reporter.prometheus.factory.class",
        "org.apache.flink.metrics.prometheus.PrometheusReporterFactory");
    settings.setString("metrics.reporter.prometheus.port", String.valueOf(port));
    try (MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(1)
                .setConfiguration(settings)
                .build())) {
      cluster.start();
      String yaml =
          """
          name: metrics
          source: { files: { path: "%1$s/in", watch: 1s } }
          format: { json: {} }
          time: { field: ts, unit: ms }
          detectors: [ { name: d, key: [src], hitters: { count: 1 } } ]
          sinks: [ { files: { path: "%1$s/out" } } ]
          parallelism: 1
          checkpoint: { interval: 1s, dir: "%1$s/checkpoints" }
          """
              .formatted(work);
      var job = cluster.submitJob(TestRuns.graph(yaml)).get().getJobID();
      CommonTestUtils.waitForAllTaskRunning(cluster, job, false);
      await().atMost(Duration.ofSeconds(60)).until(() -> scrape(port).contains("lastCheckpointDuration"));
      Thread.sleep(8000);
      Files.writeString(Path.of("/tmp/dash-metrics.txt"), scrape(port));
      cluster.cancelJob(job).get();
    }
  }

  private static String scrape(int port) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/metrics")).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
