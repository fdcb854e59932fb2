package dev.atalaya.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.fixtures.FreePort;
import dev.atalaya.fixtures.StubSearchStore;
import dev.atalaya.fixtures.StubSearchStore.Reply;
import dev.atalaya.fixtures.StubSearchStore.Request;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code setup-search}, before a store that has nothing yet. */
class SetupSearchCommandTest {

  private static final String INGESTED =
      "{\"docs\":[{\"doc\":{\"_source\":{\"event\":{\"ingested\":\"2026-11-22T00:00:00Z\"}}}}]}";

  @TempDir private Path dir;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final StubSearchStore store = StubSearchStore.plain();

  @BeforeEach
  void start() {
    store.onOther(SetupSearchCommandTest::answer);
  }

  @AfterEach
  void stop() {
    store.close();
  }

  private static Reply answer(Request request) {
    if (request.path().equals("/")) {
      return Reply.status(
          200, "{\"version\":{\"distribution\":\"opensearch\",\"number\":\"2.19.3\"}}");
    }
    return switch (request.method()) {
      case "GET" -> Reply.status(404, "{}");
      case "POST" -> Reply.status(200, INGESTED);
      default -> Reply.status(200, "{}");
    };
  }

  private int setUp(String sinks, String... more) throws IOException {
    Path config = dir.resolve("flows.yaml");
    Files.writeString(
        config,
        """
        source: { kafka: { servers: "localhost:9092", topics: [flows], group: g } }
        format: { json: {} }
        time: { field: ts }
        detectors: [ { name: top, key: [src], hitters: { share: 1%%} } ]
        ecs: { src: source.ip }
        sinks: %s
        """
            .formatted(sinks));
    List<String> arguments = new ArrayList<>(List.of("setup-search", config.toString()));
    arguments.addAll(Arrays.asList(more));
    CommandLine commandLine =
        AtalayaCommand.create(new CommandContext(null, Map.of(), true, false));
    commandLine.setOut(new PrintWriter(out));
    commandLine.setErr(new PrintWriter(err));
    return commandLine.execute(arguments.toArray(String[]::new));
  }

  private String sink(String url) {
    return "[ opensearch: { url: '" + url + "' } ]";
  }

  @Test
  void theDocumentationShowsWhatItSays() throws IOException {
    assertThat(setUp(sink(store.url()), "--language", "en")).isEqualTo(0);
    String said = out.toString().replace(store.url(), "https://search.example.org:9200");
    assertThat(Files.readString(Path.of("../docs/sinks.md")))
        .contains("$ ./atalaya setup-search flows.yaml\n" + said + "```");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void itSpeaksSpanishAndSaysWhatTheStoreCannotHave() throws IOException {
    store.onOther(
        request ->
            request.path().startsWith("/_plugins/") || request.path().endsWith("/_simulate")
                ? Reply.status(400, "{\"error\":\"no handler found\"}")
                : answer(request));
    assertThat(setUp(sink(store.url()), "--language", "es")).isEqualTo(0);
    assertThat(out.toString())
        .contains("OpenSearch 2.19.3 en http://localhost:")
        .contains(
            "  pipeline de ingesta        atalaya                 omitido: el almacén no tiene")
        .contains("  política de ciclo de vida  atalaya-alerts          omitido")
        .contains("  plantilla de índices       atalaya-dead-letters    hecho\n")
        .endsWith("El almacén está listo.\n");
  }

  @Test
  void theTimesToKeepAreSettable() throws IOException {
    String[] days = {"--retention", "90", "--retention-dead-letters", "7"};
    assertThat(setUp(sink(store.url()), days)).isEqualTo(0);
    assertThat(store.requests())
        .filteredOn(request -> request.path().startsWith("/_plugins/_ism/policies/"))
        .filteredOn(request -> request.method().equals("PUT"))
        .extracting(request -> request.body().replaceFirst(".*min_index_age\":\"(\\w+)\".*", "$1"))
        .containsExactly("121d", "121d", "38d");
    assertThat(setUp(sink(store.url()), "--retention", "0")).isEqualTo(2);
    assertThat(err.toString()).contains("--retention must be 1 to 36500 days, got 0");
  }

  @Test
  void eachFailureHasItsExitCode() throws IOException {
    assertThat(setUp("[ console: {} ]")).isEqualTo(2);
    assertThat(err.toString()).contains("flows has no sink of Elasticsearch or OpenSearch");

    assertThat(setUp(sink("http://localhost:" + FreePort.pick()))).isEqualTo(3);
    assertThat(err.toString()).contains("sinks[0].opensearch: The store at http://localhost:");

    store.onOther(request -> Reply.status(401, "{}"));
    assertThat(setUp(sink(store.url()))).isEqualTo(5);
    assertThat(err.toString())
        .contains("sinks[0].opensearch: The store at ", "does not know the user");
  }
}
