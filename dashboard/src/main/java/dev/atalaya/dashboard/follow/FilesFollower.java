package dev.atalaya.dashboard.follow;

import dev.atalaya.connectors.Document;
import dev.atalaya.dashboard.history.History;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Follows a files sink: each part file is read once, when it has become visible, from the oldest
 * hour on; in an hour the alerts come first, so that a report finds them there. The folder need not
 * exist yet.
 *
 * <p>A poll costs about 2 µs for each folder of an hour. Memory: about 150 bytes for each file.
 */
public final class FilesFollower extends Polling {

  private static final long PAUSE_MILLIS = 300;

  /** Of a line; a longer one is skipped. */
  private static final int MAX_LINE_BYTES = 1 << 20;

  private final PartFiles files;

  /**
   * @param root the folder that holds {@code alerts/}, {@code reports/} and {@code dead-letters/}
   */
  public FilesFollower(History history, Path root) {
    super(history, "files", root.toString(), PAUSE_MILLIS);
    files =
        new PartFiles(
            root,
            List.of(
                Document.Kind.ALERT.folder(),
                Document.Kind.REPORT.folder(),
                Document.Kind.DEAD_LETTER.folder()));
  }

  /** What cannot be read stops nothing behind it; it is tried again each time. */
  @Override
  boolean poll() throws IOException {
    List<String> failures = new ArrayList<>();
    BiConsumer<Path, IOException> failed = (path, e) -> failures.add(path + ": " + reason(e));
    for (Path file : files.newOnes(failed)) {
      if (isClosing()) {
        return false;
      }
      try (InputStream in = Files.newInputStream(file)) {
        read(in);
      } catch (NoSuchFileException e) {
        // Removed by whoever keeps the folder small.
      } catch (IOException e) {
        failed.accept(file, e);
        continue;
      }
      files.markRead(file);
    }
    if (!failures.isEmpty()) {
      int others = failures.size() - 1;
      throw new IOException(failures.get(0) + (others == 0 ? "" : "; and " + others + " more"));
    }
    return false;
  }

  private static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    // A message of a file system may be no more than the path.
    boolean isPathOnly = e instanceof FileSystemException failed && failed.getReason() == null;
    return isPathOnly || e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private void read(InputStream in) throws IOException {
    Lines lines = new Lines(in, MAX_LINE_BYTES);
    try {
      for (byte[] line = lines.next(); line != null; line = lines.next()) {
        if (line.length == 0) {
          countStranger();
        } else {
          add(line);
        }
      }
    } finally {
      flush();
    }
  }

  @Override
  void disconnect() {
    // No file is open between polls.
  }
}
