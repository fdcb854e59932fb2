package dev.atalaya.job.cli;

import dev.atalaya.connectors.search.SearchSettings;
import dev.atalaya.connectors.search.SearchSetup;
import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.config.Printable;
import dev.atalaya.job.config.SinkConfig;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code atalaya setup-search CONFIG}: prepares the stores that the configuration's job writes. */
@Command(
    name = "setup-search",
    description =
        "Prepare Elasticsearch or OpenSearch for a configuration's documents; again and again"
            + " changes nothing.",
    mixinStandardHelpOptions = true,
    versionProvider = AtalayaCommand.Version.class,
    sortOptions = false)
final class SetupSearchCommand implements Callable<Integer> {

  private static final int MAX_DAYS = 36_500;

  private final CommandContext context;

  @Spec private CommandSpec spec;
  @Mixin private ConfigArguments arguments;

  @Option(
      names = "--retention",
      paramLabel = "DAYS",
      defaultValue = "365",
      description =
          "How long the store keeps alerts, reports and ledgers at least (default:"
              + " ${DEFAULT-VALUE}).")
  private int documentDays;

  @Option(
      names = "--retention-dead-letters",
      paramLabel = "DAYS",
      defaultValue = "30",
      description = "How long it keeps dead letters at least (default: ${DEFAULT-VALUE}).")
  private int deadLetterDays;

  SetupSearchCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws UnreachableException {
    checkDays("--retention", documentDays);
    checkDays("--retention-dead-letters", deadLetterDays);
    JobConfig config = arguments.load(context.env(), spec.commandLine().getErr());
    boolean any = false;
    for (int i = 0; i < config.sinks().size(); i++) {
      if (config.sinks().get(i) instanceof SinkConfig.Search search) {
        Preflight.ask(
            "sinks[" + i + "]." + search.system(), () -> setUp(config, search.settings()));
        any = true;
      }
    }
    if (!any) {
      throw new ParameterException(
          spec.commandLine(),
          Printable.escape(config.name()) + " has no sink of Elasticsearch or OpenSearch");
    }
    return ExitCode.OK;
  }

  private void checkDays(String option, int days) {
    if (days < 1 || days > MAX_DAYS) {
      throw new ParameterException(
          spec.commandLine(), option + " must be 1 to " + MAX_DAYS + " days, got " + days);
    }
  }

  private void setUp(JobConfig config, SearchSettings settings) {
    SearchSetup.Result result =
        SearchSetup.run(
            settings,
            config.ecsFields().values(),
            new SearchSetup.Retention(documentDays, deadLetterDays));
    print(settings, result);
  }

  private void print(SearchSettings settings, SearchSetup.Result result) {
    Messages messages = new Messages(Language.orMachines(arguments.language()));
    PrintWriter out = spec.commandLine().getOut();
    String where = Printable.escape(String.join(", ", settings.urls()));
    out.println(messages.text("setup.store", result.store(), where));
    List<String[]> rows = new ArrayList<>();
    boolean changed = false;
    for (SearchSetup.Step step : result.steps()) {
      String part = step.part().name().toLowerCase(Locale.ROOT);
      String outcome = step.outcome().name().toLowerCase(Locale.ROOT);
      boolean skipped = step.outcome() == SearchSetup.Outcome.SKIPPED;
      changed |= !skipped && step.outcome() != SearchSetup.Outcome.UNCHANGED;
      rows.add(
          new String[] {
            messages.text("setup." + part),
            step.name(),
            messages.text("setup." + outcome + (skipped ? "." + part : ""))
          });
    }
    String line = "  %-" + width(rows, 0) + "s  %-" + width(rows, 1) + "s  %s%n";
    rows.forEach(row -> out.printf(Locale.ROOT, line, (Object[]) row));
    out.println(messages.text(changed ? "setup.done" : "setup.nothing"));
    out.flush();
  }

  private static int width(List<String[]> rows, int column) {
    return rows.stream().mapToInt(row -> row[column].length()).max().orElse(1);
  }
}
