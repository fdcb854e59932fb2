package dev.atalaya.connectors.files;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * Inflates a gzip file of one or more members to the last byte.
 *
 * <p>Error: {@link ZipException} when the bytes are no gzip, do not match their checksum, or are
 * followed by something else; {@link EOFException} when they end early. {@link
 * java.util.zip.GZIPInputStream} does not mind what follows, so that a damaged file looks whole.
 *
 * <p>Not thread-safe.
 */
public final class GzipInput extends InflaterInputStream {

  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;

  private final CRC32 checksum = new CRC32();
  private int rest; // bytes of buf that follow the deflated data, up to len
  private boolean started;
  private boolean ended;

  public GzipInput(InputStream in) {
    super(in, new Inflater(true), 64 * 1024);
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!started) {
      startMember(required());
      started = true;
    }
    while (!ended) {
      int count = super.read(target, offset, length);
      if (count > 0) {
        checksum.update(target, offset, count);
        return count;
      }
      endMember();
    }
    return -1;
  }

  @Override
  public void close() throws IOException {
    super.close();
    inf.end();
  }

  private void startMember(int firstByte) throws IOException {
    if (firstByte != 0x1f || required() != 0x8b || required() != 8) {
      throw new ZipException("not gzip");
    }
    int flags = required();
    skip(6); // time, extra flags, system
    if ((flags & EXTRA) != 0) {
      skip(required() | required() << 8);
    }
    if ((flags & NAME) != 0) {
      skipText();
    }
    if ((flags & COMMENT) != 0) {
      skipText();
    }
    if ((flags & HEADER_CRC) != 0) {
      skip(2);
    }
    inf.reset();
    checksum.reset();
    inf.setInput(buf, len - rest, rest);
  }

  private void endMember() throws IOException {
    rest = inf.getRemaining();
    long written = inf.getBytesWritten();
    if (littleEndianInt() != (int) checksum.getValue() || littleEndianInt() != (int) written) {
      throw new ZipException("checksum or length differs");
    }
    int next = nextByte();
    if (next < 0) {
      ended = true;
    } else {
      startMember(next);
    }
  }

  private int littleEndianInt() throws IOException {
    return required() | required() << 8 | required() << 16 | required() << 24;
  }

  private void skip(int bytes) throws IOException {
    for (int i = 0; i < bytes; i++) {
      required();
    }
  }

  private void skipText() throws IOException {
    while (required() != 0) {
      // up to and with the zero byte
    }
  }

  private int required() throws IOException {
    int value = nextByte();
    if (value < 0) {
      throw new EOFException("ends early");
    }
    return value;
  }

  private int nextByte() throws IOException {
    if (rest == 0) {
      len = in.read(buf, 0, buf.length);
      if (len <= 0) {
        len = 0;
        return -1;
      }
      rest = len;
    }
    return buf[len - rest--] & 0xff;
  }
}
