package dev.atalaya.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExamplesTest {

  private static final Path EXAMPLES = Path.of("../examples");

  /** What the examples leave to the environment. */
  private static final Map<String, String> ENVIRONMENT =
      Map.of("RABBITMQ_USER", "u", "RABBITMQ_PASSWORD", "p", "STORE_PASSWORD", "p");

  static List<Path> examples() throws IOException {
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleLoadsWithoutAWarning(Path example) {
    List<ConfigProblem> warnings = new ArrayList<>();
    if (example.getFileName().toString().startsWith("capture-")) {
      ConfigLoader.loadCapture(example, ENVIRONMENT, List.of(), warnings::add);
    } else {
      ConfigLoader.load(example, ENVIRONMENT, List.of(), warnings::add);
    }
    assertThat(warnings).isEmpty();
  }

  @Test
  void theExamplesAreThese() throws IOException {
    assertThat(examples())
        .extracting(example -> example.getFileName().toString())
        .containsExactly(
            "access-log.yaml",
            "capture-files.yaml",
            "capture-flows.yaml",
            "capture-http.yaml",
            "capture-pcap.yaml",
            "capture-rabbitmq.yaml",
            "capture-stdin.yaml",
            "capture-syslog.yaml",
            "demo.yaml",
            "files-csv.yaml",
            "floods-and-scans.yaml",
            "flows-embedded.yaml",
            "flows-kafka.yaml",
            "kafka-to-elasticsearch.yaml",
            "kafka-to-kafka.yaml",
            "mqtt.yaml",
            "rabbitmq.yaml");
  }

  @Test
  void theDemoRunsTheExample() throws IOException {
    assertThat(Path.of("src/main/resources/dev/atalaya/job/cli/demo.yaml"))
        .hasSameTextualContentAs(EXAMPLES.resolve("demo.yaml"));
  }
}
