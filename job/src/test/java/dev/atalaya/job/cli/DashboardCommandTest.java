package dev.atalaya.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atalaya.job.config.JobConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DashboardCommandTest {

  private static final Pattern URL = Pattern.compile("(?:Dashboard|Panel): (http://\\S+)");

  private static final String REPORT =
      """
      {"@timestamp":"2025-01-15T10:00:09.999Z",\
      "event":{"kind":"metric","action":"window_report","id":"1-d-window_report",\
      "start":"2025-01-15T10:00:00.000Z","end":"2025-01-15T10:00:10.000Z"},\
      "rule":{"name":"d"},"Atalaya":{"measure":"bytes","events":5,"window_total":9,\
      "distinct_keys":2,"exact":true,"warmup":false,"error_bound":0,"hitters":{"found":1}}}
      """;

  @TempDir private Path dir;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private boolean ownProcess = true;
  private JobRunner runner = (config, from) -> OptionalLong.empty();

  private Path found;
  private Path config;

  @BeforeEach
  void writeConfiguration() throws IOException {
    found = dir.resolve("found");
    config = configuration("files: { path: '" + found + "' }");
  }

  private Path configuration(String sink) throws IOException {
    Files.createDirectories(dir.resolve("in"));
    return Files.writeString(
        dir.resolve("flows.yaml"),
        """
        source: { files: { path: '%s' } }
        format: { json: {} }
        time: { field: ts }
        detectors: [ { name: d, key: [src], hitters: { count: 5 } } ]
        sinks: [ %s ]
        """
            .formatted(dir.resolve("in"), sink));
  }

  private void writeReport() throws IOException {
    Path folder = Files.createDirectories(found.resolve("reports/2025/01/15/10"));
    Files.writeString(folder.resolve("part-0.jsonl"), REPORT);
  }

  private int execute(String... arguments) {
    CommandLine commandLine =
        AtalayaCommand.create(new CommandContext(runner, Map.of(), ownProcess, false));
    commandLine.setOut(new PrintWriter(out));
    commandLine.setErr(new PrintWriter(err));
    return commandLine.execute(arguments);
  }

  private static String get(String url, String... headers) throws IOException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString()).body();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitReport(String url) {
    await()
        .atMost(Duration.ofSeconds(30))
        .ignoreException(IOException.class)
        .until(() -> get(url + "heavykeys").contains("\"heavyHittersCounter\":1"));
  }

  private static String url(StringWriter text) {
    Matcher matcher = URL.matcher(text.toString());
    return matcher.find() ? matcher.group(1) : null;
  }

  /** Until it is interrupted, as it goes on for ever. */
  private void serve(ServedCheck check, String... arguments) throws Exception {
    AtomicInteger code = new AtomicInteger(-1);
    Thread thread = new Thread(() -> code.set(execute(arguments)));
    thread.start();
    try {
      await().atMost(Duration.ofSeconds(30)).until(() -> url(out) != null || !thread.isAlive());
      assertThat(url(out)).as(err.toString()).isNotNull();
      check.run(url(out));
    } finally {
      thread.interrupt();
      thread.join();
    }
  }

  private interface ServedCheck {
    void run(String url) throws Exception;
  }

  @Test
  void followsTheSinksOfAConfiguration() throws Exception {
    serve(
        url -> {
          writeReport();
          awaitReport(url);
          assertThat(get(url)).contains("<html");
        },
        "dashboard",
        "--from",
        config.toString(),
        "--port",
        "0",
        "--language",
        "es");
    assertThat(out.toString()).endsWith("Ctrl-C lo termina.\n");
  }

  @Test
  void followsTheFolderOfAFilesSink() throws Exception {
    writeReport();
    serve(DashboardCommandTest::awaitReport, "dashboard", "--from", found.toString(), "--port=0");
  }

  @Test
  void refusesWhatCannotBeFollowedOrServed() throws IOException {
    configuration("console: {}");
    String from = config.toString();
    assertThat(execute("dashboard", "--from", from)).isEqualTo(2);
    assertThat(execute("run", from, "--dashboard")).isEqualTo(2);
    configuration("files: { path: 's3://bucket/x' }");
    assertThat(execute("dashboard", "--from", from)).isEqualTo(2);
    String refusal =
        " has no sink that a dashboard can follow: add one of files (on this machine), kafka,"
            + " elasticsearch or opensearch to its sinks\n";
    String help = "see ./atalaya %s --help\n";
    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            from
                + refusal
                + help.formatted("dashboard")
                + "flows"
                + refusal
                + help.formatted("run")
                + from
                + refusal
                + help.formatted("dashboard"));
    err.getBuffer().setLength(0);

    configuration("files: { path: '" + found + "' }");
    for (String[] refused :
        new String[][] {
          {"--port", "65536", "--port must be 0 to 65535, got 65536"},
          {"--bind", "", "--bind must name an address"},
          {"--detector", "dd", "--detector must be one of d, got dd"},
          {"--windows", "0", "--windows must be 1 to 100000, got 0"},
          {"--allow-origin", "*", "--allow-origin must be like http://localhost:3000, got *"},
          {"--allow-origin", "null", "--allow-origin must be like http://localhost:3000, got null"},
        }) {
      assertThat(execute("dashboard", "--from", from, refused[0], refused[1])).isEqualTo(2);
      assertThat(err.toString()).startsWith(refused[2]);
      err.getBuffer().setLength(0);
    }
    assertThat(execute("dashboard", "--from", dir.resolve("none").toString())).isEqualTo(2);
    assertThat(execute("run", from, "--dashboard=65536")).isEqualTo(2);
    assertThat(err.toString()).contains("--dashboard must be a port, 0 to 65535, got 65536");
    ownProcess = false;
    assertThat(execute("dashboard", "--from", from)).isEqualTo(2);
    assertThat(execute("run", from, "--dashboard")).isEqualTo(2);
  }

  @Test
  void aPortInUseIsExitCode3() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      assertThat(execute("dashboard", "--from", config.toString(), "--port", port)).isEqualTo(3);
      assertThat(execute("run", config.toString(), "--dashboard", port)).isEqualTo(3);
    }
    assertThat(err.toString()).contains("port in use: ").contains("choose another port");
  }

  @Test
  void runShowsItselfMeanwhile() {
    runner =
        (job, from) -> {
          writeReport();
          awaitReport(url(err));
          return OptionalLong.of(1);
        };
    assertThat(execute("run", "--dashboard=0", config.toString(), "--language", "en")).isZero();
    assertThat(err.toString())
        .contains("the dashboard ended with the job; to look at it again: ./atalaya dashboard");
    assertThat(url(err)).startsWith("http://127.0.0.1:");
  }

  @Test
  void theWordBehindTheOptionMayBeTheConfiguration() {
    JobConfig[] ran = new JobConfig[1];
    runner =
        (job, from) -> {
          ran[0] = job;
          return OptionalLong.of(1);
        };
    // The default port may be taken on this machine.
    assertThat(execute("run", "--dashboard", config.toString())).isIn(0, 3);
    assertThat(execute("run", "--dashboard", "0", config.toString())).isZero();
    assertThat(ran[0].name()).isEqualTo("flows");
  }
}
