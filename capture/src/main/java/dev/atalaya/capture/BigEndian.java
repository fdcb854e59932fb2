package dev.atalaya.capture;

/** Numbers of network byte order in an array. The caller has checked that they are inside it. */
public final class BigEndian {

  private BigEndian() {}

  public static int u8(byte[] bytes, int at) {
    return bytes[at] & 0xff;
  }

  public static int u16(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
  }

  public static long u32(byte[] bytes, int at) {
    return i32(bytes, at) & 0xffff_ffffL;
  }

  public static int i32(byte[] bytes, int at) {
    return u16(bytes, at) << 16 | u16(bytes, at + 2);
  }

  /** An unsigned number of 1 to 8 bytes; one of 2^63 or more is negative. */
  public static long unsigned(byte[] bytes, int at, int length) {
    long value = 0;
    for (int end = at + length; at < end; at++) {
      value = value << 8 | (bytes[at] & 0xff);
    }
    return value;
  }
}
