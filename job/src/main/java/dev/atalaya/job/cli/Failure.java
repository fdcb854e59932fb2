package dev.atalaya.job.cli;

import dev.atalaya.connectors.BrokerRefusedException;
import dev.atalaya.job.config.ConfigException;
import dev.atalaya.job.config.ConfigProblem;
import dev.atalaya.job.config.Printable;
import dev.atalaya.job.publish.OutputClosedException;
import java.io.PrintWriter;
import java.net.BindException;
import java.nio.file.FileSystemException;
import java.util.List;

/**
 * Why a command failed, in the words of the innermost cause: what wraps it are stations of the
 * engine.
 */
record Failure(int exitCode, List<String> lines, Throwable cause) {

  static Failure of(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConfigException refused) {
        return new Failure(
            ExitCode.REFUSED,
            refused.problems().stream().map(ConfigProblem::toString).toList(),
            thrown);
      }
      if (cause instanceof UnreachableException unreachable) {
        return new Failure(ExitCode.ENVIRONMENT, List.of(unreachable.getMessage()), thrown);
      }
      if (cause instanceof BrokerRefusedException) {
        return new Failure(
            ExitCode.BROKER_REFUSED, List.of(Printable.escape(cause.getMessage())), thrown);
      }
      if (cause instanceof OutputClosedException) {
        return new Failure(ExitCode.ENVIRONMENT, List.of(cause.getMessage()), thrown);
      }
      if (cause instanceof BindException) {
        // The outermost says where, if somebody knew.
        String what = Printable.escape(String.valueOf(thrown.getMessage()));
        return new Failure(
            ExitCode.ENVIRONMENT,
            List.of("port in use: " + what, "find its owner: ss -tulnp, or choose another port"),
            thrown);
      }
    }
    return new Failure(
        ExitCode.JOB_FAILED, List.of("the job failed: " + innermost(thrown)), thrown);
  }

  private static String innermost(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = cause.getMessage();
    String type = cause.getClass().getSimpleName();
    if (cause instanceof FileSystemException file && file.getReason() == null) {
      // Its message is the file's name alone.
      return Printable.escape(type + ": " + message);
    }
    return Printable.escape(message == null || message.isBlank() ? type : message);
  }

  /**
   * @return the exit code
   */
  int print(PrintWriter err, boolean verbose) {
    lines.forEach(err::println);
    if (verbose) {
      cause.printStackTrace(err);
    } else if (exitCode == ExitCode.JOB_FAILED) {
      err.println("with --verbose: the stack trace");
    }
    err.flush();
    return exitCode;
  }
}
