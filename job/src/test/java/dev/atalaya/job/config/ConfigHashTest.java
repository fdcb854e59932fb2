package dev.atalaya.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigHashTest {

  private static final String YAML =
      """
      source: { kafka: { servers: 'localhost:9092', topics: [flows] } }
      format: { json: {} }
      detectors:
        - { name: a, key: [src], filter: { proto: ['6', '17'] }, hitters: { share: 1% } }
        - { name: b, key: [dst], hitters: { share: 2% } }
      """;

  private static String hash(String... settings) {
    return ConfigHash.of(
        ConfigLoader.parse(YAML, "x.yaml", Map.of(), List.of(settings), warning -> {}));
  }

  /** Documents carry it: a change of the rendering makes every stored hash another. */
  @Test
  void theHashOfAConfigurationStaysTheSame() {
    assertThat(hash()).isEqualTo("541152e3710e");
  }

  @Test
  void whatDecidesAlertsChangesTheHash() {
    assertThat(
            List.of(
                hash(),
                hash("window=5s"),
                hash("time.field=ts"),
                hash("format.lenient=true"),
                hash("detectors[0].key=[src, dst]"),
                hash("detectors[0].hitters.share=3%"),
                hash("detectors[0].filter.proto=6"),
                hash("ecs.src=source.ip"),
                hash("labels.site=lab")))
        .doesNotHaveDuplicates();
  }

  @Test
  void whatDoesNotDecideAlertsLeavesTheHash() {
    assertThat(
            List.of(
                hash("name=other"),
                hash("source.kafka.servers='elsewhere:9092'"),
                hash("parallelism=4"),
                hash("seed=000102030405060708090a0b0c0d0e0f"),
                hash("sinks=[{files: {path: out/x}}]"),
                hash("detectors[0].hitters.share=0.010"),
                hash("detectors[0].filter.proto=['17', '6']"),
                hash("window=10000ms")))
        .containsOnly(hash());
  }
}
