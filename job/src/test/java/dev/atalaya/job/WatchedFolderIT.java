package dev.atalaya.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that come into a watched folder: event time goes on behind each, however long it was. */
@Timeout(300)
class WatchedFolderIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Instant BEGIN = Instant.parse("2025-01-01T00:00:00Z");

  @TempDir Path work;

  /**
   * Short files are over before anybody asks for event time; of long ones it is asked several
   * times. With two tasks, each reads the one or the other, or one nothing.
   */
  @ParameterizedTest
  @CsvSource({"1, 1", "1, 200000", "2, 200000"})
  @SuppressWarnings("try") // closing a MiniCluster may be interrupted
  void theNextFileClosesTheWindowsOfTheOneBeforeAndSilenceTheLast(int parallelism, int perSecond)
      throws Exception {
    Files.createDirectories(work.resolve("in"));
    Files.createDirectories(work.resolve("out"));
    String yaml =
        """
        source: { files: { path: "%1$s/in", watch: 100ms } }
        format: { json: {} }
        time: { field: ts, unit: ms, idle: 2s, out-of-orderness: 0s }
        window: 1s
        detectors: [ { name: d, key: [key], hitters: { count: 1 } } ]
        sinks: [ { files: { path: "%1$s/out", roll: 1s } } ]
        parallelism: %2$d
        checkpoint: { interval: 500ms, dir: "%1$s/checkpoints" }
        """
            .formatted(work, parallelism);
    try (MiniCluster cluster = TestRuns.cluster(parallelism)) {
      JobID job = cluster.submitJob(TestRuns.graph(yaml)).get().getJobID();
      feed("one", 0, 3, perSecond);
      awaitReported(0, 1, 2);
      // Far ahead, so that the file closes what silence has left open before it.
      feed("two", 1_000, 1_002, perSecond);
      awaitReported(0, 1, 2, 1_000, 1_001);
      TestRuns.cancel(cluster, job);
    }
  }

  /** Events of each second of event time; all at once for whoever looks. */
  private void feed(String name, int fromSecond, int toSecond, int perSecond) throws Exception {
    Path hidden = work.resolve(name);
    try (BufferedWriter file = Files.newBufferedWriter(hidden)) {
      for (int second = fromSecond; second < toSecond; second++) {
        String line = "{\"ts\":" + BEGIN.plusSeconds(second).toEpochMilli() + ",\"key\":\"a\"}\n";
        for (int i = 0; i < perSecond; i++) {
          file.write(line);
        }
      }
    }
    Files.move(hidden, work.resolve("in").resolve(name));
  }

  private void awaitReported(Integer... seconds) {
    await("reports")
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() -> assertThat(reportedSeconds()).containsExactly(seconds));
  }

  /** Where windows with events begin. */
  private List<Integer> reportedSeconds() throws Exception {
    List<Integer> seconds = new ArrayList<>();
    for (String line : OutputFiles.lines(work.resolve("out"))) {
      JsonNode document = JSON.readTree(line);
      if (document.at("/event/action").asText().equals("window_report")
          && document.at("/Atalaya/events").asLong() > 0) {
        Instant start = Instant.parse(document.at("/event/start").asText());
        seconds.add((int) Duration.between(BEGIN, start).toSeconds());
      }
    }
    Collections.sort(seconds);
    return seconds;
  }
}
