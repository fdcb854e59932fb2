package dev.atalaya.connectors.files;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The lines of a file or a stream, plain or gzip, cut exactly as the file source cuts them: at LF,
 * CR LF and CR, the bytes between as they are.
 *
 * <p>Memory: a few times the longest line.
 *
 * <p>Not thread-safe.
 */
public final class LineReader implements Closeable {

  private static final int GZIP_1 = 0x1f;
  private static final int GZIP_2 = 0x8b;

  private final LineCutter cutter;
  private Lines lines;
  private int next;
  private long count;

  private LineReader(InputStream in, int maxLineBytes) throws IOException {
    BufferedInputStream peeked = new BufferedInputStream(in);
    cutter =
        new LineCutter(isGzip(peeked) ? new GzipInput(peeked) : peeked, 0, maxLineBytes, false);
  }

  /** Reads a file. */
  public static LineReader of(Path file, int maxLineBytes) throws IOException {
    InputStream in = Files.newInputStream(file);
    try {
      return new LineReader(in, maxLineBytes);
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /** Reads a stream, which is closed with this reader. */
  public static LineReader of(InputStream in, int maxLineBytes) throws IOException {
    return new LineReader(in, maxLineBytes);
  }

  private static boolean isGzip(BufferedInputStream in) throws IOException {
    in.mark(2);
    boolean gzip = in.read() == GZIP_1 && in.read() == GZIP_2;
    in.reset();
    return gzip;
  }

  /**
   * The next line without its end, or null when there is none.
   *
   * @throws IOException also when a line is longer than allowed or the gzip is broken: a message
   *     made of a part of a line would be another message
   */
  public byte[] next() throws IOException {
    if (lines == null || next == lines.count()) {
      lines = cutter.next();
      next = 0;
      if (lines == null) {
        return null;
      }
    }
    int line = next++;
    count++;
    if (lines.fault != null && next == lines.count()) {
      throw new IOException(
          "line " + count + ": " + lines.fault + ", " + lines.lastFullLength + " bytes");
    }
    int start = lines.start(line);
    return Arrays.copyOfRange(lines.bytes, start, start + lines.length(line));
  }

  @Override
  public void close() throws IOException {
    cutter.close();
  }
}
