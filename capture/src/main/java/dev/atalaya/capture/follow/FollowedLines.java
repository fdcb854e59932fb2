package dev.atalaya.capture.follow;

import dev.atalaya.capture.RunIds;
import dev.atalaya.capture.follow.Progress.Step;
import dev.atalaya.capture.publish.Outlet;
import java.io.IOException;
import java.util.Arrays;

/**
 * The lines of one content, whichever file has it: of a log that is written on, of its copy, of
 * what rotation made of it. Each line's id is that of the content and where the line begins, so
 * that a line that is read again is the same event.
 *
 * <p>Lines end with LF or CR LF. The last one waits for its end. Of a line that is too long the
 * beginning is taken. Empty lines are left out.
 *
 * <p>Memory: {@link #WINDOW} bytes and positions that wait for confirmation.
 *
 * <p>Not thread-safe.
 */
final class FollowedLines {

  /** What was read last, to know a copy that ends a little earlier than what was read. */
  static final int WINDOW = 8 * 1024;

  /** What reading found. */
  enum Outcome {
    /** Some bytes more. */
    READ,
    NOTHING,
    /** What was read before is not there any more. */
    CHANGED,
    /** Nothing yet: by more of its beginning it is known, which has to be kept first. */
    UNKEPT
  }

  private final String id;
  private final int maxLineBytes;
  private final Outlet outlet;
  private final LineCounts counts;
  private byte[] head = new byte[Position.COMPARED];
  private int headLength;
  private byte[] window = new byte[WINDOW];
  private int windowLength;
  private long offset;
  private boolean skipping;
  private String path;
  private String key;
  private boolean moved;
  private final Progress<Position> progress;

  /**
   * @param start from where it goes on
   */
  FollowedLines(Position start, int maxLineBytes, Outlet outlet, LineCounts counts) {
    id = start.id();
    path = start.path();
    key = start.key();
    moved = start.moved();
    offset = start.offset();
    skipping = start.skipping();
    progress = new Progress<>(start);
    this.maxLineBytes = maxLineBytes;
    this.outlet = outlet;
    this.counts = counts;
  }

  /** What there is to read into, for lines up to a length. */
  static byte[] buffer(int maxLineBytes) {
    return new byte[Math.max(256 * 1024, maxLineBytes + 2 + Position.COMPARED)];
  }

  /** The position at an offset of a file that nothing was handed on of. */
  static Position positionAt(FoundFile file, long offset, Content content) throws IOException {
    byte[] bytes = new byte[Position.COMPARED];
    int headLength = content.readFully(0, bytes, bytes.length);
    String head = Position.digest(bytes, 0, headLength);
    int compared = Position.compared(offset);
    content.readFully(offset - compared, bytes, compared);
    boolean insideLine = compared > 0 && bytes[compared - 1] != '\n';
    return new Position(
        RunIds.random(),
        file.path().toString(),
        file.key(),
        false,
        offset,
        insideLine,
        headLength,
        head,
        compared,
        Position.digest(bytes, 0, compared));
  }

  /**
   * Takes up what was read before, of which {@code content} was found to have it.
   *
   * @return false when it has something else by now
   */
  boolean resume(FoundFile file, Content content) throws IOException {
    Position known = known();
    byte[] newHead = new byte[head.length];
    int newHeadLength = content.readFully(0, newHead, known.headLength());
    int length = (int) Math.min(WINDOW, offset);
    byte[] newWindow = new byte[WINDOW];
    boolean isThere = content.readFully(offset - length, newWindow, length) == length;
    if (!isThere || !known.hasHead(newHead, newHeadLength) || !known.hasTail(newWindow, length)) {
      return false;
    }
    renamed(file);
    key = file.key();
    head = newHead;
    headLength = newHeadLength;
    window = newWindow;
    windowLength = length;
    return true;
  }

  /** The file has another name. */
  void renamed(FoundFile file) {
    moved |= !path.equals(file.path().toString());
    path = file.path().toString();
  }

  /** Whether it was seen under another name before. */
  boolean isMoved() {
    return moved;
  }

  String path() {
    return path;
  }

  long offset() {
    return offset;
  }

  /** Up to where all is confirmed, with the file's present name. */
  Position position() {
    Position p = progress.confirmed();
    return new Position(
        id,
        path,
        key,
        moved,
        p.offset(),
        p.skipping(),
        p.headLength(),
        p.head(),
        p.tailLength(),
        p.tail());
  }

  /** By what the content is known: as far as it was read, or kept when it was not found yet. */
  Position known() {
    return windowLength == 0 ? position() : readPosition();
  }

  private Position readPosition() {
    int compared = Position.compared(offset);
    return new Position(
        id,
        path,
        key,
        moved,
        offset,
        skipping,
        headLength,
        Position.digest(head, 0, headLength),
        compared,
        Position.digest(window, windowLength - compared, windowLength));
  }

