package dev.atalaya.job.decode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Checks and writes UTF-8. */
final class Utf8 {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private static final long HIGH_BITS = 0x8080808080808080L;

  private Utf8() {}

  /**
   * The place of the first byte that is not part of well-formed UTF-8 (Unicode 15, table 3-7: no
   * overlong forms, no surrogates, nothing above U+10FFFF), or -1 when there is none.
   */
  static int firstFault(byte[] bytes, int from, int end) {
    int at = from;
    while (true) {
      at = skipAscii(bytes, at, end);
      if (at == end) {
        return -1;
      }
      int length = sequenceLength(bytes, at, end);
      if (length < 0) {
        return at;
      }
      at += length;
    }
  }

  /** The place of the first byte above 0x7f, or {@code end}. Eight bytes at a time. */
  static int skipAscii(byte[] bytes, int from, int end) {
    int at = from;
    while (at + Long.BYTES <= end && ((long) LONGS.get(bytes, at) & HIGH_BITS) == 0) {
      at += Long.BYTES;
    }
    while (at < end && bytes[at] >= 0) {
      at++;
    }
    return at;
  }

  /** Length of the multi-byte sequence at {@code at}, or -1. */
  private static int sequenceLength(byte[] bytes, int at, int end) {
    int lead = bytes[at] & 0xff;
    int length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (lead < 0xc2 || lead > 0xf4 || end - at < length) {
      return -1;
    }
    int second = bytes[at + 1] & 0xff;
    int least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    int most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (second < least || second > most) {
      return -1;
    }
    for (int i = 2; i < length; i++) {
      if ((bytes[at + i] & 0xc0) != 0x80) {
        return -1;
      }
    }
    return length;
  }

  /** The largest length up to {@code length} that does not cut a character of valid UTF-8. */
  static int boundary(byte[] bytes, int offset, int length) {
    int cut = length;
    while (cut > 0 && (bytes[offset + cut] & 0xc0) == 0x80) {
      cut--;
    }
    return cut;
  }

  /**
   * Writes UTF-16 as UTF-8, at most three bytes per char.
   *
   * @return the bytes written, or -1 when a surrogate stands alone
   */
  static int encode(char[] source, int offset, int length, byte[] target, int targetOffset) {
    int to = targetOffset;
    int end = offset + length;
    for (int from = offset; from < end; from++) {
      char c = source[from];
      if (c < 0x80) {
        target[to++] = (byte) c;
      } else if (c < 0x800) {
        target[to++] = (byte) (0xc0 | c >> 6);
        target[to++] = continuation(c);
      } else if (!Character.isSurrogate(c)) {
        target[to++] = (byte) (0xe0 | c >> 12);
        target[to++] = continuation(c >> 6);
        target[to++] = continuation(c);
      } else {
        if (from + 1 == end || !Character.isSurrogatePair(c, source[from + 1])) {
          return -1;
        }
        int point = Character.toCodePoint(c, source[++from]);
        target[to++] = (byte) (0xf0 | point >> 18);
        target[to++] = continuation(point >> 12);
        target[to++] = continuation(point >> 6);
        target[to++] = continuation(point);
      }
    }
    return to - targetOffset;
  }

  /**
   * Writes Latin-1 as UTF-8, at most two bytes per byte.
   *
   * @return the bytes written
   */
  static int fromLatin1(byte[] source, int from, int end, byte[] target) {
    int to = 0;
    for (int at = from; at < end; at++) {
      int b = source[at] & 0xff;
      if (b < 0x80) {
        target[to++] = (byte) b;
      } else {
        target[to++] = (byte) (0xc0 | b >> 6);
        target[to++] = continuation(b);
      }
    }
    return to;
  }

  private static byte continuation(int bits) {
    return (byte) (0x80 | (bits & 0x3f));
  }
}
