package dev.atalaya.capture.follow;

import dev.atalaya.capture.follow.FollowedLines.Outcome;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A content and the file that carries it, if there is one, which is open while it is written.
 *
 * <p>Not thread-safe.
 */
final class Followed {

  private static final Logger LOG = LoggerFactory.getLogger(Followed.class);

  private static final long UNKNOWN = -1;

  private final FollowedLines lines;
  private FoundFile file;
  private Content content;
  private boolean changed = true;
  private boolean nameless;
  private long seenSize = -1;
  private long readMillis;

  Followed(FollowedLines lines) {
    this.lines = lines;
  }

  FollowedLines lines() {
    return lines;
  }

  /** Null when no file carries it. */
  FoundFile file() {
    return file;
  }

  /** Whether its file had no name any more when it was looked for. */
  boolean isNameless() {
    return nameless;
  }

  /** Opens a file. Null when the name belongs to another one by now, or to a pipe. */
  static Content open(FoundFile file) throws IOException {
    if (!isThere(file)) {
      return null; // opened, a pipe would be waited at
    }
    Content content = Content.of(file);
    if (isThere(file)) {
      return content;
    }
    content.close();
    return null;
  }

  private static boolean isThere(FoundFile file) {
    FoundFile there = FoundFile.at(file.path());
    return there != null && there.key().equals(file.key());
  }

  /**
   * From now on a file carries it, which is open, and closed with this.
   *
   * @return false when the file has something else by now, so that it does not
   */
  boolean carriedBy(FoundFile carrier, Content opened) throws IOException {
    if (!lines.resume(carrier, opened)) {
      return false;
    }
    close();
    file = carrier;
    content = opened;
    changed = true;
    nameless = false;
    seenSize = -1;
    readMillis = FileFollower.now();
    return true;
  }

  void withoutFile() {
    close();
    file = null;
  }

  /**
   * Takes note of what its file is by now.
   *
   * @param found null when it has no name any more
   */
  void seen(FoundFile found, long now) {
    if (found == null ? !nameless : !found.path().equals(file.path())) {
      readMillis = now; // whoever writes it may go on for a while
    }
    nameless = found == null;
    if (found != null) {
      changed |= !found.isLike(file);
      file = found;
      lines.renamed(found);
    }
  }

  /** Bytes of the file that were not read when it was looked for. */
  long behindBytes() {
    return nameless || file.isGzip() ? 0 : Math.max(0, file.size() - lines.offset());
  }

  /** How many bytes its file has; negative when that cannot be told now. */
  long end() throws IOException {
    if (file.isGzip()) {
      return seenSize < 0 || changed || isCutOff() ? UNKNOWN : lines.offset();
    }
    if (content != null) {
      return content.size();
    }
    FoundFile now = FoundFile.at(file.path());
    boolean isSame = now != null && now.key().equals(file.key()) && now.isLike(file);
    return isSame && !changed ? now.size() : UNKNOWN;
  }

  /** Reads of what its file has, though that may have no name any more; how many bytes. */
  int readFully(long position, byte[] target, int length) throws IOException {
    if (content != null) {
      return content.readFully(position, target, length);
    }
    try (Content opened = open(file)) {
      return opened == null ? 0 : opened.readFully(position, target, length);
    }
  }

  /** Whether nothing came since a time. */
  boolean isQuietSince(long millis) {
    return readMillis <= millis && !hasMore();
  }

  private boolean hasMore() {
    try {
      return content != null && (changed || seenSize != content.size());
    } catch (IOException e) {
      return true; // reading tells
    }
  }

  boolean hasUnfinishedLine() {
    return content != null && content.isMutable() && seenSize > lines.offset();
  }

  /** Whether its file is compressed, and what was read last is not the end of that. */
  boolean isCutOff() {
    return content != null && !content.isMutable() && !content.isEnded();
  }

  /**
   * Hands on what came, one buffer at most. After a failure it is tried again.
   *
   * @param isLast whether the last line needs no end
   * @return {@link Outcome#CHANGED} when its file carries something else by now
   */
  Outcome read(byte[] buffer, boolean isLast) throws IOException, InterruptedException {
    try {
      if (content == null) {
        content = changed ? open(file) : null;
        if (content == null) {
          return Outcome.NOTHING;
        }
        seenSize = -1;
        if (!lines.known().isIn(content)) {
          return Outcome.CHANGED;
        }
      }
      long size = content.size();
      if (!changed && size == seenSize && !isLast) {
        return Outcome.NOTHING;
      }
      changed = false;
      Outcome outcome =
          size < lines.offset() ? Outcome.CHANGED : lines.read(content, buffer, isLast);
      boolean maybeMore = outcome == Outcome.READ || outcome == Outcome.UNKEPT;
      seenSize = maybeMore ? -1 : size;
      if (maybeMore) {
        readMillis = FileFollower.now(); // it may have waited long for room
      }
      return outcome;
    } catch (IOException e) {
      close();
      changed = true;
      throw e;
    }
  }

  /** Closes the file until more of it is to be read. */
  void close() {
    closeQuietly(content);
    content = null;
  }

  static void closeQuietly(Content content) {
    if (content != null) {
      try {
        content.close();
      } catch (IOException e) {
        LOG.debug("closing what was only read", e);
      }
    }
  }
}
