package dev.atalaya.dashboard.follow;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Cuts a stream into lines. */
final class Lines {

  private final InputStream in;
  private final int maxBytes;

  private final byte[] buffer = new byte[1 << 16];
  private int from;
  private int to;

  Lines(InputStream in, int maxBytes) {
    this.in = in;
    this.maxBytes = maxBytes;
  }

  /**
   * @return without its end; empty when it is longer than allowed; null after the last
   */
  byte[] next() throws IOException {
    if (!fill()) {
      return null;
    }
    ByteArrayOutputStream line = new ByteArrayOutputStream(2_048);
    boolean isTooLong = false;
    boolean isWhole = false;
    while (!isWhole && fill()) {
      int end = from;
      while (end < to && buffer[end] != '\n') {
        end++;
      }
      isTooLong |= line.size() + end - from > maxBytes;
      if (!isTooLong) {
        line.write(buffer, from, end - from);
      }
      isWhole = end < to;
      from = isWhole ? end + 1 : end;
    }
    return isTooLong ? new byte[0] : line.toByteArray();
  }

  /**
   * @return whether there is something in the buffer
   */
  private boolean fill() throws IOException {
    if (from == to) {
      from = 0;
      to = Math.max(0, in.read(buffer));
    }
    return from < to;
  }
}
