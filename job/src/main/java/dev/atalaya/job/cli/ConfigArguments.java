package dev.atalaya.job.cli;

import dev.atalaya.job.config.ConfigLoader;
import dev.atalaya.job.config.JobConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Parameters;

/** The arguments that name a configuration and change parts of it. */
final class ConfigArguments extends ConfigOptions {

  @Parameters(paramLabel = "CONFIG", description = "A configuration file (YAML).")
  private Path file;

  /** Loads it; warnings are printed. */
  JobConfig load(Map<String, String> env, PrintWriter err) {
    return ConfigLoader.load(file, env, settings(), printer(err));
  }

  Path file() {
    return file;
  }
}
