package dev.atalaya.job.cli;

import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.config.SinkConfig;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code atalaya run CONFIG}. */
@Command(
    name = "run",
    description = "Run a job: here, or on the cluster when submitted with 'flink run'.",
    mixinStandardHelpOptions = true,
    versionProvider = AtalayaCommand.Version.class,
    sortOptions = false)
final class RunCommand implements Callable<Integer> {

  private final CommandContext context;

  @Spec private CommandSpec spec;
  @Mixin private ConfigArguments arguments;

  RunCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    JobConfig loaded = arguments.load(context.env(), spec.commandLine().getErr());
    JobConfig config = withConsole(loaded, arguments.language(), context.terminal());
    if (!context.ownProcess()) {
      // The cluster may reach what this machine does not.
      context.runner().run(config);
      return ExitCode.OK;
    }
    Preflight.check(config);
    CheckpointLock lock = CheckpointLock.take(config);
    try {
      context.runner().run(config);
    } finally {
      lock.close();
    }
    return ExitCode.OK;
  }

  /** Consoles in the language of the command line, and in colour when a person looks at them. */
  static JobConfig withConsole(JobConfig config, Language language, boolean color) {
    return new JobConfig(
        config.name(),
        config.source(),
        config.format(),
        config.time(),
        config.detectors(),
        config.sinks().stream().map(sink -> withConsole(sink, language, color)).toList(),
        config.runtime(),
        config.ecsFields(),
        config.labels());
  }

  private static SinkConfig withConsole(SinkConfig sink, Language language, boolean color) {
    return sink instanceof SinkConfig.Console console
        ? new SinkConfig.Console(
            language == null ? console.language() : language.code(), color || console.color())
        : sink;
  }
}
