package dev.atalaya.capture.follow;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Decides what files have that are not followed: a content that is, so that they are left alone;
 * one that lost its file, so that they carry it on; or something new.
 *
 * <p>Not thread-safe.
 */
final class Newcomers {

  /** A file that is not followed, or not yet, and why. */
  private record Unfollowed(FoundFile file, Followed copyOf, boolean isNamed, long losses) {}

  private final FollowedFiles files;
  private final KeptPositions positions;
  private final ReadFaults faults;
  private final Function<Position, Followed> newFollowed;
  private final long quietMillis;
  private final Map<String, Unfollowed> unfollowed = new HashMap<>();

  /** Compressed ones as they were when they were found last. */
  private final Map<String, FoundFile> gzips = new HashMap<>();

  private final byte[] head = new byte[Position.COMPARED];
  private final byte[] tail = new byte[Position.COMPARED];
  private final AtomicLong takenUp = new AtomicLong();

  /**
   * @param newFollowed what follows from a position on
   * @param quietMillis after which nobody looks beside what was lost
   */
  Newcomers(
      FollowedFiles files,
      KeptPositions positions,
      ReadFaults faults,
      Function<Position, Followed> newFollowed,
      long quietMillis) {
    this.files = files;
    this.positions = positions;
    this.faults = faults;
    this.newFollowed = newFollowed;
    this.quietMillis = quietMillis;
  }

  /** How often a file carried on what another one had. For any thread. */
  long takenUp() {
    return takenUp.get();
  }

  /**
   * Looks at files, and at those beside what lost its file.
   *
   * @param found all that are named and not followed, by key
   * @param fromEnd whether new ones are followed from their end
   */
  void look(Map<String, FoundFile> found, boolean fromEnd) throws InterruptedException {
    Map<String, FoundFile> beside = besideLost();
    unfollowed.keySet().removeIf(key -> !found.containsKey(key) && !beside.containsKey(key));
    gzips.keySet().removeIf(key -> !found.containsKey(key) && !beside.containsKey(key));
    List<FoundFile> named = new ArrayList<>(found.values());
    // A copy that is not complete is known by its original, so that one goes first.
    Set<String> lostKeys = files.lostKeys();
    named.sort(Comparator.comparing(file -> !lostKeys.contains(file.key())));
    for (FoundFile file : named) {
      look(file, true, fromEnd);
    }
    beside.keySet().removeAll(found.keySet());
    for (FoundFile file : beside.values()) {
      look(file, false, false);
    }
  }

  /** Where rotation may have put what is without a file: files with longer names beside it. */
  private Map<String, FoundFile> besideLost() {
    Map<Path, Set<String>> names = new HashMap<>();
    for (Followed followed : files.lostSince(FileFollower.now() - quietMillis)) {
      try {
        Path path = Path.of(followed.lines().path());
        names
            .computeIfAbsent(path.getParent(), folder -> new LinkedHashSet<>())
            .add(path.getFileName().toString());
      } catch (InvalidPathException e) {
        // Its name is in another encoding than the machine's.
      }
    }
    Map<String, FoundFile> beside = new LinkedHashMap<>();
    names.forEach((folder, begins) -> FileSearch.beside(folder, begins, beside));
    beside.keySet().removeIf(files::isCarriedBy);
    return beside;
  }

  private void look(FoundFile file, boolean isNamed, boolean fromEnd) throws InterruptedException {
    Unfollowed before = unfollowed.get(file.key());
    if (file.size() == 0 || isStillLeftAlone(file, isNamed, before)) {
      return;
    }
    if (file.isGzip() && !file.isLike(gzips.put(file.key(), file))) {
      return; // it is being written
    }
    Content content = null;
    boolean isFollowed = false;
    try {
      content = Followed.open(file);
      isFollowed = content != null && decide(file, content, before, isNamed, fromEnd);
    } catch (IOException e) {
      faults.tell(file.path(), e);
    } finally {
      if (!isFollowed) {
        Followed.closeQuietly(content);
      }
    }
  }

  private boolean isStillLeftAlone(FoundFile file, boolean isNamed, Unfollowed before) {
    return before != null
        && before.file().isLike(file)
        && (before.copyOf() == null
            ? before.isNamed() == isNamed && before.losses() == files.losses()
            : before.copyOf().file() != null);
  }

  /** Whether the file is followed from now on, with this open content. */
  private boolean decide(
      FoundFile file, Content content, Unfollowed before, boolean isNamed, boolean fromEnd)
      throws IOException, InterruptedException {
    int headLength = content.readFully(0, head, head.length);
    if (headLength == 0) {
      leaveAlone(file, null, isNamed); // no gzip yet
      return false;
    }
    long offset = fromEnd && !file.isGzip() ? file.size() : 0;
    for (Followed candidate : files.candidates(file)) {
      Part part = partOf(candidate, file, content, headLength);
      if (part == Part.UNCERTAIN) {
        return false; // looked at again
      }
      if (part == Part.MORE && before != null && before.copyOf() == candidate) {
        offset = candidate.lines().offset(); // it was a copy, to which others wrote
      }
      if (part == Part.NONE || part == Part.MORE) {
        continue;
      }
      if (candidate.file() != null) {
        leaveAlone(file, candidate, isNamed);
        return false;
      }
      return part == Part.BEGINNING
          ? follow(file, content, endOf(file, content, Long.MAX_VALUE))
          : takeUp(candidate, file, content);
    }
    if (before != null && before.copyOf() != null && before.file().isLike(file)) {
      // It was the same once, and what came into the original since is not for this one.
      return follow(file, content, endOf(file, content, Long.MAX_VALUE));
    }
    if (!isNamed) {
      leaveAlone(file, null, false);
      return false;
    }
    return follow(file, content, offset);
  }

