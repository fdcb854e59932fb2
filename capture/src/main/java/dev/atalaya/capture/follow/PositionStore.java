package dev.atalaya.capture.follow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/**
 * Keeps positions of any kind in a small file, which is replaced as a whole: after a crash it is
 * either the old one or the new one. A second process that wants the same file is refused.
 *
 * <p>Not thread-safe.
 *
 * @param <P> a position: a record that is written as an object of JSON
 */
final class PositionStore<P> implements Closeable {

  private static final int VERSION = 1;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** What is in the file. */
  private record State(int version, Object positions) {}

  private final Path file;
  private final Path next;
  private final Path lockFile;
  private final Path folder;
  private final FileChannel lock;
  private final Class<P[]> type;

  PositionStore(Path file, Class<P[]> type) throws IOException {
    this.type = type;
    this.file = file.toAbsolutePath();
    next = this.file.resolveSibling(file.getFileName() + ".next");
    lockFile = this.file.resolveSibling(file.getFileName() + ".lock");
    folder = this.file.getParent().toRealPath();
    lock = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!isOurs()) {
      lock.close();
      throw refusal("another process keeps its positions here; give each its own state", null);
    }
  }

  /** Whether a file, by its real path, is one of those that this keeps. */
  boolean isOwn(Path path) {
    String name = path.getFileName().toString();
    return path.getParent().equals(folder)
        && (name.equals(file.getFileName().toString())
            || name.equals(next.getFileName().toString())
            || name.equals(lockFile.getFileName().toString()));
  }

  private boolean isOurs() throws IOException {
    try {
      return lock.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** Null when nothing was ever kept. */
  List<P> load() throws IOException {
    if (Files.notExists(file)) {
      return null;
    }
    try {
      JsonNode state = MAPPER.readTree(file.toFile());
      int version = state.path("version").asInt();
      if (version != VERSION || !state.path("positions").isArray()) {
        throw refusal("is of version " + version + "; " + VERSION + " is read here", null);
      }
      return List.of(MAPPER.treeToValue(state.path("positions"), type));
    } catch (JsonProcessingException e) {
      throw refusal(
          "does not tell positions ("
              + e.getOriginalMessage()
              + "); without it, all files are read from the start",
          e);
    }
  }

  private FileSystemException refusal(String reason, Exception cause) {
    FileSystemException refusal = new FileSystemException(file.toString(), null, reason);
    refusal.initCause(cause);
    return refusal;
  }

  void save(List<P> positions) throws IOException {
    byte[] bytes = MAPPER.writeValueAsBytes(new State(VERSION, positions));
    try (FileChannel channel = openNext()) {
      for (ByteBuffer buffer = ByteBuffer.wrap(bytes); buffer.hasRemaining(); ) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  /** For the owner alone: names of files are nobody else's business. */
  private FileChannel openNext() throws IOException {
    Files.deleteIfExists(next);
    var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    return FileChannel.open(
        next,
        options,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
