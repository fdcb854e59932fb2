package dev.atalaya.job.cli;

import dev.atalaya.job.config.ConfigException;
import dev.atalaya.job.config.ConfigProblem;
import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.config.LocalPath;
import dev.atalaya.job.config.Place;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Keeps two local jobs from sharing a checkpoint directory, for as long as it is open. */
final class CheckpointLock {

  private static final String FILE_NAME = ".atalaya.lock";

  private final FileChannel channel;

  private CheckpointLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Locks the directory when it is a local one; else there is nothing to hold. */
  static CheckpointLock take(JobConfig config) throws IOException {
    String dir = config.runtime().checkpointDir();
    Path path = dir == null ? null : LocalPath.of(dir);
    if (path == null) {
      return new CheckpointLock(null);
    }
    Files.createDirectories(path);
    FileChannel channel =
        FileChannel.open(
            path.resolve(FILE_NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!lock(channel)) {
      channel.close();
      throw new ConfigException(
          List.of(
              new ConfigProblem(
                  new Place(path.toString(), 0),
                  "checkpoint.dir",
                  "another running job has it; give each job its own")));
    }
    return new CheckpointLock(channel);
  }

  private static boolean lock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
