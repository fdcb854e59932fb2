package dev.atalaya.dashboard.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/rest.md shows is what the server answers, and what it lists is all there is. */
class RestDocumentTest {

  private static final Pattern EXAMPLE =
      Pattern.compile(
          "`GET (/[^`]*)`[^`\n]*(?:`[^`\n]+`[^`\n]*)*\n\n```json\n(.*?)```", Pattern.DOTALL);

  private static final Pattern METRIC = Pattern.compile("# TYPE (\\S+) ");

  @Test
  void examplesAreAnswers() throws IOException {
    try (Served served = new Served(Floods.history())) {
      Matcher example = EXAMPLE.matcher(text());
      int examples = 0;
      while (example.find()) {
        assertThat(withoutClock(served.json(example.group(1))))
            .as(example.group(1))
            .isEqualTo(withoutClock(Served.MAPPER.readTree(example.group(2))));
        examples++;
      }
      assertThat(examples).isEqualTo(10);
    }
  }

  @Test
  void everyPathAndEveryMetricIsListed() throws IOException {
    String text = text();
    try (Served served = new Served(Floods.history())) {
      assertThat(served.server.paths())
          .filteredOn(path -> !path.equals("/") && !path.matches("/(page|lib)/.*"))
          .allMatch(text::contains);
      Matcher metric = METRIC.matcher(served.get("/metrics").body());
      while (metric.find()) {
        assertThat(text).contains("`" + metric.group(1) + "`");
      }
    }
  }

  private static String text() throws IOException {
    return Files.readString(Path.of("..", "docs", "rest.md"));
  }

  private static JsonNode withoutClock(JsonNode tree) {
    tree.findParents("timestamp").forEach(parent -> ((ObjectNode) parent).remove("timestamp"));
    if (tree instanceof ObjectNode object) {
      object.remove("since");
      object.remove("lagMillis");
    }
    return tree;
  }
}
