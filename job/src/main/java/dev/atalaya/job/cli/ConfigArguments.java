package dev.atalaya.job.cli;

import dev.atalaya.job.config.ConfigLoader;
import dev.atalaya.job.config.JobConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The arguments that name a configuration and change parts of it. */
final class ConfigArguments {

  @Parameters(paramLabel = "CONFIG", description = "A configuration file (YAML).")
  private Path file;

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
      description = "Of what is shown: en or es (default: the machine's).")
  private Language language;

  /** Loads it; warnings are printed. */
  JobConfig load(Map<String, String> env, PrintWriter err) {
    List<String> all = new ArrayList<>(settings);
    if (parallelism != null) {
      all.add("parallelism=" + parallelism);
    }
    return ConfigLoader.load(file, env, all, warning -> err.println("warning: " + warning));
  }

  Path file() {
    return file;
  }

  /** Null when none was given. */
  Language language() {
    return language;
  }
}
