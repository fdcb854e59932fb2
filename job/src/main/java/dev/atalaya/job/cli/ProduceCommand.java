package dev.atalaya.job.cli;

import dev.atalaya.connectors.files.LineReader;
import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.config.Printable;
import dev.atalaya.job.produce.Destination;
import dev.atalaya.job.produce.Pacer;
import dev.atalaya.job.produce.Production;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code atalaya produce CONFIG}: writes events into what the configuration's job reads. */
@Command(
    name = "produce",
    description = "Write the lines of a file, or made-up events, into Kafka or RabbitMQ.",
    mixinStandardHelpOptions = true,
    versionProvider = AtalayaCommand.Version.class,
    sortOptions = false)
final class ProduceCommand implements Callable<Integer> {

  private static final String STANDARD_INPUT = "-";

  /** Longer lines no broker takes as messages. */
  private static final int MAX_LINE_BYTES = 128 * 1024 * 1024;

  private static final double MAX_RATE = 10_000_000;

  /** AMQP has 255 bytes for an id; the rest is for the number. */
  private static final int MAX_PREFIX_BYTES = 235;

  private final CommandContext context;

  @Spec private CommandSpec spec;
  @Mixin private ConfigArguments arguments;

  @ArgGroup(multiplicity = "1")
  private From from;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Of --sample: another seed, another stream (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = {"--queue", "--topic"},
      paramLabel = "NAME",
      description = "Where to, when the job reads several.")
  private String name;

  @Option(
      names = "--rate",
      paramLabel = "R",
      description = "Events per second (default: as fast as the broker takes them).")
  private Double rate;

  @Option(
      names = "--id-prefix",
      paramLabel = "PREFIX",
      description =
          "Event 7 has the id PREFIX-7. The same ids again are duplicates to a job that knows"
              + " messages by id (default: the file's name).")
  private String idPrefix;

  /** Where events come from. */
  private static final class From {

    @Option(
        names = "--input",
        paramLabel = "FILE",
        description = "A file, plain or gzip, one event per line; - for standard input.")
    private String input;

    @Option(
        names = "--sample",
        paramLabel = "N",
        description = "About N events of the stream that the demo watches.")
    private Long sample;
  }

  /** What can be sent line by line. */
  @FunctionalInterface
  private interface Events {
    void sendTo(Production production) throws Exception;
  }

  ProduceCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    if (rate != null && !(rate > 0 && rate <= MAX_RATE)) {
      throw new ParameterException(
          spec.commandLine(), "--rate must be above 0 and at most 10000000, got " + rate);
    }
    Events events = from.input == null ? sample() : lines();
    String prefix = idPrefix();
    Pacer pacer = new Pacer(rate == null ? 0 : rate);
    JobConfig config = arguments.load(context.env(), spec.commandLine().getErr());
    Destination destination = destination(config);
    ProduceReport report =
        new ProduceReport(
            spec.commandLine().getErr(), new Messages(Language.orMachines(arguments.language())));
    report.open(
        config.source().system() + ": " + Printable.escape(destination.name()),
        context.ownProcess());
    try {
      Production production = new Production(destination.open(report), prefix, pacer);
      report.watch(production);
      try {
        events.sendTo(production);
        production.finish();
      } finally {
        production.end();
      }
    } catch (InterruptedException e) {
      // The process was told to end; the report says how far it came.
      Thread.currentThread().interrupt();
      return ExitCode.JOB_FAILED;
    } finally {
      report.close();
    }
    return ExitCode.OK;
  }

  private Destination destination(JobConfig config) {
    try {
      return Destination.of(config.source(), name);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), Printable.escape(e.getMessage()), e);
    }
  }

  private String idPrefix() {
    String prefix = chosenPrefix();
    int bytes = prefix.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_PREFIX_BYTES) {
      throw new ParameterException(
          spec.commandLine(),
          (idPrefix == null ? "--id-prefix is needed: the file's name" : "--id-prefix")
              + " must be at most "
              + MAX_PREFIX_BYTES
              + " bytes long for ids, got "
              + bytes);
    }
    return prefix;
  }

  private String chosenPrefix() {
    if (idPrefix != null) {
      return idPrefix;
    }
    if (from.input == null) {
      return "sample-" + seed;
    }
    return from.input.equals(STANDARD_INPUT)
        ? "stdin"
        : Path.of(from.input).getFileName().toString();
  }

  private Events sample() {
    if (from.sample < SampleStream.MIN_EVENTS || from.sample > 1_000_000_000) {
      throw new ParameterException(
          spec.commandLine(),
          "--sample must be " + SampleStream.MIN_EVENTS + " to 1000000000, got " + from.sample);
    }
    return production ->
        new SampleStream(from.sample, seed)
            .forEachLine(line -> production.produce(line.getBytes(StandardCharsets.UTF_8)));
  }

  private Events lines() throws UnreachableException {
    if (!from.input.equals(STANDARD_INPUT) && !Files.isReadable(Path.of(from.input))) {
      throw new UnreachableException(
          "--input: there is no file " + Printable.escape(from.input) + " that can be read");
    }
    return production -> {
      try (LineReader reader = reader()) {
        for (byte[] line = reader.next(); line != null; line = reader.next()) {
          production.produce(line);
        }
      } catch (IOException e) {
        throw new UnreachableException("--input: " + Printable.escape(e.getMessage()));
      }
    };
  }

  private LineReader reader() throws IOException {
    return from.input.equals(STANDARD_INPUT)
        ? LineReader.of(System.in, MAX_LINE_BYTES)
        : LineReader.of(Path.of(from.input), MAX_LINE_BYTES);
  }
}
