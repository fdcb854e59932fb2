package dev.atalaya.job.baseline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atalaya.fixtures.SharedData;
import dev.atalaya.job.config.DetectorConfig.Sensitivity;
import java.io.IOException;
import java.nio.file.Files;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Learned thresholds on the request-count and network series of NAB, whose anomalous hours people
 * have labelled: windows of five minutes, the recorded value as their weight.
 */
class SeriesOnRecordedTrafficTest {

  private static final long WINDOW = 300_000;
  private static final String FOLDER = "realAWSCloudwatch/";

  private record Hours(long fromMillis, long toMillis) {
    boolean contain(long millis) {
      return fromMillis <= millis && millis <= toMillis;
    }
  }

  @Test
  void everyLabelledAnomalyIsHitAtMediumSensitivity() throws IOException {
    List<String> table = new ArrayList<>();
    for (String name :
        List.of(
            "elb_request_count_8c0756",
            "ec2_network_in_257a54",
            "ec2_network_in_5abac7",
            "iio_us-east-1_i-a2eb1cd9_NetworkIn")) {
      NavigableMap<Long, Long> values = values(name);
      List<Hours> labelled = labelled(name);
      StringBuilder line = new StringBuilder(name);
      long windows = (values.lastKey() - values.firstKey()) / WINDOW + 1;
      line.append(" windows ").append(windows);
      for (Sensitivity sensitivity : Sensitivity.values()) {
        List<Long> alarms = alarms(values, sensitivity.deviations());
        long hit =
            labelled.stream().filter(hours -> alarms.stream().anyMatch(hours::contain)).count();
        long outside =
            alarms.stream()
                .filter(alarm -> labelled.stream().noneMatch(hours -> hours.contain(alarm)))
                .count();
        line.append(" | ").append(sensitivity.name().toLowerCase(Locale.ROOT));
        line.append(' ').append(hit).append(" of ").append(labelled.size());
        line.append(", ").append(outside).append(" outside");
      }
      table.add(line.toString());
    }
    assertThat(table)
        .containsExactly(
            "elb_request_count_8c0756 windows 4040"
                + " | low 1 of 2, 4 outside | medium 2 of 2, 31 outside | high 2 of 2, 87 outside",
            "ec2_network_in_257a54 windows 4034"
                + " | low 1 of 1, 43 outside | medium 1 of 1, 54 outside | high 1 of 1, 266 outside",
            "ec2_network_in_5abac7 windows 4730"
                + " | low 2 of 2, 388 outside | medium 2 of 2, 393 outside | high 2 of 2, 406 outside",
            "iio_us-east-1_i-a2eb1cd9_NetworkIn windows 1243"
                + " | low 1 of 2, 17 outside | medium 2 of 2, 24 outside | high 2 of 2, 38 outside");
  }

  private static List<Long> alarms(NavigableMap<Long, Long> values, double deviations) {
    Series series = new Series(LearningCurves.usual(WINDOW));
    List<Long> alarms = new ArrayList<>();
    for (long start = values.firstKey(); start <= values.lastKey(); start += WINDOW) {
      long value = values.getOrDefault(start, 0L);
      double distance = Math.abs(value - series.expected(start));
      if (series.isWarm() && distance > deviations * series.deviation(start)) {
        alarms.add(start);
      }
      series.add(start, (double) value);
    }
    return alarms;
  }

  /** Summed into windows. */
  private static NavigableMap<Long, Long> values(String name) throws IOException {
    NavigableMap<Long, Long> values = new TreeMap<>();
    List<String> lines = Files.readAllLines(SharedData.path("nab/" + FOLDER + name + ".csv"));
    for (String line : lines.subList(1, lines.size())) {
      String[] fields = line.split(",");
      long start = Math.floorDiv(millis(fields[0]), WINDOW) * WINDOW;
      values.merge(start, Math.round(Double.parseDouble(fields[1])), Long::sum);
    }
    return values;
  }

  private static List<Hours> labelled(String name) throws IOException {
    JsonNode all =
        new ObjectMapper().readTree(SharedData.path("nab/combined_windows.json").toFile());
    List<Hours> labelled = new ArrayList<>();
    for (JsonNode hours : all.get(FOLDER + name + ".csv")) {
      long from = Math.floorDiv(millis(hours.get(0).asText()), WINDOW) * WINDOW;
      labelled.add(new Hours(from, millis(hours.get(1).asText())));
    }
    return labelled;
  }

  private static long millis(String time) {
    return LocalDateTime.parse(time.substring(0, 19).replace(' ', 'T'))
        .toInstant(ZoneOffset.UTC)
        .toEpochMilli();
  }
}
