package dev.atalaya.job.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.config.SinkConfig;
import dev.atalaya.job.config.SourceConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The demo, with a job that only writes what it is told to have found. */
class DemoCommandTest {

  @TempDir private Path dir;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<Planted> alerts = new ArrayList<>(SampleStream.planted());
  private int deadLetters = SampleStream.BROKEN_LINES.size();
  private long lost;
  private boolean nested;
  private boolean interrupted;
  private boolean terminal;
  private String language = "en";

  private int demo(String... arguments) {
    CommandContext context = new CommandContext(this::pretend, Map.of(), true, terminal);
    CommandLine commandLine = AtalayaCommand.create(context);
    commandLine.setOut(new PrintWriter(out));
    commandLine.setErr(new PrintWriter(err));
    List<String> all = new ArrayList<>(List.of("demo", "--events", "30000"));
    all.addAll(List.of("--language", language));
    all.addAll(List.of(arguments));
    return commandLine.execute(all.toArray(String[]::new));
  }

  private OptionalLong pretend(JobConfig config, Path restoreFrom) throws IOException {
    assertThat(Path.of(((SourceConfig.Files) config.source()).path())).isNotEmptyDirectory();
    Path found =
        config.sinks().stream()
            .filter(SinkConfig.Files.class::isInstance)
            .map(sink -> Path.of(((SinkConfig.Files) sink).settings().path()))
            .findFirst()
            .orElseThrow();
    Path folder = Files.createDirectories(found.resolve("alerts/2025/01/15/10"));
    Files.write(folder.resolve("part-0.jsonl"), alerts.stream().map(this::json).toList());
    Files.writeString(folder.resolve(".part-1.inprogress"), "half a li");
    Path dead = Files.createDirectories(found.resolve("dead-letters/undated"));
    Files.writeString(dead.resolve("part-0.jsonl"), "{}\n".repeat(deadLetters));
    Path input = Path.of(((SourceConfig.Files) config.source()).path());
    long lines = Files.readAllLines(input.resolve("events.jsonl")).size();
    Path reports = Files.createDirectories(found.resolve("reports/2025/01/15/10"));
    Files.writeString(
        reports.resolve("part-0.jsonl"), ledger(1, lines / 2, 0) + ledger(2, lines, lost));
    if (interrupted) {
      throw new IllegalStateException("as Ctrl-C, the folder stays as it is");
    }
    return OptionalLong.of(lines);
  }

  private static String ledger(int revision, long received, long lost) {
    long counted = received - lost - 20 - 3 - 7;
    return """
        {"event.action":"ledger","rule.name":"floods","Atalaya.revision":%d,"Atalaya.received":%d,\
        "Atalaya.counted":%d,"Atalaya.late":20,"Atalaya.skewed":3,"Atalaya.rejected":7}
        """
        .formatted(revision, received, counted);
  }

  private String json(Planted alert) {
    Object start = Instant.ofEpochMilli(alert.windowStartMillis());
    String format =
        nested
            ? "{'event':{'start':'%s','action':'%s'},'rule':{'name':'%s'},"
                + "'Atalaya':{'key':'%s','direction':'%s'}}"
            : "{'event.start':'%s','event.action':'%s','rule.name':'%s',"
                + "'Atalaya.key':'%s','Atalaya.direction':'%s'}";
    return format
        .formatted(start, alert.action(), alert.detector(), alert.key(), alert.direction())
        .replace('\'', '"');
  }

  @Test
  void findingEverythingIsExitCode0() {
    assertThat(demo()).isEqualTo(0);
    assertThat(out.toString())
        .contains(
            """
              window (UTC)       detector        key            finding  found
              10:01:30–10:01:40  floods          203.0.113.66   grew     yes
              10:01:30–10:01:40  floods          203.0.113.66   heavy    yes
              10:01:40–10:01:50  floods          203.0.113.66   heavy    yes
              10:01:50–10:02:00  floods          203.0.113.66   fell     yes
              10:02:50–10:03:00  scans           198.51.100.77  grew     yes
              10:02:50–10:03:00  scans           198.51.100.77  heavy    yes
              10:03:00–10:03:10  scans           198.51.100.77  fell     yes
              10:03:50–10:04:00  silent-sensors  192.0.2.208    fell     yes

            29,684 lines = 29,654 counted + 20 late + 3 too far ahead + 7 broken: every line is accounted for.
            All 8 anomalies were found, and nothing else was reported.
            """);
  }

  @Test
  void documentsMayNestTheirFields() {
    nested = true;
    assertThat(demo()).isEqualTo(0);
  }

