package dev.atalaya.capture.pcap;

import dev.atalaya.connectors.files.GzipInput;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The bytes of a capture file, inflated when they are gzip, and numbers in the order that it has.
 * Knows where it is, for messages.
 *
 * <p>Not thread-safe.
 */
final class CaptureInput implements Closeable {

  private static final int BUFFER = 64 * 1024;

  private final InputStream in;
  private ByteOrder order = ByteOrder.LITTLE_ENDIAN;
  private byte[] data = new byte[2048];
  private long position;

  CaptureInput(InputStream input) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(input, BUFFER);
    buffered.mark(2);
    boolean gzip = buffered.read() == 0x1f && buffered.read() == 0x8b;
    buffered.reset();
    in = gzip ? new BufferedInputStream(new GzipInput(buffered), BUFFER) : buffered;
  }

  void order(ByteOrder next) {
    order = next;
  }

  /** What was read last. */
  byte[] data() {
    return data;
  }

  /** Reads so many bytes into {@link #data}, which grows with what comes, not with what is told. */
  void read(int length) throws IOException {
    int there = 0;
    while (there < length) {
      if (there == data.length) {
        data = Arrays.copyOf(data, Math.min(2 * there, length));
      }
      int count = in.read(data, there, Math.min(length, data.length) - there);
      require(count > 0, "a packet");
      there += count;
      position += count;
    }
  }

  /** Reads so many bytes; false when the file ends before the first of them. */
  boolean fill(byte[] target, int at, int length) throws IOException {
    int count = in.readNBytes(target, at, length);
    position += count;
    if (count == 0) {
      return false;
    }
    require(count == length, "a head");
    return true;
  }

  void require(boolean there, String what) throws IOException {
    if (!there) {
      throw malformed("the file ends inside " + what);
    }
  }

  MalformedCaptureException malformed(String what) {
    return new MalformedCaptureException(what + ", at byte " + position);
  }

  int u16(byte[] bytes, int at) {
    return wrap(bytes).getShort(at) & 0xffff;
  }

  long u32(byte[] bytes, int at) {
    return wrap(bytes).getInt(at) & 0xffff_ffffL;
  }

  long i64(byte[] bytes, int at) {
    return wrap(bytes).getLong(at);
  }

  private ByteBuffer wrap(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(order);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