  /** False when it begins otherwise; true also when that is known only by {@link #known}. */
  boolean mayBegin(byte[] bytes, int length) {
    int compared = Math.min(length, headLength);
    return Arrays.equals(head, 0, compared, bytes, 0, compared);
  }

  boolean isIdle() {
    return progress.isIdle();
  }

  /** Whether a file of a size smaller than what was read ends as this content had it there. */
  boolean isPrefix(long size, byte[] tail, int length) {
    long end = size - (offset - windowLength);
    return end >= length
        && end <= windowLength
        && Arrays.equals(window, (int) end - length, (int) end, tail, 0, length);
  }

  /**
   * Hands on the lines that follow, one buffer at most.
   *
   * @param isLast whether nothing comes behind what is there: then the last line needs no end
   * @throws InterruptedException in the middle of it, so that it was not read
   */
  Outcome read(Content content, byte[] buffer, boolean isLast)
      throws IOException, InterruptedException {
    int known = content.isMutable() ? Position.compared(offset) : 0;
    int end = content.read(offset - known, buffer, 0, buffer.length);
    if (end < known || !isKnown(buffer, known)) {
      return Outcome.CHANGED;
    }
    if (content.isMutable()) {
      if (!hasHead(buffer, end)) {
        return Outcome.CHANGED;
      }
      if (learnHead(buffer, end)) {
        return Outcome.UNKEPT;
      }
    }
    int next = handOn(buffer, known, end, isLast || content.isEnded());
    content.unread(buffer, next, end - next);
    boolean maybeMore = next > known || (!content.isMutable() && end > known);
    return maybeMore && !content.isEnded() ? Outcome.READ : Outcome.NOTHING;
  }

  private boolean isKnown(byte[] buffer, int length) {
    return Arrays.equals(buffer, 0, length, window, windowLength - length, windowLength);
  }

  /** Whether what is read from the beginning is still what was seen there. */
  private boolean hasHead(byte[] buffer, int length) {
    return offset > 0
        || headLength == 0
        || (length >= headLength && Arrays.equals(buffer, 0, headLength, head, 0, headLength));
  }

  /**
   * Takes more of the beginning to know the content by, as long as that is less than a line: many
   * contents begin so, and after a crash ids would be given to lines of another one.
   *
   * @param bytes those that are handed on next, so that none of them is beyond what is learned
   * @return whether there was more, so that {@link #position} has changed
   */
  private boolean learnHead(byte[] bytes, int end) {
    int length = Math.min(end, head.length);
    if (offset > 0 || length <= headLength || lineEnd(head, 0, headLength) < headLength) {
      return false;
    }
    System.arraycopy(bytes, 0, head, 0, length);
    headLength = length;
    progress.startAt(readPosition());
    return true;
  }

  private int handOn(byte[] buffer, int from, int end, boolean ended) throws InterruptedException {
    Step step = new Step();
    boolean skip = skipping;
    int start = from;
    while (start < end) {
      int lineEnd = lineEnd(buffer, start, end);
      boolean whole = lineEnd < end || ended;
      if (skip) {
        skip = !whole;
      } else if (whole || end - start > maxLineBytes + 1) {
        send(buffer, start, lineEnd, offset + start - from, step);
        skip = !whole;
      } else {
        break; // the last line waits for its end
      }
      start = Math.min(lineEnd + 1, end);
    }
    if (start > from) {
      skipping = skip;
      moveTo(buffer, from, start);
      progress.add(step, readPosition());
    }
    return start;
  }

  private static int lineEnd(byte[] buffer, int from, int end) {
    int at = from;
    while (at < end && buffer[at] != '\n') {
      at++;
    }
    return at;
  }

  private void send(byte[] buffer, int start, int lineEnd, long lineOffset, Step step)
      throws InterruptedException {
    int end = lineEnd > start && buffer[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
    if (end - start > maxLineBytes) {
      counts.oversize.increment();
      end = start + maxLineBytes;
    }
    if (end == start) {
      counts.empty.increment();
      return;
    }
    step.sent();
    outlet.send(id + "-" + lineOffset, Arrays.copyOfRange(buffer, start, end), step::settled);
    counts.lines.increment();
    counts.bytes.add(end - start);
  }

  private void moveTo(byte[] buffer, int from, int end) {
    int length = end - from;
    if (offset < head.length) {
      int at = (int) offset;
      int added = Math.min(length, head.length - at);
      System.arraycopy(buffer, from, head, at, added);
      headLength = Math.max(headLength, at + added);
    }
    int added = Math.min(length, WINDOW);
    int kept = Math.min(windowLength, WINDOW - added);
    System.arraycopy(window, windowLength - kept, window, 0, kept);
    System.arraycopy(buffer, end - added, window, kept, added);
    windowLength = kept + added;
    offset += length;
  }
}
