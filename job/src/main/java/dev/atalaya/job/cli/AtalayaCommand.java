package dev.atalaya.job.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

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
    CommandLine whole = new CommandLine(root);
    IParameterExceptionHandler withUsage = whole.getParameterExceptionHandler();
    return whole
        .addSubcommand(new RunCommand(context))
        .addSubcommand(new ValidateCommand(context))
        .addSubcommand(new DashboardCommand(context))
        .addSubcommand(new SetupSearchCommand(context))
        .addSubcommand(new DemoCommand(context))
        .addSubcommand(new ProduceCommand(context))
        .addSubcommand(new CaptureCommand(context))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .registerConverter(Language.class, Language::of)
        .setParameterExceptionHandler(
            (refused, arguments) ->
                isAboutUsage(refused)
                    ? withUsage.handleParseException(refused, arguments)
                    : print(refused))
        .setExecutionExceptionHandler(
            (failure, commandLine, parsed) ->
                Failure.of(failure).print(commandLine.getErr(), root.verbose));
  }

  /** Whether words are missing or unknown; else a value is refused, and its reason is enough. */
  private static boolean isAboutUsage(ParameterException refused) {
    return refused instanceof MissingParameterException
        || refused instanceof UnmatchedArgumentException
        || refused.getCommandLine().getParent() == null;
  }

  private static int print(ParameterException refused) {
    CommandLine command = refused.getCommandLine();
    command.getErr().println(refused.getMessage());
    command.getErr().println("see ./" + command.getCommandSpec().qualifiedName() + " --help");
    command.getErr().flush();
    return ExitCode.REFUSED;
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
