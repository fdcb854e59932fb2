package dev.atalaya.job.cli;

import dev.atalaya.job.AtalayaJob;
import java.util.stream.Stream;
import picocli.CommandLine.Help.Ansi;

/**
 * The main class, of {@code ./atalaya} and of {@code flink run} alike.
 *
 * <p>In a process of its own it ends with an exit code. Called by Flink's client it must not end
 * the process, which goes on after main: it returns when all is well and throws when not.
 */
public final class Main {

  private Main() {}

  public static void main(String[] args) throws CommandFailedException {
    boolean ownProcess = isEntryPoint();
    CommandContext context =
        new CommandContext(
            AtalayaJob::execute, System.getenv(), ownProcess, ownProcess && Ansi.AUTO.enabled());
    int code = AtalayaCommand.create(context).execute(args);
    if (ownProcess) {
      System.exit(code);
    }
    if (code != ExitCode.OK) {
      throw new CommandFailedException(code);
    }
  }

  /** Whether the thread began in this class, as it does when Java itself was told to run it. */
  private static boolean isEntryPoint() {
    return StackWalker.getInstance()
        .walk(frames -> isMain(frames.reduce((above, below) -> below).stream()));
  }

  private static boolean isMain(Stream<StackWalker.StackFrame> frames) {
    return frames.anyMatch(frame -> frame.getClassName().equals(Main.class.getName()));
  }

  /** Tells Flink's client that a command failed; the reason has been printed already. */
  public static final class CommandFailedException extends Exception {

    CommandFailedException(int exitCode) {
      super("atalaya ended with exit code " + exitCode + "; the reason is printed above");
    }
  }
}
