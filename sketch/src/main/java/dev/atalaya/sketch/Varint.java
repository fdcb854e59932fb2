package dev.atalaya.sketch;

import java.nio.ByteBuffer;

/** Unsigned LEB128: 7 bits a byte, lowest first, the top bit set on all but the last. */
final class Varint {

  private Varint() {}

  static int size(long value) {
    return (70 - Long.numberOfLeadingZeros(value | 1)) / 7;
  }

  static void write(ByteBuffer target, long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      target.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    target.put((byte) rest);
  }

  /** The lowest bytes of a number, lowest first. */
  static void writeFixed(ByteBuffer target, long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      target.put((byte) (value >>> (8 * i)));
    }
  }

  /** Numbers of {@code width} bits, the first in the lowest bits, padded with zeros to a byte. */
  static void writeBits(ByteBuffer target, int width, long[] values, int count) {
    long pending = 0;
    int pendingBits = 0;
    for (int i = 0; i < count; i++) {
      pending |= values[i] << pendingBits;
      pendingBits += width;
      while (pendingBits >= 8) {
        target.put((byte) pending);
        pending >>>= 8;
        pendingBits -= 8;
      }
    }
    if (pendingBits > 0) {
      target.put((byte) pending);
    }
  }
}
