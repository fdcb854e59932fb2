package dev.atalaya.job.cli;

import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.config.Printable;
import dev.atalaya.job.config.SinkConfig;
import dev.atalaya.job.config.SourceConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.Stack;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code atalaya run CONFIG}, or {@code atalaya run --input FILE}. */
@Command(
    name = "run",
    description = "Run a job: here, or on the cluster when submitted with 'flink run'.",
    mixinStandardHelpOptions = true,
    versionProvider = AtalayaCommand.Version.class,
    sortOptions = false)
final class RunCommand implements Callable<Integer> {

  private final CommandContext context;

  @Spec private CommandSpec spec;
  @Mixin private RunArguments arguments;

  @Option(
      names = "--restore",
      paramLabel = "PATH",
      description =
          "Go on from a savepoint, a checkpoint, or the newest checkpoint in a directory. On a"
              + " cluster: flink run -s.")
  private Path restore;

  @Option(
      names = "--dashboard",
      paramLabel = "PORT",
      arity = "0..1",
      fallbackValue = "" + DashboardOptions.DEFAULT_PORT,
      parameterConsumer = PortConsumer.class,
      description =
          "Show meanwhile what is found in a browser, at 8080 or this port; follows the sinks, so"
              + " one must be files, kafka, elasticsearch or opensearch.")
  private Integer dashboardPort;

  RunCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    try (RunArguments given = arguments) {
      return run(given.load(context.env(), spec.commandLine()));
    }
  }

  private int run(JobConfig loaded) throws Exception {
    JobConfig config = withConsole(loaded, arguments.language(), context.terminal());
    if (!context.ownProcess()) {
      // The cluster may reach what this machine does not.
      if (restore != null) {
        throw new ParameterException(
            spec.commandLine(), "--restore is for runs on this machine; use 'flink run -s PATH'");
      }
      if (dashboardPort != null) {
        throw new ParameterException(
            spec.commandLine(),
            "--dashboard is for runs on this machine; use ./atalaya dashboard --from CONFIG");
      }
      if (config.source() instanceof SourceConfig.Capture) {
        // Who sends must know where, and files are on one machine.
        throw new ParameterException(
            spec.commandLine(),
            "source.capture listens and follows on this machine, not on a cluster; before a"
                + " cluster, run ./atalaya capture with Kafka or RabbitMQ between");
      }
      context.runner().run(config, null);
      return ExitCode.OK;
    }
    if (dashboardPort != null) {
      FollowedSinks.requireAny(config.sinks(), config.name(), spec.commandLine());
    }
    Preflight.check(config);
    Path from = restore == null ? null : restorePoint();
    CheckpointLock lock = CheckpointLock.take(config);
    PrintWriter err = spec.commandLine().getErr();
    Messages messages = new Messages(Language.orMachines(arguments.language()));
    OptionalLong counted;
    boolean silent = config.sinks().stream().noneMatch(SinkConfig.Console.class::isInstance);
    try {
      if (silent) {
        err.println(messages.text("run.begins", config.source().system(), targets(config)));
        err.flush();
      }
      counted =
          dashboardPort == null
              ? context.runner().run(config, from)
              : runWithDashboard(config, from, messages);
    } finally {
      lock.close();
    }
    if (from == null && counted.equals(OptionalLong.of(0))) {
      err.println(messages.text("run.nothing"));
      err.flush();
    }
    if (silent) {
      err.println(messages.text("run.ended", targets(config)));
      err.flush();
    }
    return ExitCode.OK;
  }

  private OptionalLong runWithDashboard(JobConfig config, Path from, Messages messages)
      throws Exception {
    PrintWriter err = spec.commandLine().getErr();
    OptionalLong counted;
    try (Dashboard dashboard =
        Dashboard.start(config.sinks(), DashboardOptions.loopback(dashboardPort))) {
      err.println(messages.text("dashboard.at", dashboard.uri().toString()));
      err.flush();
      counted = context.runner().run(config, from);
    }
    err.println(messages.text("dashboard.again", arguments.file().toString()));
    err.flush();
    return counted;
  }

  /** Takes what follows an equals sign, or a number; else the word is another argument. */
  static final class PortConsumer implements IParameterConsumer {

    @Override
    public void consumeParameters(Stack<String> args, ArgSpec option, CommandSpec command) {
      boolean isGiven = !args.isEmpty() && args.peek().matches("\\d+");
      String port = isGiven ? args.pop() : ((OptionSpec) option).fallbackValue();
      int number = port.length() > 5 ? Integer.MAX_VALUE : Integer.parseInt(port);
      if (number > 65_535) {
        throw new ParameterException(
            command.commandLine(), "--dashboard must be a port, 0 to 65535, got " + port);
      }
      option.setValue(number);
    }
  }

  private static String targets(JobConfig config) {
    return config.sinks().stream()
        .map(
            sink ->
                sink instanceof SinkConfig.Files files ? files.settings().path() : sink.system())
        .map(Printable::escape)
        .collect(Collectors.joining(", "));
  }

  private Path restorePoint() throws IOException {
    try {
      return RestorePoint.newestIn(restore);
    } catch (NoSuchFileException e) {
      String reason = e.getReason() == null ? "does not exist" : e.getReason();
      throw new ParameterException(
          spec.commandLine(), "--restore: " + Printable.escape(restore.toString()) + " " + reason);
    }
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
        config.labels(),
        config.rules());
  }

  private static SinkConfig withConsole(SinkConfig sink, Language language, boolean color) {
    return sink instanceof SinkConfig.Console console
        ? new SinkConfig.Console(
            language == null ? console.language() : language.code(), color || console.color())
        : sink;
  }
}
