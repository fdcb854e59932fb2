package dev.atalaya.sketch;

import java.nio.ByteBuffer;

/** Reads a payload; whatever is wrong with it is a {@link CorruptSummaryException}. */
final class SummaryReader {

  private final ByteBuffer source;

  /** The buffer is little-endian and ends with the payload. */
  SummaryReader(ByteBuffer source) {
    this.source = source;
  }

  int remaining() {
    return source.remaining();
  }

  /** Refuses a count of things of at least {@code bytesEach} that cannot be in what is left. */
  void checkHas(long count, int bytesEach, String what) {
    if (count < 0 || count > source.remaining() / bytesEach) {
      throw new CorruptSummaryException(
          count + " " + what + ", but only " + source.remaining() + " bytes are left");
    }
  }

  int readByte() {
    checkHas(1, 1, "byte");
    return source.get() & 0xff;
  }

  long readLong() {
    checkHas(1, 8, "long");
    return source.getLong();
  }

  /** A little-endian number of 0 to 8 bytes. */
  long readFixed(int bytes) {
    checkHas(bytes, 1, "bytes");
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (source.get() & 0xffL) << (8 * i);
    }
    return value;
  }

  /** A number of at least 0. */
  long readVarint() {
    long value = readUnsigned();
    check(value >= 0, "number", value);
    return value;
  }

  /** A number of up to 64 bits in its shortest form. */
  long readUnsigned() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int b = readByte();
      check(shift < 63 || b <= 1, "tenth byte of a number", b);
      value |= (b & 0x7fL) << shift;
      if (b < 0x80) {
        check(b != 0 || shift == 0, "last byte of a long number", b);
        return value;
      }
    }
    throw new AssertionError("the tenth byte is the last");
  }

  long readVarint(long max, String what) {
    long value = readVarint();
    check(value <= max, what, value);
    return value;
  }

  byte[] readBytes(long count, String what) {
    checkHas(count, 1, what);
    byte[] bytes = new byte[(int) count];
    source.get(bytes);
    return bytes;
  }

  /** Numbers of {@code width} bits, the first in the lowest bits, padded with zeros to a byte. */
  void readBits(int width, long[] values, int count) {
    long pending = 0;
    int pendingBits = 0;
    for (int i = 0; i < count; i++) {
      while (pendingBits < width) {
        pending |= (long) readByte() << pendingBits;
        pendingBits += 8;
      }
      values[i] = pending & ((1L << width) - 1);
      pending >>>= width;
      pendingBits -= width;
    }
    check(pending == 0, "padding", pending);
  }

  KeySummary readSummary(byte largestType) {
    return SummaryCodec.read(source, largestType);
  }

  void check(boolean valid, String what, long value) {
    if (!valid) {
      throw new CorruptSummaryException(what + " must not be " + value);
    }
  }

  void checkFinished() {
    check(!source.hasRemaining(), "number of bytes behind the payload", source.remaining());
  }
}