  /** What a file has of a content. */
  private enum Part {
    NONE,
    /** Not as much as was read of it. */
    BEGINNING,
    /** At least as much. */
    ALL,
    /** More than the file that carries it, so that it is no copy of that one. */
    MORE,
    /** One of the two files changes just now. */
    UNCERTAIN
  }

  /** What the file has of a content, of which {@code head} has the beginning. */
  private Part partOf(Followed candidate, FoundFile file, Content content, int headLength)
      throws IOException, InterruptedException {
    if (!candidate.lines().mayBegin(head, headLength)) {
      return Part.NONE;
    }
    if (candidate.file() != null && candidate.lines().offset() == 0) {
      // First, or its copy would not be known for one.
      do {
        positions.save();
        files.read(candidate, false);
      } while (files.isUnkept());
    }
    Position known = candidate.lines().known();
    if (candidate.file() != null && known.offset() == 0) {
      return Part.NONE; // nothing was read of it
    }
    if (!known.hasHead(head, headLength)) {
      return Part.NONE;
    }
    if (known.hasTailIn(content)) {
      return candidate.file() == null ? Part.ALL : partOfOriginal(candidate, file, content);
    }
    return known.key().equals(file.key()) ? Part.NONE : partOfLonger(candidate, file, content);
  }

  /**
   * Whether what has all that was read has more than there is to read, as files have that begin
   * with the same head lines. What carries the content is read before and after: if it was cut
   * meanwhile, the other one may be its copy all the same.
   */
  private Part partOfOriginal(Followed candidate, FoundFile file, Content content)
      throws IOException, InterruptedException {
    files.read(candidate, false);
    if (candidate.file() == null) {
      return Part.ALL;
    }
    long end = candidate.end();
    if (end < 0) {
      return Part.UNCERTAIN;
    }
    if (content.readFully(end, tail, 1) == 0) {
      boolean hasAll = file.isGzip() || candidate.lines().known().hasTailIn(content);
      return hasAll ? Part.ALL : partOfLonger(candidate, file, content);
    }
    files.read(candidate, false);
    return candidate.file() != null && candidate.end() == end ? Part.MORE : Part.UNCERTAIN;
  }

  /** What a file that is shorter than what was read has of it. */
  private Part partOfLonger(Followed candidate, FoundFile file, Content content)
      throws IOException {
    long read = candidate.lines().known().offset();
    long end = endOf(file, content, read);
    int length = Position.compared(end);
    if (end >= read || content.readFully(end - length, tail, length) < length) {
      return Part.NONE;
    }
    if (candidate.lines().isPrefix(end, tail, length)) {
      return Part.BEGINNING;
    }
    if (candidate.file() == null || candidate.file().isGzip()) {
      return Part.NONE;
    }
    byte[] there = new byte[length];
    if (candidate.readFully(end - length, there, length) < length) {
      return Part.UNCERTAIN; // it was cut or renamed
    }
    return Arrays.equals(there, 0, length, tail, 0, length) ? Part.BEGINNING : Part.NONE;
  }

  /** How many bytes there are, inflated when it is gzip; or a number not below the limit. */
  private static long endOf(FoundFile file, Content content, long limit) throws IOException {
    if (!file.isGzip()) {
      return file.size();
    }
    byte[] buffer = new byte[FollowedLines.WINDOW];
    long end = 0;
    int count = content.read(0, buffer, 0, buffer.length);
    while (count > 0 && end < limit) {
      end += count;
      count = content.read(end, buffer, 0, buffer.length);
    }
    return end;
  }

  private void leaveAlone(FoundFile file, Followed copyOf, boolean isNamed) {
    unfollowed.put(file.key(), new Unfollowed(file, copyOf, isNamed, files.losses()));
  }

  /** False when the file has something else by now: it is looked at again. */
  private boolean takeUp(Followed followed, FoundFile file, Content content) throws IOException {
    boolean isOther = !followed.lines().position().key().equals(file.key());
    if (!files.carry(followed, file, content)) {
      return false;
    }
    takenUp.addAndGet(isOther ? 1 : 0);
    unfollowed.remove(file.key());
    return true;
  }

  /** False when the file has something else by now: it is looked at again. */
  private boolean follow(FoundFile file, Content content, long offset) throws IOException {
    Position start = FollowedLines.positionAt(file, offset, content);
    if (!files.carryNew(newFollowed.apply(start), file, content)) {
      return false;
    }
    unfollowed.remove(file.key());
    return true;
  }
}
