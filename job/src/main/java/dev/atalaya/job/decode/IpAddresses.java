package dev.atalaya.job.decode;

/**
 * IP addresses in their one canonical form: IPv4 as four decimals, IPv6 after RFC 5952 (lower case,
 * no leading zeros, the longest run of zeros as {@code ::}), IPv4-mapped IPv6 as IPv4. The zone of
 * a scoped address ({@code %eth0}) names an interface of the machine that wrote it and is dropped.
 *
 * <p>Not thread-safe.
 */
final class IpAddresses {

  /** The longest canonical form, {@code ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff}. */
  static final int MAX_LENGTH = 39;

  private static final int GROUPS = 8;

  private final int[] groups = new int[GROUPS];

  /**
   * Writes the canonical form of an address at {@code targetOffset}, where there is room for {@link
   * #MAX_LENGTH} bytes. Source and target may be the same place.
   *
   * @return its length, or -1 when the text is no address
   */
  int canonical(byte[] text, int offset, int length, byte[] target, int targetOffset) {
    int end = offset + length;
    for (int at = offset; at < end; at++) {
      if (text[at] == ':') {
        return canonical6(text, offset, end, target, targetOffset);
      }
    }
    long address = ipv4(text, offset, end);
    if (address < 0) {
      return -1;
    }
    // Without leading zeros, the only way to write an IPv4 address is the canonical one.
    System.arraycopy(text, offset, target, targetOffset, length);
    return length;
  }

  private int canonical6(byte[] text, int offset, int end, byte[] target, int targetOffset) {
    int zone = offset;
    while (zone < end && text[zone] != '%') {
      zone++;
    }
    if (zone == end - 1 || !parse6(text, offset, zone)) {
      return -1;
    }
    return isMapped()
        ? write4(target, targetOffset) - targetOffset
        : write6(target, targetOffset) - targetOffset;
  }

  /** The 32 bits of a dotted address, or -1. A leading zero would be octal to some: refused. */
  private static long ipv4(byte[] text, int from, int end) {
    long address = 0;
    int parts = 0;
    int at = from;
    while (parts < 4) {
      int start = at;
      int part = 0;
      while (at < end && at - start < 3 && text[at] >= '0' && text[at] <= '9') {
        part = part * 10 + (text[at++] - '0');
      }
      if (at == start || part > 255 || (text[start] == '0' && at - start > 1)) {
        return -1;
      }
      address = address << 8 | part;
      parts++;
      if (parts < 4) {
        if (at == end || text[at] != '.') {
          return -1;
        }
        at++;
      }
    }
    return at == end ? address : -1;
  }

  /** Fills {@link #groups}. */
  private boolean parse6(byte[] text, int from, int end) {
    int count = 0;
    int gap = -1;
    int at = from;
    if (at + 1 < end && text[at] == ':' && text[at + 1] == ':') {
      gap = 0;
      at += 2;
    }
    while (at < end) {
      if (count == GROUPS) {
        return false;
      }
      int start = at;
      int group = 0;
      while (at < end && at - start < 4 && Character.digit(text[at], 16) >= 0) {
        group = group << 4 | Character.digit(text[at++], 16);
      }
      if (at < end && text[at] == '.') {
        long tail = ipv4(text, start, end);
        if (tail < 0 || count > GROUPS - 2) {
          return false;
        }
        groups[count++] = (int) (tail >> 16);
        groups[count++] = (int) (tail & 0xffff);
        break;
      }
      if (at == start) {
        return false;
      }
      groups[count++] = group;
      if (at == end) {
        break;
      }
      if (text[at++] != ':' || at == end) {
        return false;
      }
      if (text[at] == ':') {
        if (gap >= 0) {
          return false;
        }
        gap = count;
        at++;
      }
    }
    return spread(count, gap);
  }

  /** Moves the groups after {@code ::} to the end and puts zeros in the gap. */
  private boolean spread(int count, int gap) {
    if (gap < 0) {
      return count == GROUPS;
    }
    int missing = GROUPS - count;
    if (missing == 0) {
      return false;
    }
    for (int i = count - 1; i >= gap; i--) {
      groups[i + missing] = groups[i];
    }
    for (int i = gap; i < gap + missing; i++) {
      groups[i] = 0;
    }
    return true;
  }

  /** Whether the address is in {@code ::ffff:0:0/96}. */
  private boolean isMapped() {
    for (int i = 0; i < 5; i++) {
      if (groups[i] != 0) {
        return false;
      }
    }
    return groups[5] == 0xffff;
  }

  private int write4(byte[] target, int offset) {
    int to = writeDecimal(target, offset, groups[6] >> 8);
    target[to++] = '.';
    to = writeDecimal(target, to, groups[6] & 0xff);
    target[to++] = '.';
    to = writeDecimal(target, to, groups[7] >> 8);
    target[to++] = '.';
    return writeDecimal(target, to, groups[7] & 0xff);
  }

  private int write6(byte[] target, int offset) {
    int gapStart = -1;
    int gapLength = 1; // one zero group alone is written out
    for (int i = 0; i < GROUPS; i++) {
      int run = 0;
      while (i + run < GROUPS && groups[i + run] == 0) {
        run++;
      }
      if (run > gapLength) {
        gapStart = i;
        gapLength = run;
      }
      i += run;
    }
    int to = offset;
    for (int i = 0; i < GROUPS; i++) {
      if (i == gapStart) {
        target[to++] = ':';
        if (i == 0) {
          target[to++] = ':';
        }
        i += gapLength - 1;
      } else {
        to = writeHex(target, to, groups[i]);
        if (i < GROUPS - 1) {
          target[to++] = ':';
        }
      }
    }
    return to;
  }

  private static int writeDecimal(byte[] target, int offset, int value) {
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

  private static int writeHex(byte[] target, int offset, int value) {
    int to = offset;
    for (int shift = 12; shift >= 0; shift -= 4) {
      if (value >> shift != 0 || shift == 0) {
        target[to++] = (byte) Character.forDigit(value >> shift & 0xf, 16);
      }
    }
    return to;
  }
}
