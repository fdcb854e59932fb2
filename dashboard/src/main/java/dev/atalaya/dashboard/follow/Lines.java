package dev.atalaya.dashboard.follow;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Cuts a stream into lines. */
final class Lines {

  private final InputStream in;
  private final int maxBytes;

  /**
   * @param in buffered
   */
  Lines(InputStream in, int maxBytes) {
    this.in = in;
    this.maxBytes = maxBytes;
  }

  /**
   * @return without its end; empty when it is longer than allowed; null after the last
   */
  byte[] next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(2_048);
    boolean isTooLong = false;
    int b = in.read();
    if (b < 0) {
      return null;
    }
    for (; b >= 0 && b != '\n'; b = in.read()) {
      isTooLong |= line.size() == maxBytes;
      if (!isTooLong) {
        line.write(b);
      }
    }
    return isTooLong ? new byte[0] : line.toByteArray();
  }
}
