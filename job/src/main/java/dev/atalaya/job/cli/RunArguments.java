package dev.atalaya.job.cli;

import dev.atalaya.connectors.files.FileSources;
import dev.atalaya.job.TemporaryFolder;
import dev.atalaya.job.config.ConfigLoader;
import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.config.Printable;
import dev.atalaya.job.config.Units;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/**
 * The arguments of a run: a configuration, an input in the place of its source, or an input alone,
 * which is then read in the format that it looks like and watched for heavy and changed sources.
 */
final class RunArguments extends ConfigOptions implements AutoCloseable {

  private static final String STANDARD_INPUT = "-";

  @Parameters(
      arity = "0..1",
      paramLabel = "CONFIG",
      description = "A configuration file (YAML); with --input it may be left out.")
  private Path file;

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description =
          "Read this file or directory, or standard input (-), in the place of the source. Its"
              + " format is guessed where the configuration names none.")
  private String input;

  /** How capture files begin: pcap in both orders, with micro- and nanoseconds, and pcapng. */
  private static final Set<String> CAPTURES =
      Set.of("d4c3b2a1", "a1b2c3d4", "4d3cb2a1", "a1b23c4d", "0a0d0d0a");

  private TemporaryFolder temporary;

  Path file() {
    return file;
  }

  /** Loads the configuration; warnings, and what was guessed, are printed. */
  JobConfig load(Map<String, String> env, CommandLine commandLine) throws IOException {
    PrintWriter err = commandLine.getErr();
    if (input == null) {
      if (file == null) {
        throw new ParameterException(commandLine, "Missing required parameter: 'CONFIG'");
      }
      return ConfigLoader.load(file, env, settings(), printer(err));
    }
    Path path = input.equals(STANDARD_INPUT) ? standardInput() : Path.of(input);
    String problem = FileSources.check(path.toString());
    if (problem != null) {
      throw new ParameterException(commandLine, "--input: " + Printable.escape(problem));
    }
    List<String> all = new ArrayList<>(settings());
    all.add("source={files: {path: " + DemoCommand.quoted(path) + "}}");
    if (file != null) {
      FormatGuess[] guess = new FormatGuess[1];
      Map<String, Supplier<String>> otherwise = new LinkedHashMap<>();
      otherwise.put(
          "format",
          () -> {
            guess[0] = guess(path, commandLine);
            return guess[0].format();
          });
      // The time goes with the format: of one that is written it is not guessed.
      otherwise.put("time", () -> guess[0] == null ? null : guess[0].time());
      return ConfigLoader.load(file, env, all, otherwise, printer(err));
    }
    FormatGuess found = guess(path, commandLine);
    err.println(
        messages()
            .text(
                "run.default",
                String.join(", ", found.key()),
                Units.formatDuration(found.windowMillis())));
    err.flush();
    return ConfigLoader.parse(found.configuration(), "input.yaml", env, all, printer(err));
  }

  private static boolean isCaptureFile(Path path) {
    if (!Files.isRegularFile(path)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(path)) {
      return CAPTURES.contains(HexFormat.of().formatHex(in.readNBytes(4)));
    } catch (IOException e) {
      return false; // it could be read before
    }
  }

  private FormatGuess guess(Path path, CommandLine commandLine) {
    String shown = Printable.escape(input);
    FormatGuess guess;
    try {
      guess = FormatGuess.of(path);
    } catch (IOException e) {
      throw new ParameterException(
          commandLine,
          "--input: "
              + shown
              + " cannot be read: "
              + Printable.escape(String.valueOf(e.getMessage())),
          e);
    }
    if (guess == null && isCaptureFile(path)) {
      throw new ParameterException(
          commandLine,
          "--input: "
              + shown
              + " is a capture file, which a configuration reads with"
              + " source: { capture: { pcap: { paths: [...] } } }");
    }
    if (guess == null) {
      throw new ParameterException(
          commandLine,
          "--input: "
              + shown
              + " looks like no format that is known: name it in a configuration, or with"
              + " --set 'format={csv: {}}'");
    }
    PrintWriter err = commandLine.getErr();
    err.println(
        messages()
            .text(
                "run.guessed",
                shown,
                guess.name(),
                guess.fitting(),
                guess.records(),
                guess.settings()));
    err.flush();
    return guess;
  }

  private Messages messages() {
    return new Messages(Language.orMachines(language()));
  }

  /** Reads it to its end, since a job reads files. */
  private Path standardInput() throws IOException {
    temporary = TemporaryFolder.create();
    BufferedInputStream in = new BufferedInputStream(System.in);
    in.mark(2);
    boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
    in.reset();
    Path copy = temporary.path().resolve(gzip ? "stdin.gz" : "stdin");
    try (InputStream all = in) {
      Files.copy(all, copy);
    }
    return copy;
  }

  /** Removes what was read from standard input. */
  @Override
  public void close() throws IOException {
    if (temporary != null) {
      temporary.close();
    }
  }
}
