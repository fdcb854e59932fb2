package dev.atalaya.job.cli;

import dev.atalaya.job.config.JobConfig;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code atalaya validate CONFIG}. */
@Command(
    name = "validate",
    description = "Check a configuration and say what it will do; nothing is started.",
    mixinStandardHelpOptions = true,
    versionProvider = AtalayaCommand.Version.class,
    sortOptions = false)
final class ValidateCommand implements Callable<Integer> {

  private final CommandContext context;

  @Spec private CommandSpec spec;
  @Mixin private ConfigArguments arguments;

  ValidateCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    JobConfig config = arguments.load(context.env(), spec.commandLine().getErr());
    Preflight.checkTransactions(config);
    Messages messages = new Messages(Language.orMachines(arguments.language()));
    out.print(new Explanation(config, messages).text());
    out.flush();
    return ExitCode.OK;
  }
}
