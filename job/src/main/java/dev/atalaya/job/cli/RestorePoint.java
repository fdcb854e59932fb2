package dev.atalaya.job.cli;

import dev.atalaya.job.config.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the checkpoint or savepoint that a run goes on from. */
final class RestorePoint {

  /** What a finished checkpoint or savepoint has, written last. */
  private static final String METADATA = "_metadata";

  /** A checkpoint directory holds a folder for each job, and that one for each checkpoint. */
  private static final int MAX_DEPTH = 3;

  private RestorePoint() {}

  /**
   * The newest in a folder: a checkpoint or savepoint itself, or a directory of checkpoints.
   *
   * @throws NoSuchFileException when there is none
   */
  static Path newestIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder, MAX_DEPTH)) {
      Optional<Path> newest =
          files
              .filter(file -> file.getFileName().toString().equals(METADATA))
              .max(Comparator.comparingLong(file -> file.toFile().lastModified()));
      return newest
          .map(Path::getParent)
          .orElseThrow(
              () ->
                  new NoSuchFileException(
                      Printable.escape(folder.toString()),
                      null,
                      "has no finished checkpoint or savepoint"));
    }
  }
}
