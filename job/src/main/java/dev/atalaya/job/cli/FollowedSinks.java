package dev.atalaya.job.cli;

import dev.atalaya.job.config.LocalPath;
import dev.atalaya.job.config.Printable;
import dev.atalaya.job.config.SinkConfig;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Which sinks a dashboard can read again. */
final class FollowedSinks {

  private FollowedSinks() {}

  static boolean canFollow(SinkConfig sink) {
    if (sink instanceof SinkConfig.Files files) {
      return LocalPath.of(files.settings().path()) != null;
    }
    return !(sink instanceof SinkConfig.Console);
  }

  static void requireAny(List<SinkConfig> sinks, String from, CommandLine command) {
    if (sinks.stream().noneMatch(FollowedSinks::canFollow)) {
      throw new ParameterException(
          command,
          Printable.escape(from)
              + " has no sink that a dashboard can follow: add one of files (on this machine),"
              + " kafka, elasticsearch or opensearch to its sinks");
    }
  }
}
