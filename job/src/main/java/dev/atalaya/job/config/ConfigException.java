package dev.atalaya.job.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration was refused; says everything that is wrong with it, not the first thing only. */
public final class ConfigException extends RuntimeException {

  private final transient List<ConfigProblem> problems;

  public ConfigException(List<ConfigProblem> problems) {
    super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** At least one, in the order of the file. */
  public List<ConfigProblem> problems() {
    return problems;
  }
}
