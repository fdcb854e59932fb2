package dev.atalaya.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an attack looks like to the one who is told of it, through the shipped job. */
class KindsIT {

  private static final int SOURCES = 200_000;
  private static final int HOSTS = 256;
  private static final long FLOOD_BYTES = 60;
  private static final long START = 1_700_000_000_000L;

  @TempDir Path work;

  private OutputFiles run(String yaml) throws Exception {
    Path out = work.resolve("out");
    // Checkpoints in files: in memory Flink takes 5 MB of state at most.
    TestRuns.run(
        yaml
            + """
            sinks: [ { files: { path: "%1$s" } } ]
            checkpoint: { dir: "%1$s-checkpoints" }
            parallelism: 2
            """
                .formatted(out));
    return OutputFiles.read(out);
  }

  private static List<JsonNode> alerts(OutputFiles output, String detector, String action) {
    return output.alerts(detector, action).values().stream().flatMap(List::stream).toList();
  }

  @Test
  void theFloodOfTheIpv6CaptureIsOneChangerAndOneEpisode() throws Exception {
    OutputFiles output =
        run(
            DataSet.SURICATA_VERIFY.input(DataSet.SURICATA_VERIFY.eventFile())
                + """
                window: 1s
                detectors:
                  - name: floods
                    key: [dst]
                    hitters: { share: 50%, count: 100 }
                    changers: { share: 10%, ratio: 2, delta: 100 }
                    episodes: { notify: every }
                """);
    List<JsonNode> changers = alerts(output, "floods", "heavy_changer");
    List<JsonNode> hitters = alerts(output, "floods", "heavy_hitter");
    assertThat(changers).hasSize(1);
    assertThat(hitters).hasSize(3);
    assertThat(Stream.concat(changers.stream(), hitters.stream()))
        .extracting(alert -> alert.at("/Atalaya/episode_id").asText())
        .doesNotContain("")
        .containsOnly(changers.get(0).at("/Atalaya/episode_id").asText());
    assertThat(changers.get(0).at("/Atalaya/key").asText()).isEqualTo("2001:db8:1::1");
    assertThat(changers.get(0).at("/Atalaya/expected").asLong()).isEqualTo(0);
    assertThat(changers.get(0).at("/Atalaya/actual").asLong()).isEqualTo(9933);
    assertThat(hitters)
        .extracting(alert -> alert.at("/Atalaya/actual").asLong())
        .containsExactly(9933L, 15_817L, 9940L);
    assertThat(hitters)
        .extracting(alert -> alert.at("/Atalaya/episode_windows").asInt())
        .containsExactly(1, 2, 3);
    assertThat(hitters.get(2).at("/Atalaya/episode_peak").asLong()).isEqualTo(15_817);
  }

  /** With much memory the numbers are exact, with the default they are within their bounds. */
  @ParameterizedTest
  @ValueSource(strings = {"64mb", "1mb"})
  void aFloodOverASubnetIsOneAlertOnTheSubnet(String memory) throws Exception {
    long total = writeSubnetFlood(work.resolve("flows.csv"));
    OutputFiles output =
        run(
            """
            source: { files: { path: "%s" } }
            format: { csv: { fields: { dst: { type: ip } } } }
            time: { field: ts, out-of-orderness: 0s }
            window: 10s
            detectors:
              - name: floods
                key: [dst]
                weight: bytes
                memory: %s
                hitters: { share: 20%% }
                and: [ { distinct: [src], count: 1000 } ]
                rollup: {}
                contributors: { fields: [src, dport], top: 3 }
            """
                .formatted(work.resolve("flows.csv"), memory));

    List<JsonNode> alerts = alerts(output, "floods", "heavy_hitter");
    assertThat(alerts).hasSize(1);
    JsonNode alert = alerts.get(0).path("Atalaya");
    long flood = SOURCES * FLOOD_BYTES;
    assertThat(alert.path("key").asText()).isEqualTo("203.0.113.0/24");
    assertThat(alert.path("prefix").asText()).isEqualTo("203.0.113.0/24");
    assertThat(alert.path("window_total").asLong()).isEqualTo(total);
    assertThat(flood)
        .isBetween(alert.path("actual_lower").asLong(), alert.path("actual_upper").asLong());
    assertThat((long) SOURCES)
        .isBetween(alert.at("/also_lower/0").asLong(), alert.at("/also_upper/0").asLong());
    assertThat(alert.at("/also_measures/0").asText()).isEqualTo("distinct src");
    List<String> contributors = new ArrayList<>();
    for (int i = 0; i < alert.path("contributor_fields").size(); i++) {
      contributors.add(
          alert.at("/contributor_fields/" + i).asText()
              + " "
              + alert.at("/contributor_values/" + i).asText()
              + " "
              + alert.at("/contributor_shares/" + i).asDouble());
    }
    assertThat(contributors).contains("dport 53 0.74912", "dport 123 0.25088");
    if (memory.equals("64mb")) {
      assertThat(alert.path("actual").asLong()).isEqualTo(flood);
      assertThat(alert.at("/also_values/0").asLong()).isEqualTo(SOURCES);
      // No source has more than one event: they are told with what little each is, and the rest.
      assertThat(alert.at("/contributor_remainders/0").asLong()).isEqualTo(flood - 3 * FLOOD_BYTES);
      assertThat(alert.at("/contributor_remainders/1").asLong()).isEqualTo(0);
    }
  }

  /** Each source sends one event to one of the hosts, among traffic to everybody; one window. */
  private static long writeSubnetFlood(Path file) throws IOException {
    Random random = new Random(1);
    long total = 0;
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write("ts,src,dst,dport,bytes\n");
      for (int source = 0; source < SOURCES; source++) {
        out.write(
            "%d,10.%d.%d.%d,203.0.113.%d,%d,%d\n"
                .formatted(
                    START + source % 10_000,
                    source >> 16,
                    source >> 8 & 255,
                    source & 255,
                    source % HOSTS,
                    source / HOSTS % 4 == 0 ? 123 : 53,
                    FLOOD_BYTES));
        total += FLOOD_BYTES;
        if (source % 10 == 0) {
          // As many bytes in all, to hosts all over.
          long bytes = 10 * FLOOD_BYTES;
          out.write(
              "%d,192.0.2.%d,%d.%d.%d.%d,443,%d\n"
                  .formatted(
                      START + source % 10_000,
                      random.nextInt(256),
                      1 + random.nextInt(200),
                      random.nextInt(256),
                      random.nextInt(256),
                      random.nextInt(256),
                      bytes));
          total += bytes;
        }
      }
    }
    return total;
  }
}
