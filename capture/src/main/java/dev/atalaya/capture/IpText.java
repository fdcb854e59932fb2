package dev.atalaya.capture;

/** Writes addresses in the one text that they have: four decimals, or RFC 5952. */
public final class IpText {

  /** Of 16 bits, in an IPv6 address. */
  public static final int GROUPS = 8;

  /** The longest text, of eight groups of four digits. */
  public static final int MAX_LENGTH = 39;

  private IpText() {}

  /**
   * @param address its lowest 32 bits are
   * @return the end of what was written
   */
  public static int writeIpv4(long address, byte[] target, int offset) {
    int to = offset;
    for (int shift = 24; shift >= 0; shift -= 8) {
      to = writeDecimal((int) (address >> shift) & 0xff, target, to);
      if (shift > 0) {
        target[to++] = '.';
      }
    }
    return to;
  }

  /**
   * @param groups {@link #GROUPS} of 16 bits
   * @return the end of what was written
   */
  public static int writeIpv6(int[] groups, byte[] target, int offset) {
    int zerosFrom = -1;
    int zeros = 1; // one group of zeros alone is written out
    for (int i = 0; i < GROUPS; i++) {
      int run = 0;
      while (i + run < GROUPS && groups[i + run] == 0) {
        run++;
      }
      if (run > zeros) {
        zerosFrom = i;
        zeros = run;
      }
      i += run;
    }
    int to = offset;
    for (int i = 0; i < GROUPS; i++) {
      if (i == zerosFrom) {
        target[to++] = ':';
        target[to++] = ':';
        i += zeros - 1;
        continue;
      }
      if (i > 0 && i != zerosFrom + zeros) {
        target[to++] = ':';
      }
      to = writeHex(groups[i], target, to);
    }
    return to;
  }

  /**
   * @param value below 1,000
   * @return the end of what was written
   */
  public static int writeDecimal(int value, byte[] target, int offset) {
    int to = offset;
    if (value >= 100) {
      target[to++] = (byte) ('0' + value / 100);
    }
    if (value >= 10) {
      target[to++] = (byte) ('0' + value / 10 % 10);
    }
    target[to++] = (byte) ('0' + value % 10);
    return to;
  }

  private static int writeHex(int group, byte[] target, int offset) {
    int to = offset;
    for (int shift = 12; shift >= 0; shift -= 4) {
      if (group >> shift != 0 || shift == 0) {
        target[to++] = (byte) Character.forDigit((group >> shift) & 0xf, 16);
      }
    }
    return to;
  }
}
