package dev.atalaya.job.cli;

import dev.atalaya.job.config.ConfigException;
import dev.atalaya.job.config.ConfigProblem;
import dev.atalaya.job.config.Place;
import dev.atalaya.job.config.RuntimeConfig;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** The options that change parts of a configuration. */
class ConfigOptions {

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set a key, whatever the file says, such as detectors[0].window=5s.")
  private List<String> settings = new ArrayList<>();

  @Option(
      names = "--parallelism",
      paramLabel = "N",
      description = "Subtasks of each operator, the same as --set parallelism=N.")
  private Integer parallelism;

  @Option(
      names = "--language",
      paramLabel = "LANGUAGE",
      description =
          "Of what is shown: en or es (default: of a run, the configuration's; else the machine's).")
  private Language language;

  /** What was set on the command line, each {@code path=value}. */
  List<String> settings() {
    List<String> all = new ArrayList<>(settings);
    if (parallelism != null) {
      checkParallelism();
      all.add("parallelism=" + parallelism);
    }
    return all;
  }

  static Consumer<ConfigProblem> printer(PrintWriter err) {
    return warning -> err.println("warning: " + warning);
  }

  /** Here, since as a setting it would be told as one that nobody wrote. */
  private void checkParallelism() {
    if (parallelism < 1 || parallelism > RuntimeConfig.MAX_PARALLELISM) {
      String message = "must be 1 to " + RuntimeConfig.MAX_PARALLELISM + ", got " + parallelism;
      throw new ConfigException(
          List.of(new ConfigProblem(new Place("--parallelism", 0), "", message)));
    }
  }

  /** Null when none was given. */
  Language language() {
    return language;
  }
}
