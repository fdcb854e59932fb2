package dev.atalaya.capture.follow;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Keeps how far all is confirmed of what is followed: every second, and before the first line of a
 * content is handed on, whose id would be unknown after a crash.
 *
 * <p>Not thread-safe.
 */
final class KeptPositions implements Closeable {

  static final long SAVE_MILLIS = 1_000;

  private final Path file;
  private final FollowedFiles files;
  private final ReadFaults faults;
  private PositionStore<Position> store;
  private List<Position> saved;
  private long savedMillis;

  KeptPositions(Path file, FollowedFiles files, ReadFaults faults) {
    this.file = file;
    this.files = files;
    this.faults = faults;
  }

  /** What was kept; null when nothing ever was. */
  List<Position> open() throws IOException {
    PositionStore<Position> opened = new PositionStore<>(file, Position[].class);
    try {
      List<Position> positions = opened.load();
      store = opened;
      return positions;
    } catch (IOException e) {
      opened.close();
      throw e;
    }
  }

  boolean isOpen() {
    return store != null;
  }

  /** Whether a file, by its real path, is one of those that positions are kept in. */
  boolean isOwn(Path path) {
    return store.isOwn(path);
  }

  /** False when what must be kept before more is read cannot be. */
  boolean saveIfDue(long now) throws InterruptedException {
    if (!files.isUnkept() && now - savedMillis < SAVE_MILLIS) {
      return true;
    }
    try {
      save();
      return true;
    } catch (IOException e) {
      faults.tell(file, e);
      Thread.sleep(SAVE_MILLIS);
      return !files.isUnkept();
    }
  }

  void save() throws IOException {
    List<Position> positions = files.positions();
    if (!positions.equals(saved)) {
      store.save(positions);
      saved = positions;
    }
    savedMillis = FileFollower.now();
    files.kept();
  }

  @Override
  public void close() throws IOException {
    store.close();
  }
}
