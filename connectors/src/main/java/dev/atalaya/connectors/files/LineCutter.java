package dev.atalaya.connectors.files;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.ZipException;

/**
 * Cuts a stream of bytes into payloads: lines, or with {@code quotedLines} runs of lines whose line
 * ends stand inside double quotes.
 *
 * <p>Memory: a few times the longest payload it is allowed, and never less than 256 KiB, whatever
 * the input.
 *
 * <p>Error: what is wrong with the input is a fault of the last payload of a batch. A payload above
 * the limit is {@code oversize} and keeps its beginning. A quote that is still open at the limit or
 * at the end of the file makes the payload up to the end of the line that opened it a {@code quote}
 * fault, and reading goes on with the next line. Bytes that cannot be inflated end the file with a
 * {@code compression} fault, and other content that is broken with its own. Failures of the file
 * system are thrown.
 *
 * <p>Not thread-safe.
 */
final class LineCutter implements Closeable {

  private static final int CHUNK = 256 * 1024;
  private static final int NONE = -1;

  private final InputStream in;
  private final int maxBytes;
  private final boolean quotedLines;

  /** Bytes read and not handed out yet: from {@code start} to {@code limit}. */
  private byte[] buffer = new byte[CHUNK];

  private int start;
  private int limit;

  /** Where {@code buffer[0]} stands in the (inflated) file. */
  private long bufferOffset;

  /** How far the payload at {@code start} has been looked through, and what was seen in it. */
  private int scanned;

  private boolean insideQuotes;

  /** The end of the line that opened the quotes, and the beginning of the next, or NONE. */
  private int openLineEnd = NONE;

  private int openLineNext;

  private boolean endOfInput;

  /** Why nothing more can be read, as a reject reason; null when the end is an end. */
  private String brokenOff;

  /**
   * @param offset where the stream stands in the (inflated) file
   */
  LineCutter(InputStream in, long offset, int maxBytes, boolean quotedLines) {
    this.in = in;
    this.bufferOffset = offset;
    this.maxBytes = maxBytes;
    this.quotedLines = quotedLines;
  }

  /** The next payloads, at least one, or null at the end. */
  Lines next() throws IOException {
    while (true) {
      Lines lines = cut();
      if (lines.count() > 0) {
        lines.nextOffset = bufferOffset + start;
        return lines;
      }
      if (scanned - start > maxBytes) {
        return insideQuotes && openLineEnd != NONE ? unclosedQuote() : oversize();
      }
      if (endOfInput) {
        return last();
      }
      fill();
    }
  }

  /** Cuts what is in the buffer, up to the first payload that is not whole or too long. */
  private Lines cut() {
    Lines lines = new Lines(buffer, bufferOffset);
    byte[] bytes = buffer;
    int end = limit;
    int at = scanned;
    while (true) {
      at = quotedLines ? nextEndOrQuote(bytes, at, end) : nextEnd(bytes, at, end);
      if (at == end || at - start > maxBytes) {
        break;
      }
      if (bytes[at] == '"') {
        insideQuotes = !insideQuotes;
        openLineEnd = NONE;
        at++;
        continue;
      }
      int next = afterLineEnd(at);
      if (next == NONE) {
        break;
      }
      if (insideQuotes) {
        if (openLineEnd == NONE) {
          openLineEnd = at;
          openLineNext = next;
        }
      } else {
        lines.add(start, at);
        start = next;
      }
      at = next;
    }
    scanned = at;
    return lines;
  }

  private static int nextEnd(byte[] bytes, int from, int to) {
    for (int at = from; at < to; at++) {
      byte b = bytes[at];
      if (b == '\n' || b == '\r') {
        return at;
      }
    }
    return to;
  }

  private static int nextEndOrQuote(byte[] bytes, int from, int to) {
    for (int at = from; at < to; at++) {
      byte b = bytes[at];
      if (b == '\n' || b == '\r' || b == '"') {
        return at;
      }
    }
    return to;
  }

  /** The first byte after a line end, or NONE when the next byte must be read to know. */
  private int afterLineEnd(int at) {
    if (buffer[at] == '\n') {
      return at + 1;
    }
    if (at + 1 < limit) {
      return buffer[at + 1] == '\n' ? at + 2 : at + 1;
    }
    return endOfInput ? at + 1 : NONE;
  }

  private Lines unclosedQuote() {
    Lines lines = one(start, openLineEnd, "quote");
    startAt(openLineNext);
    lines.nextOffset = bufferOffset + start;
    return lines;
  }

  /** Keeps the beginning, and reads on to the end of the line without keeping more. */
  private Lines oversize() throws IOException {
    long offset = bufferOffset + start;
    Lines lines = new Lines(Arrays.copyOfRange(buffer, start, start + maxBytes), offset);
    lines.add(0, maxBytes);
    lines.fault = "oversize";
    int at = start + maxBytes;
    int next;
    while (true) {
      at = nextEnd(buffer, at, limit);
      next = at < limit ? afterLineEnd(at) : NONE;
      if (next != NONE || endOfInput) {
        break;
      }
      start = at;
      fill();
      at = start;
    }
    lines.lastFullLength = bufferOffset + at - offset;
    startAt(next == NONE ? limit : next);
    lines.nextOffset = bufferOffset + start;
    return lines;
  }

  /** What is left when the input has ended; null when nothing is. */
  private Lines last() {
    Lines lines;
    if (brokenOff != null) {
      lines = one(start, limit, brokenOff);
      brokenOff = null;
      lines.brokenOff = true;
    } else if (start == limit) {
      return null;
    } else if (insideQuotes && openLineEnd != NONE) {
      return unclosedQuote();
    } else {
      lines = one(start, limit, insideQuotes ? "quote" : null);
    }
    startAt(limit);
    lines.nextOffset = bufferOffset + limit;
    return lines;
  }

  private Lines one(int from, int to, String fault) {
    Lines lines = new Lines(buffer, bufferOffset);
    lines.add(from, to);
    lines.fault = fault;
    return lines;
  }

  private void startAt(int next) {
    start = next;
    scanned = next;
    insideQuotes = false;
    openLineEnd = NONE;
  }

  /** Reads at least one more byte, or finds that there is none. */
  private void fill() throws IOException {
    if (limit == buffer.length) {
      makeRoom();
    }
    int count;
    try {
      count = in.read(buffer, limit, buffer.length - limit);
    } catch (EOFException | ZipException e) {
      brokenOff = "compression";
      count = -1;
    } catch (BrokenContentException e) {
      brokenOff = e.reason();
      count = -1;
    }
    if (count < 0) {
      endOfInput = true;
    } else {
      limit += count;
    }
  }

  /** A new array, since lines handed out may still be read from the old one. */
  private void makeRoom() {
    int kept = limit - start;
    byte[] larger = new byte[Math.max(CHUNK, 2 * kept)];
    System.arraycopy(buffer, start, larger, 0, kept);
    buffer = larger;
    bufferOffset += start;
    scanned -= start;
    openLineEnd = openLineEnd == NONE ? NONE : openLineEnd - start;
    openLineNext -= start;
    start = 0;
    limit = kept;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
