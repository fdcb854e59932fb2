package dev.atalaya.job.cli;

import dev.atalaya.connectors.files.FileSinkSettings;
import dev.atalaya.job.config.ConfigLoader;
import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.config.Printable;
import dev.atalaya.job.config.SinkConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code atalaya dashboard}: shows what the sinks of a configuration hold, and what comes. */
@Command(
    name = "dashboard",
    description =
        "Show in a browser what a job has found and finds: follows what it writes to its sinks.",
    mixinStandardHelpOptions = true,
    versionProvider = AtalayaCommand.Version.class,
    sortOptions = false)
final class DashboardCommand implements Callable<Integer> {

  private static final int MAX_WINDOWS = 100_000;

  /** As browsers write it. */
  private static final Pattern ORIGIN = Pattern.compile("https?://[^/?#@\\s]+");

  private final CommandContext context;

  @Spec private CommandSpec spec;

  @Option(
      names = "--from",
      paramLabel = "CONFIG",
      required = true,
      description =
          "The configuration of the job, whose sinks are followed: files, Kafka, Elasticsearch,"
              + " OpenSearch; or the directory of a files sink.")
  private Path from;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set a key of the configuration, whatever the file says.")
  private List<String> keys = new ArrayList<>();

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "" + DashboardOptions.DEFAULT_PORT,
      description = "To listen on; 0 for a free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      defaultValue = DashboardOptions.LOOPBACK,
      description =
          "To listen on; 0.0.0.0 is open to the network, without a password (default:"
              + " ${DEFAULT-VALUE}).")
  private String bind;

  @Option(
      names = "--host",
      paramLabel = "NAME",
      description = "Another name by which browsers may call it, such as of a proxy.")
  private Set<String> hosts = new HashSet<>();

  @Option(
      names = "--allow-origin",
      paramLabel = "URL",
      description =
          "Another page that may read the API, such as http://localhost:3000 (default: none).")
  private Set<String> origins = new HashSet<>();

  @Option(
      names = "--detector",
      paramLabel = "NAME",
      description = "What is shown first (default: the first detector that is met).")
  private String detector;

  @Option(
      names = "--windows",
      paramLabel = "N",
      defaultValue = "" + DashboardOptions.DEFAULT_WINDOWS,
      description = "How many of each detector are remembered (default: ${DEFAULT-VALUE}).")
  private int windows;

  @Option(
      names = "--language",
      paramLabel = "LANGUAGE",
      description = "Of what is told here: en or es (default: the machine's).")
  private Language language;

  DashboardCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!context.ownProcess()) {
      throw refused("the dashboard is not in the jar for clusters; run ./atalaya dashboard");
    }
    if (windows < 1 || windows > MAX_WINDOWS) {
      throw refused("--windows must be 1 to " + MAX_WINDOWS + ", got " + windows);
    }
    for (String origin : origins) {
      if (!ORIGIN.matcher(origin).matches()) {
        throw refused("--allow-origin must be like http://localhost:3000, got " + origin);
      }
    }
    PrintWriter out = spec.commandLine().getOut();
    Messages messages = new Messages(Language.orMachines(language));
    try (Dashboard dashboard = start(sinks())) {
      out.println(messages.text("dashboard.at", dashboard.uri().toString()));
      out.println(messages.text("dashboard.end"));
      out.flush();
      new CountDownLatch(1).await();
    }
    return ExitCode.OK;
  }

  private Dashboard start(List<SinkConfig> sinks) throws IOException {
    try {
      return Dashboard.start(
          sinks, new DashboardOptions(bind, port, hosts, origins, detector, windows));
    } catch (IllegalArgumentException e) {
      throw refused("--" + e.getMessage());
    }
  }

  private List<SinkConfig> sinks() {
    if (Files.isDirectory(from)) {
      return List.of(new SinkConfig.Files(new FileSinkSettings(from.toString(), 0, 0)));
    }
    PrintWriter err = spec.commandLine().getErr();
    JobConfig config =
        ConfigLoader.load(from, context.env(), keys, warning -> err.println("warning: " + warning));
    FollowedSinks.requireAny(config.sinks(), from.toString(), spec.commandLine());
    List<String> detectors = config.detectors().stream().map(DetectorConfig::name).toList();
    if (detector != null && !detectors.contains(detector)) {
      throw refused(
          "--detector must be one of "
              + Printable.escape(String.join(", ", detectors) + ", got " + detector));
    }
    return config.sinks();
  }

  private ParameterException refused(String reason) {
    return new ParameterException(spec.commandLine(), reason);
  }
}
