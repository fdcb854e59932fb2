package dev.atalaya.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atalaya.connectors.kafka.KafkaSettings;
import dev.atalaya.job.Detectors;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigLoaderTest {

  private static final String SMALLEST =
      """
      source:
        kafka: { servers: "localhost:9092", topics: [flows] }
      format: { json: {} }
      detectors:
        - name: top
          key: [src]
          hitters: { share: 1% }
      """;

  @Test
  void theSmallestConfigurationHasTheseDefaults() {
    assertThat(ConfigLoader.parse(SMALLEST, "flows.yaml", Map.of()))
        .isEqualTo(
            new JobConfig(
                "flows",
                new SourceConfig.Kafka(
                    new KafkaSettings(
                        "localhost:9092",
                        List.of("flows"),
                        null,
                        "atalaya",
                        "earliest",
                        null,
                        60_000,
                        KafkaSettings.LostOffsets.STOP,
                        null,
                        Map.of())),
                new FormatConfig(
                    FormatConfig.Kind.JSON,
                    Map.of(),
                    "utf-8",
                    false,
                    FormatConfig.Limits.DEFAULT,
                    false,
                    FormatConfig.Json.DEFAULT,
                    FormatConfig.Csv.DEFAULT,
                    null,
                    null),
                new TimeConfig(
                    null,
                    false,
                    TimeConfig.Unit.MS,
                    ZoneId.of("UTC"),
                    0,
                    Locale.ENGLISH,
                    2000,
                    30_000,
                    300_000),
                List.of(
                    Detectors.named("top")
                        .key("src")
                        .window(10_000)
                        .memory(1 << 20)
                        .hitters(new DetectorConfig.Hitters(0, Units.parseShare("0.01")))
                        .changers(null)
                        .build()),
                List.of(new SinkConfig.Console("en", false)),
                new RuntimeConfig(0, 10_000, null, null),
                Map.of(),
                Map.of(),
                null));
  }

  @Test
  void anUnknownKeyIsRefusedWithItsLineAndTheNearestKey() {
    assertThatThrownBy(
            () -> ConfigLoader.parse(SMALLEST + "    windw: 10s\n", "flows.yaml", Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessage("flows.yaml:8: detectors[0].windw: unknown key; did you mean 'window'?");
  }
}
