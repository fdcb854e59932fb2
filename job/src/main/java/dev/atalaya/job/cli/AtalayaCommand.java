package dev.atalaya.job.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code atalaya}, which only knows its subcommands. */
@Command(
    name = "atalaya",
    description = "Finds heavy and changed keys in event streams, window by window, with bounds.",
    mixinStandardHelpOptions = true,
    versionProvider = AtalayaCommand.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all is well",
      "1:the job failed",
      "2:the command line or the configuration was refused",
      "3:something outside is missing: an input path, a broker, a free port",
      "4:the demo did not find exactly what was planted",
      "5:a broker refused: credentials, a name, a certificate"
    })
final class AtalayaCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show stack traces of errors.")
  private boolean verbose;

  private AtalayaCommand() {}

  /** The whole command line; {@code execute} answers with an {@link ExitCode}. */
  static CommandLine create(CommandContext context) {
    AtalayaCommand root = new AtalayaCommand();
    return new CommandLine(root)
        .addSubcommand(new RunCommand(context))
        .addSubcommand(new ValidateCommand(context))
        .addSubcommand(new DemoCommand(context))
        .addSubcommand(new ProduceCommand(context))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .registerConverter(Language.class, Language::of)
        .setExecutionExceptionHandler(
            (failure, commandLine, parsed) ->
                Failure.of(failure).print(commandLine.getErr(), root.verbose));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Name a command.");
  }

  /** The release this is. */
  static final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
      return new String[] {"atalaya " + dev.atalaya.job.publish.Version.current()};
    }
  }
}
