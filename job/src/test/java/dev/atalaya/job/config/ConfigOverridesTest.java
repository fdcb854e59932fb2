package dev.atalaya.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigOverridesTest {

  private static final String YAML =
      """
      source: { kafka: { servers: 'localhost:9092', topics: [flows] } }
      format: { json: {} }
      window: 10s
      detectors:
        - { name: top, key: [src], hitters: { share: 1% } }
        - { name: other, key: [dst], hitters: { share: 2% } }
      """;

  private static JobConfig load(Map<String, String> env, String... settings) {
    return ConfigLoader.parse(YAML, "x.yaml", env, List.of(settings), warning -> {});
  }

  @Test
  void theCommandLineBeatsTheEnvironmentWhichBeatsTheFile() {
    Map<String, String> env = Map.of("ATALAYA__WINDOW", "20s");
    assertThat(load(Map.of()).detectors().get(0).windowMillis()).isEqualTo(10_000);
    assertThat(load(env).detectors().get(0).windowMillis()).isEqualTo(20_000);
    assertThat(load(env, "window=30s").detectors().get(0).windowMillis()).isEqualTo(30_000);
  }

  @Test
  void aDetectorIsNamedByIndexOrByName() {
    JobConfig config = load(Map.of(), "detectors[0].window=1s", "detectors[other].window=2s");
    assertThat(config.detectors())
        .extracting(DetectorConfig::windowMillis)
        .containsExactly(1000L, 2000L);
  }

  @Test
  void environmentVariablesReachEveryKey() {
    JobConfig config =
        load(
            Map.of(
                "ATALAYA__TIME__OUT_OF_ORDERNESS", "7s",
                "ATALAYA__DETECTORS__1__MAX_ALERTS", "9",
                "ATALAYA__DETECTORS__OTHER__SLICES", "3",
                "ATALAYA_DATA", "not ours"));
    assertThat(config.time().outOfOrdernessMillis()).isEqualTo(7000);
    assertThat(config.detectors().get(1).maxAlerts()).isEqualTo(9);
    assertThat(config.detectors().get(1).slices()).isEqualTo(3);
  }

  @Test
  void valuesAreYamlAndPlaceholdersInThemStay() {
    JobConfig config =
        load(
            Map.of(),
            "detectors[0].key=[src, dst]",
            "labels.site=${NOT_SET}",
            "source.kafka.properties[fetch.min.bytes]=1");
    assertThat(config.detectors().get(0).key()).containsExactly("src", "dst");
    assertThat(config.labels()).isEqualTo(Map.of("site", "${NOT_SET}"));
    assertThat(((SourceConfig.Kafka) config.source()).settings().properties())
        .isEqualTo(Map.of("fetch.min.bytes", "1"));
  }

  @Test
  void aMisspeltOverrideIsRefusedLikeAKeyOfTheFile() {
    assertThatThrownBy(() -> load(Map.of("ATALAYA__WINDW", "1s")))
        .hasMessage(
            "environment variable ATALAYA__WINDW: windw: unknown key; did you mean" + " 'window'?");
    assertThatThrownBy(() -> load(Map.of(), "windw=1s"))
        .hasMessage("--set windw: unknown key; did you mean 'window'?");
    assertThatThrownBy(() -> load(Map.of(), "window"))
        .hasMessage("--set window: write --set path=value, such as --set window=5s");
    assertThatThrownBy(() -> load(Map.of(), "detectors[2].window=1s"))
        .hasMessage(
            "--set detectors[2].window: detectors: the list has 2 items and none is '2'; known: top, other");
    assertThatThrownBy(() -> load(Map.of(), "window.x=1s"))
        .hasMessage("--set window.x: window: is '10s', so nothing can be set in it");
    assertThatThrownBy(() -> load(Map.of(), "window="))
        .hasMessage("--set window: has no value; give one or remove the key");
  }

  @Test
  void aRefusedOverrideDoesNotShowItsSecret() {
    assertThatThrownBy(() -> load(Map.of(), "sed=hunter2")).message().doesNotContain("hunter2");
  }
}
