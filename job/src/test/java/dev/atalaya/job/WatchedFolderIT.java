package dev.atalaya.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that come into a watched folder, too short for event time to be asked for meanwhile. */
@Timeout(300)
class WatchedFolderIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Instant BEGIN = Instant.parse("2025-01-01T00:00:00Z");

  @TempDir Path work;

  @Test
  @SuppressWarnings("try") // closing a MiniCluster may be interrupted
  void theNextFileClosesTheWindowsOfAShortOneAndSilenceTheLast() throws Exception {
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
        parallelism: 1
        checkpoint: { interval: 500ms, dir: "%1$s/checkpoints" }
        """
            .formatted(work);
    try (MiniCluster cluster = TestRuns.cluster(1)) {
      JobID job = cluster.submitJob(TestRuns.graph(yaml)).get().getJobID();
      feed("one", 0, 3);
      awaitReported(0, 1, 2);
      // Far ahead, so that the file closes what silence has left open before it.
      feed("two", 1_000, 1_002);
      awaitReported(0, 1, 2, 1_000, 1_001);
      TestRuns.cancel(cluster, job);
    }
  }

  /** An event for each second of event time; all at once for whoever looks. */
  private void feed(String name, int fromSecond, int toSecond) throws Exception {
    Path hidden = work.resolve(name);
    Files.writeString(
        hidden,
        IntStream.range(fromSecond, toSecond)
            .mapToObj(
                second ->
                    "{\"ts\":" + BEGIN.plusSeconds(second).toEpochMilli() + ",\"key\":\"a\"}\n")
            .collect(Collectors.joining()));
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