  @Test
  void missingOneIsExitCode4() {
    alerts.remove(3);
    assertThat(demo()).isEqualTo(4);
    assertThat(out.toString())
        .contains("10:01:50–10:02:00  floods          203.0.113.66   fell     NO")
        .contains("7 of 8 anomalies were found; 0 reports were not planted.");
  }

  @Test
  void findingOneTwiceIsExitCode4() {
    alerts.add(alerts.get(0));
    assertThat(demo()).isEqualTo(4);
    assertThat(out.toString()).contains("8 of 8 anomalies were found; 1 reports were not planted.");
  }

  @Test
  void aHostileKeyIsShownEscaped() {
    alerts.add(
        new Planted(SampleStream.START_MILLIS, "floods", "\\u001b[2J", Planted.HEAVY_HITTER, null));
    assertThat(demo()).isEqualTo(4);
    assertThat(out.toString()).contains("\\x1b[2J").doesNotContain("\u001b");
  }

  @Test
  void aBrokenLineThatWasCountedIsExitCode4() {
    deadLetters--;
    assertThat(demo()).isEqualTo(4);
    assertThat(out.toString()).contains("The accounts are wrong: 29,684 lines, 6 dead letters");
  }

  @Test
  void aLineThatWasLostIsExitCode4() {
    lost = 1;
    assertThat(demo()).isEqualTo(4);
    assertThat(out.toString()).contains("The accounts are wrong");
  }

  @Test
  void whatIsKeptStaysAndIsNotOverwritten() throws IOException {
    Path kept = dir.resolve("it's: #1 ñ");
    assertThat(demo("--keep", kept.toString())).isEqualTo(0);
    assertThat(kept.resolve("input/events.jsonl")).isNotEmptyFile();
    assertThat(kept.resolve("found/alerts")).isNotEmptyDirectory();
    assertThat(demo("--keep", kept.toString())).isEqualTo(2);
    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            """
            --keep: there is a demo in DIR already: use it as it is, remove it (rm -r DIR), or name another folder
            see ./atalaya demo --help
            """
                .replace("DIR", kept.toString()));
  }

  @Test
  void anInterruptedDemoIsBegunAnew() throws IOException {
    interrupted = true;
    assertThat(demo("--keep", dir.toString())).isEqualTo(1);
    assertThat(dir.resolve("found/alerts")).isNotEmptyDirectory();
    interrupted = false;
    assertThat(demo("--keep", dir.toString())).isEqualTo(0);
    assertThat(demo("--keep", dir.toString())).isEqualTo(2);
  }

  @Test
  void whatCannotBeAFolderIsRefused() throws IOException {
    Path file = Files.createFile(dir.resolve("access.log"));
    assertThat(demo("--keep", file.toString())).isEqualTo(2);
    assertThat(demo("--keep", file.resolve("foo").toString())).isEqualTo(2);
    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            """
            --keep: FILE is no folder
            see ./atalaya demo --help
            --keep: FILE/foo cannot be made
            see ./atalaya demo --help
            """
                .replace("FILE", file.toString()));
  }

  @Test
  void aPersonGetsTheDashboardUntilEnter() {
    terminal = true;
    InputStream machines = System.in;
    System.setIn(new ByteArrayInputStream("not yet\n".getBytes(UTF_8)));
    try {
      assertThat(demo()).isEqualTo(0);
    } finally {
      System.setIn(machines);
    }
    assertThat(out.toString())
        .containsPattern("Dashboard: http://127.0.0.1:\\d+/\n")
        .containsPattern(
            "The dashboard goes on at http://127.0.0.1:\\d+/ until Enter or Ctrl-C.\n$");
  }

  @Test
  void whatIsKeptIsFinishedBeforeEnter() {
    terminal = true;
    Path mark = dir.resolve(".unfinished-demo");
    boolean[] wasUnfinished = {true};
    InputStream machines = System.in;
    System.setIn(
        new InputStream() {
          @Override
          public int read() {
            wasUnfinished[0] = Files.exists(mark);
            return -1;
          }

          @Override
          public int read(byte[] bytes, int offset, int length) {
            return read();
          }
        });
    try {
      assertThat(demo("--keep", dir.toString())).isEqualTo(0);
    } finally {
      System.setIn(machines);
    }
    assertThat(wasUnfinished[0]).isFalse();
    assertThat(demo("--keep", dir.toString())).isEqualTo(2);
  }

  @Test
  void itCanDoWithoutTheDashboard() {
    terminal = true;
    assertThat(demo("--no-dashboard")).isEqualTo(0);
    assertThat(out.toString()).doesNotContain("http://");
  }

  @Test
  void itSpeaksSpanish() {
    language = "es";
    assertThat(demo()).isEqualTo(0);
    assertThat(out.toString()).contains("Se encontraron las 8 anomalías");
  }
}
