package dev.atalaya.job.match;

import dev.atalaya.capture.IpText;

/**
 * IP addresses in their one canonical form: IPv4 as four decimals, IPv6 after RFC 5952 (lower case,
 * no leading zeros, the longest run of zeros as {@code ::}), IPv4-mapped IPv6 as IPv4. The zone of
 * a scoped address ({@code %eth0}) names an interface of the machine that wrote it and is dropped.
 *
 * <p>Not thread-safe.
 */
public final class IpAddresses {

  /** The longest canonical form. */
  public static final int MAX_LENGTH = IpText.MAX_LENGTH;

  /** The longest prefix, an address and {@code /128}. */
  public static final int MAX_PREFIX_LENGTH = MAX_LENGTH + 4;

  public static final int IPV4_BITS = 32;
  public static final int IPV6_BITS = 128;

  private static final int GROUPS = IpText.GROUPS;

  private final int[] groups = new int[GROUPS];

  private boolean ipv4;
  private long high;
  private long low;

  /**
   * Writes the canonical form of an address at {@code targetOffset}, where there is room for {@link
   * #MAX_LENGTH} bytes. Source and target may be the same place.
   *
   * @return its length, or -1 when the text is no address
   */
  public int canonical(byte[] text, int offset, int length, byte[] target, int targetOffset) {
    int end = offset + length;
    if (hasColon(text, offset, end)) {
      return canonical6(text, offset, end, target, targetOffset);
    }
    long address = ipv4(text, offset, end);
    if (address < 0) {
      return -1;
    }
    // Without leading zeros, the only way to write an IPv4 address is the canonical one.
    System.arraycopy(text, offset, target, targetOffset, length);
    return length;
  }

  /** Reads an address, so that the methods below tell it; false when the text is none. */
  public boolean read(byte[] text, int offset, int length) {
    int end = offset + length;
    high = 0;
    if (!hasColon(text, offset, end)) {
      ipv4 = true;
      low = ipv4(text, offset, end);
      return low >= 0;
    }
    if (!parseScoped6(text, offset, end)) {
      return false;
    }
    ipv4 = isMapped();
    if (ipv4) {
      low = mappedIpv4();
    } else {
      high = join(0);
      low = join(GROUPS / 2);
    }
    return true;
  }

  /** Whether the address read last is IPv4, be it mapped. */
  public boolean isIpv4() {
    return ipv4;
  }

  /** {@link #IPV4_BITS} or {@link #IPV6_BITS}. */
  public int bits() {
    return ipv4 ? IPV4_BITS : IPV6_BITS;
  }

  /** The upper half of the address read last; 0 for IPv4. */
  public long high() {
    return high;
  }

  /** The lower half of the address read last, or all of it for IPv4. */
  public long low() {
    return low;
  }

  /**
   * Writes the prefix of the address read last in canonical form, such as {@code 203.0.113.0/24},
   * where there is room for {@link #MAX_PREFIX_LENGTH} bytes.
   *
   * @param length in bits, 0 to {@link #bits}
   * @return the end of what was written
   */
  public int writePrefix(int length, byte[] target, int offset) {
    int to;
    if (ipv4) {
      to = IpText.writeIpv4(low & upperBits(length + IPV4_BITS), target, offset);
    } else {
      split(high & upperBits(length), 0);
      split(low & upperBits(length - Long.SIZE), GROUPS / 2);
      to = IpText.writeIpv6(groups, target, offset);
    }
    target[to++] = '/';
    return IpText.writeDecimal(length, target, to);
  }

  /** A long whose {@code count} upper bits are set: none below 1, all from 64 on. */
  static long upperBits(int count) {
    return count <= 0 ? 0 : count >= Long.SIZE ? -1 : -1L << (Long.SIZE - count);
  }

  private long join(int firstGroup) {
    long half = 0;
    for (int i = firstGroup; i < firstGroup + GROUPS / 2; i++) {
      half = half << 16 | groups[i];
    }
    return half;
  }

  private void split(long half, int firstGroup) {
    for (int i = 0; i < GROUPS / 2; i++) {
      groups[firstGroup + i] = (int) (half >>> (48 - 16 * i)) & 0xffff;
    }
  }

  private static boolean hasColon(byte[] text, int from, int end) {
    for (int at = from; at < end; at++) {
      if (text[at] == ':') {
        return true;
      }
    }
    return false;
  }

  private int canonical6(byte[] text, int offset, int end, byte[] target, int targetOffset) {
    if (!parseScoped6(text, offset, end)) {
      return -1;
    }
    return isMapped()
        ? IpText.writeIpv4(mappedIpv4(), target, targetOffset) - targetOffset
        : IpText.writeIpv6(groups, target, targetOffset) - targetOffset;
  }

  /** Fills {@link #groups}; a zone is passed over. */
  private boolean parseScoped6(byte[] text, int offset, int end) {
    int zone = offset;
    while (zone < end && text[zone] != '%') {
      zone++;
    }
    return zone != end - 1 && parse6(text, offset, zone);
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

  private long mappedIpv4() {
    return (long) groups[6] << 16 | groups[7];
  }
}
