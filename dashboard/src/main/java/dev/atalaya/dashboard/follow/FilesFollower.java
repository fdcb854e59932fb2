package dev.atalaya.dashboard.follow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atalaya.connectors.Document;
import dev.atalaya.dashboard.history.History;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Follows a files sink: each part file is read once, when it has become visible, from the oldest
 * hour on; in an hour the alerts come first, so that a report finds them there. The folder need not
 * exist yet.
 *
 * <p>A poll costs about 2 µs for each folder of an hour. Memory: about 150 bytes for each file.
 */
public final class FilesFollower extends Polling {

  private static final long PAUSE_MILLIS = 300;

  private static final int BATCH = 1_000;

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

  @Override
  boolean poll() throws IOException {
    for (Path file : files.newOnes()) {
      if (isClosing()) {
        return false;
      }
      try (InputStream in = Files.newInputStream(file)) {
        read(in);
      } catch (NoSuchFileException e) {
        // Removed by whoever keeps the folder small.
      }
      files.markRead(file);
    }
    return false;
  }

  private void read(InputStream in) throws IOException {
    List<JsonNode> batch = new ArrayList<>();
    Lines lines = new Lines(in, MAX_LINE_BYTES);
    for (byte[] line = lines.next(); line != null; line = lines.next()) {
      if (line.length == 0) {
        countStranger();
      } else {
        parse(line, batch);
      }
      if (batch.size() == BATCH) {
        take(batch);
        batch.clear();
      }
    }
    take(batch);
  }

  @Override
  void disconnect() {
    // No file is open between polls.
  }
}
