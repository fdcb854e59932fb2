package dev.atalaya.capture.spool;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The folder of a spool: its segments in their order, and the lock that keeps others out. */
final class SpoolFolder implements AutoCloseable {

  private static final String SUFFIX = ".spool";

  private final Path folder;
  private final FileChannel lockFile;
  private long last;

  /**
   * @throws IOException when it cannot be used, as when another process does
   */
  SpoolFolder(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    lockFile =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!lock()) {
      lockFile.close();
      throw new FileSystemException(
          folder.toString(),
          null,
          "is the spool of another process that runs; give each its own spool.dir");
    }
    for (Path segment : segments()) {
      String name = segment.getFileName().toString();
      last = Long.parseLong(name.substring(0, name.length() - SUFFIX.length()), 16);
    }
  }

  private boolean lock() throws IOException {
    try {
      FileLock lock = lockFile.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** Oldest first. */
  List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches("[0-9a-f]{16}\\" + SUFFIX))
          .sorted()
          .toList();
    }
  }

  /** A file that there is not yet, behind all others. */
  Path next() {
    return folder.resolve(String.format(Locale.ROOT, "%016x%s", ++last, SUFFIX));
  }

  /** Has the disk know which files there are. */
  void sync() throws IOException {
    try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
