package dev.atalaya.job.cli;

import dev.atalaya.capture.Capture;
import dev.atalaya.capture.CaptureSettings;
import dev.atalaya.capture.publish.Publisher;
import dev.atalaya.job.config.ConfigLoader;
import dev.atalaya.job.config.Printable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code atalaya capture CONFIG}: takes events and puts them into a queue, until it is ended. */
@Command(
    name = "capture",
    description = "Take events from outside, and put them into Kafka or RabbitMQ.",
    mixinStandardHelpOptions = true,
    versionProvider = AtalayaCommand.Version.class,
    sortOptions = false)
final class CaptureCommand implements Callable<Integer> {

  private static final long EVERY_MILLIS = 10_000;
  private static final long LOOK_MILLIS = 250;

  /** A connection takes a moment. */
  private static final long PATIENCE_MILLIS = 1_500;

  private final CommandContext context;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "CONFIG", description = "A configuration of what is captured (YAML).")
  private Path file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set a key, whatever the file says, such as capture.http.port=8080.")
  private List<String> keys = new ArrayList<>();

  @Option(
      names = "--language",
      paramLabel = "LANGUAGE",
      description = "Of what is told here: en or es (default: the machine's).")
  private Language language;

  CaptureCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    if (!context.ownProcess()) {
      throw new ParameterException(
          spec.commandLine(), "capture runs beside a cluster, not on it; run ./atalaya capture");
    }
    PrintWriter err = spec.commandLine().getErr();
    CaptureSettings settings =
        ConfigLoader.loadCapture(
            file, context.env(), keys, warning -> err.println("warning: " + warning));
    Messages messages = new Messages(Language.orMachines(language));
    try (Capture capture = start(settings)) {
      Thread hook = new Thread(() -> end(capture, messages), "capture-end");
      Runtime.getRuntime().addShutdownHook(hook);
      for (String way : capture.ways()) {
        say(messages.text("capture.way", Printable.escape(way)));
      }
      say(messages.text("produce.to", Printable.escape(settings.publish().describe())));
      watch(capture, messages);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ExitCode.OK;
  }

  private static Capture start(CaptureSettings settings) throws IOException, UnreachableException {
    try {
      return Capture.start(settings);
    } catch (FileSystemException e) {
      // The message of the others is the name of the file alone.
      throw new UnreachableException(
          Printable.escape(
              e.getClass().equals(FileSystemException.class) ? e.getMessage() : e.toString()));
    }
  }

  /** Tells how far it is, when it has changed, until the process is ended. */
  private void watch(Capture capture, Messages messages) throws Exception {
    Publisher.Counts told = new Publisher.Counts(0, 0, 0, 0);
    boolean wasAway = false;
    for (long passed = LOOK_MILLIS; ; passed += LOOK_MILLIS) {
      throwIfRefused(capture);
      String reason = capture.awayBecause();
      if (reason != null && !wasAway && passed > PATIENCE_MILLIS) {
        say(messages.text("produce.away", Printable.escape(reason)));
        wasAway = true;
      } else if (reason == null && wasAway) {
        say(messages.text("capture.back"));
        wasAway = false;
      }
      Publisher.Counts now = capture.counts();
      if (passed % EVERY_MILLIS == 0 && !now.equals(told)) {
        say(
            messages.text(
                "capture.progress",
                now.published(),
                (now.published() - told.published()) / (EVERY_MILLIS / 1_000),
                now.confirmed(),
                now.unconfirmed()));
        told = now;
      }
      if (capture.isDone()) {
        say(messages.text("capture.done", now.published(), now.confirmed()));
        return;
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
  }

  /** Ends it, and tells what the queue had not confirmed by then. */
  private void end(Capture capture, Messages messages) {
    long failed = capture.counts().failed();
    capture.close();
    long givenUp = capture.counts().failed() - failed;
    if (givenUp > 0) {
      say(messages.text("capture.given-up", givenUp));
    }
  }

  private static void throwIfRefused(Capture capture) throws Exception {
    try {
      capture.connected().get(0, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // Not yet; it is waited for.
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private void say(String text) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(text);
    err.flush();
  }
}
