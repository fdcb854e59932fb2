package dev.atalaya.job.cli;

import dev.atalaya.job.TemporaryFolder;
import dev.atalaya.job.config.ConfigLoader;
import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.config.Printable;
import dev.atalaya.job.config.Units;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code atalaya demo}: plants anomalies, runs a job over them, and checks what it found. */
@Command(
    name = "demo",
    description = "Watch a made-up stream with planted anomalies, and check that all are found.",
    mixinStandardHelpOptions = true,
    versionProvider = AtalayaCommand.Version.class,
    sortOptions = false)
final class DemoCommand implements Callable<Integer> {

  private static final String INPUT = "input";
  private static final String FOUND = "found";

  /** Is there while a demo that is kept runs, and stays when it is interrupted. */
  private static final String UNFINISHED = ".unfinished-demo";

  private final CommandContext context;

  /** Where nothing is kept; else null. */
  private TemporaryFolder temporary;

  @Spec private CommandSpec spec;

  @Option(
      names = "--events",
      paramLabel = "N",
      defaultValue = "200000",
      description = "About how many events (default: ${DEFAULT-VALUE}).")
  private long events;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Another seed, another stream (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--language",
      paramLabel = "LANGUAGE",
      description = "Of what is shown: en or es (default: the machine's).")
  private Language language;

  @Option(
      names = "--keep",
      paramLabel = "DIR",
      description = "A new directory for the events and the documents, which stay there.")
  private Path keep;

  @Option(
      names = "--no-dashboard",
      negatable = true,
      description = "Do not show in a browser, too, what is found.")
  private boolean withDashboard = true;

  DemoCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    if (events < SampleStream.MIN_EVENTS || events > 1_000_000_000) {
      throw new ParameterException(
          spec.commandLine(),
          "--events must be " + SampleStream.MIN_EVENTS + " to 1000000000, got " + events);
    }
    if (keep == null) {
      try (TemporaryFolder folder = TemporaryFolder.create()) {
        temporary = folder;
        return runIn(folder.path());
      }
    }
    prepareKept();
    Files.createFile(keep.resolve(UNFINISHED));
    return runIn(keep);
  }

  /** Makes the folder, or removes what a demo that was interrupted has left in it. */
  private void prepareKept() throws IOException {
    String folder = Printable.escape(keep.toString());
    try {
      Files.createDirectories(keep);
    } catch (FileAlreadyExistsException e) {
      throw refused(folder + " is no folder", e);
    } catch (IOException e) {
      throw refused(folder + " cannot be made", e);
    }
    if (!Files.isWritable(keep)) {
      throw refused("no permission to write in " + folder, null);
    }
    Path input = keep.resolve(INPUT);
    Path found = keep.resolve(FOUND);
    if (Files.deleteIfExists(keep.resolve(UNFINISHED))) {
      TemporaryFolder.delete(input);
      TemporaryFolder.delete(found);
    } else if (Files.exists(input) || Files.exists(found)) {
      throw refused(
          String.format(
              "there is a demo in %1$s already: use it as it is, remove it (rm -r %1$s),"
                  + " or name another folder",
              folder),
          null);
    }
  }

  private ParameterException refused(String reason, Exception cause) {
    return new ParameterException(spec.commandLine(), "--keep: " + reason, cause);
  }

  private int runIn(Path dir) throws Exception {
    long startNanos = System.nanoTime();
    Language spoken = Language.orMachines(language);
    Messages messages = new Messages(spoken);
    PrintWriter out = spec.commandLine().getOut();
    JobConfig config = RunCommand.withConsole(configIn(dir), spoken, context.terminal());

    out.println(messages.text("demo.title"));
    out.println();
    SampleStream stream = new SampleStream(events, seed);
    write(stream, dir.resolve(INPUT));
    long minutes = SampleStream.WINDOWS * SampleStream.WINDOW_MILLIS / 60_000;
    out.println(messages.text("demo.writing", stream.events(), minutes));
    out.println(
        messages.text(
            "demo.running",
            config.detectors().size(),
            Units.formatDuration(SampleStream.WINDOW_MILLIS)));
    out.println();
    out.flush();
    try (Dashboard dashboard = startDashboard(config, messages)) {
      int code = run(config, dir, stream, messages, startNanos);
      if (dashboard != null && context.terminal()) {
        out.println();
        out.println(messages.text("demo.dashboard", dashboard.uri().toString()));
        out.flush();
        awaitEnter(code);
      }
      return code;
    }
  }

  /** Null without one: it is not wanted, or cannot be. */
  private Dashboard startDashboard(JobConfig config, Messages messages) {
    if (!withDashboard || !context.ownProcess()) {
      return null;
    }
    PrintWriter out = spec.commandLine().getOut();
    Dashboard dashboard;
    try {
      dashboard = Dashboard.onFreePort(config.sinks());
    } catch (IOException e) {
      PrintWriter err = spec.commandLine().getErr();
      err.println(messages.text("demo.no-dashboard", Printable.escape(e.getMessage())));
      err.flush();
      return null;
    }
    out.println(messages.text("dashboard.at", dashboard.uri().toString()));
    out.println();
    out.flush();
    return dashboard;
  }

  /** Ctrl-C is an end like Enter, since the demo has finished. */
  private void awaitEnter(int code) throws IOException {
    Thread atCtrlC = new Thread(() -> endAtOnce(code), "demo-end");
    Runtime.getRuntime().addShutdownHook(atCtrlC);
    try {
      awaitEnter();
    } finally {
      try {
        Runtime.getRuntime().removeShutdownHook(atCtrlC);
      } catch (IllegalStateException e) {
        // The process ends already.
      }
    }
  }

  private void endAtOnce(int code) {
    try {
      if (temporary != null) {
        temporary.close();
      }
    } catch (IOException e) {
      // Nobody is left to be told.
    }
    Runtime.getRuntime().halt(code);
  }

  private static void awaitEnter() throws IOException {
    int read = System.in.read();
    while (read >= 0 && read != '\n') {
      read = System.in.read();
    }
  }

  /** Runs the job and checks what it found. */
  private int run(
      JobConfig config, Path dir, SampleStream stream, Messages messages, long startNanos)
      throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    context.runner().run(config, null);

    long lines = stream.events() + SampleStream.BROKEN_LINES.size();
    DemoCheck check = new DemoCheck(lines, FoundDocuments.read(dir.resolve(FOUND)));
    out.println();
    out.print(check.text(messages, context.terminal()));
    out.println(messages.text("demo.seconds", (System.nanoTime() - startNanos) / 1_000_000_000));
    out.println(
        keep == null
            ? messages.text("demo.keep-hint")
            : messages.text("demo.kept", dir.toString()));
    out.flush();
    Files.deleteIfExists(dir.resolve(UNFINISHED));
    return check.passed() ? ExitCode.OK : ExitCode.DEMO_CHECK_FAILED;
  }

  /** The configuration of the examples, with its paths in {@code dir}. */
  static JobConfig configIn(Path dir) throws IOException {
    try (InputStream in = DemoCommand.class.getResourceAsStream("demo.yaml")) {
      String yaml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      List<String> settings =
          List.of(
              "source.files.path=" + quoted(dir.resolve(INPUT)),
              "sinks[1].files.path=" + quoted(dir.resolve(FOUND)));
      return ConfigLoader.parse(yaml, "demo.yaml", Map.of(), settings, warning -> {});
    }
  }

  /** A path as YAML. */
  static String quoted(Path path) {
    return "'" + path.toAbsolutePath().toString().replace("'", "''") + "'";
  }

  private static void write(SampleStream stream, Path input)
      throws IOException, InterruptedException {
    Files.createDirectories(input);
    try (Writer writer = Files.newBufferedWriter(input.resolve("events.jsonl"))) {
      stream.forEachLine(line -> writer.append(line).append('\n'));
    }
  }
}
