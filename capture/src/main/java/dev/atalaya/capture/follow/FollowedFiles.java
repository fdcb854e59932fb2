package dev.atalaya.capture.follow;

import dev.atalaya.capture.follow.FollowedLines.Outcome;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All that is followed: contents that a file carries, by its key, and those without one, which may
 * turn up in a copy. Reads them.
 *
 * <p>Not thread-safe.
 */
final class FollowedFiles {

  /** Contents without a file that are remembered. */
  private static final int MAX_WITHOUT_FILE = 1_000;

  private final byte[] buffer;
  private final ReadFaults faults;
  private final Map<String, Followed> byKey = new LinkedHashMap<>();
  private final Set<Followed> withoutFile = new LinkedHashSet<>();
  private boolean unkept;
  private long losses;
  private long lostMillis;
  private volatile long truncated;

  FollowedFiles(byte[] buffer, ReadFaults faults) {
    this.buffer = buffer;
    this.faults = faults;
  }

  /** Adds what was followed before, whose file has to be found. */
  void remember(Followed followed) {
    withoutFile.add(followed);
    lostMillis = FileFollower.now();
  }

  /** Those that a file carries. */
  List<Followed> carried() {
    return List.copyOf(byKey.values());
  }

  boolean isCarriedBy(String key) {
    return byKey.containsKey(key);
  }

  /** The keys of the files that had what none carries now. */
  Set<String> lostKeys() {
    return withoutFile.stream()
        .map(lost -> lost.lines().position().key())
        .collect(Collectors.toSet());
  }

  /** Those that no file carries, if one was lost since a time. */
  Set<Followed> lostSince(long millis) {
    return lostMillis > millis ? withoutFile : Set.of();
  }

  /** How often a content lost its file; then others may be its copy. */
  long losses() {
    return losses;
  }

  /** How often a file was cut, or written anew. For any thread. */
  long truncated() {
    return truncated;
  }

  /** Whether {@link #positions} has what has to be kept before more is read. */
  boolean isUnkept() {
    return unkept;
  }

  void kept() {
    unkept = false;
  }

  /** Up to where all is confirmed. */
  List<Position> positions() {
    List<Position> positions = new ArrayList<>();
    withoutFile.forEach(followed -> positions.add(followed.lines().position()));
    byKey.values().forEach(followed -> positions.add(followed.lines().position()));
    return positions;
  }

  /** Whether nothing waits for its confirmation of what files carry. */
  boolean isIdle() {
    return byKey.values().stream().allMatch(followed -> followed.lines().isIdle());
  }

  /** What a file may have, most likely first. */
  List<Followed> candidates(FoundFile file) {
    List<Followed> candidates = new ArrayList<>(withoutFile);
    candidates.sort(
        Comparator.comparing(lost -> !lost.lines().position().key().equals(file.key())));
    candidates.addAll(byKey.values());
    return candidates;
  }

  /** As {@link #carry}, of a content that nothing is known of yet. */
  boolean carryNew(Followed followed, FoundFile file, Content content) throws IOException {
    boolean carries = carry(followed, file, content);
    unkept |= carries;
    return carries;
  }

  /**
   * From now on a file carries a content.
   *
   * @return false when the file has something else by now, so that it does not
   */
  boolean carry(Followed followed, FoundFile file, Content content) throws IOException {
    if (!followed.carriedBy(file, content)) {
      return false;
    }
    withoutFile.remove(followed);
    byKey.put(file.key(), followed);
    return true;
  }

  /** Its file is gone, or carries something else. */
  void lose(Followed followed) {
    byKey.remove(followed.file().key());
    followed.withoutFile();
    losses++;
    lostMillis = FileFollower.now();
    withoutFile.add(followed);
    if (withoutFile.size() > MAX_WITHOUT_FILE) {
      withoutFile.remove(withoutFile.iterator().next());
    }
  }

  /**
   * Reads on.
   *
   * @return whether there may be more; a last line without its end waits for it unless it is the
   *     last
   */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes it
  boolean read(Followed followed, boolean isLast) throws InterruptedException {
    if (followed.file() == null) {
      return false;
    }
    try {
      Outcome outcome = followed.read(buffer, isLast);
      if (outcome == Outcome.CHANGED) {
        // What it carried may turn up in a copy; what is in it now is looked at as in a file that
        // was just found.
        lose(followed);
        truncated++;
      }
      unkept |= outcome == Outcome.UNKEPT;
      return outcome != Outcome.NOTHING;
    } catch (ClosedByInterruptException e) {
      throw new InterruptedException();
    } catch (IOException e) {
      faults.tell(followed.file().path(), e);
      return false;
    }
  }

  void close() {
    byKey.values().forEach(Followed::close);
  }
}
