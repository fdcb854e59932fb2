package dev.atalaya.capture;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An IPv4 or IPv6 address, or none, that is set again for each event. Its text is the canonical
 * one: four decimals, or RFC 5952; IPv4-mapped IPv6 is IPv4.
 *
 * <p>Not thread-safe.
 */
public final class IpAddress {

  public static final int IPV4_LENGTH = 4;
  public static final int IPV6_LENGTH = 16;

  /** The longest text, of eight groups of four digits. */
  public static final int MAX_TEXT_LENGTH = 39;

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};
  private static final int GROUPS = 8;

  private final byte[] bytes = new byte[IPV6_LENGTH];
  private int length;

  public void clear() {
    length = 0;
  }

  public boolean isPresent() {
    return length > 0;
  }

  /** Whether there is none, or it is 0.0.0.0 or ::, which say that it is not known. */
  public boolean isUnspecified() {
    for (int i = 0; i < length; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Takes the 4 or 16 bytes of an address.
   *
   * @param addressLength {@link #IPV4_LENGTH} or {@link #IPV6_LENGTH}
   */
  public void set(byte[] source, int offset, int addressLength) {
    if (addressLength == IPV6_LENGTH
        && source[offset + MAPPED.length - 1] == -1
        && Arrays.equals(source, offset, offset + MAPPED.length, MAPPED, 0, MAPPED.length)) {
      set(source, offset + MAPPED.length, IPV4_LENGTH);
      return;
    }
    System.arraycopy(source, offset, bytes, 0, addressLength);
    length = addressLength;
  }

  /** As the JDK has it; the address must be present. */
  public InetAddress toInetAddress() {
    try {
      return InetAddress.getByAddress(Arrays.copyOf(bytes, length));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e); // it has 4 or 16 bytes
    }
  }

  /** Becomes a copy of another. */
  public void set(IpAddress other) {
    System.arraycopy(other.bytes, 0, bytes, 0, other.length);
    length = other.length;
  }

  void swap(IpAddress other) {
    for (int i = 0; i < IPV6_LENGTH; i++) {
      byte mine = bytes[i];
      bytes[i] = other.bytes[i];
      other.bytes[i] = mine;
    }
    int mine = length;
    length = other.length;
    other.length = mine;
  }

  /** Writes the text where there is room for {@link #MAX_TEXT_LENGTH} bytes; returns its end. */
  int writeTo(byte[] target, int offset) {
    return length == IPV4_LENGTH ? write4(target, offset) : write6(target, offset);
  }

  private int write4(byte[] target, int offset) {
    int to = offset;
    for (int i = 0; i < IPV4_LENGTH; i++) {
      if (i > 0) {
        target[to++] = '.';
      }
      int value = bytes[i] & 0xff;
      if (value >= 100) {
        target[to++] = (byte) ('0' + value / 100);
      }
      if (value >= 10) {
        target[to++] = (byte) ('0' + value / 10 % 10);
      }
      target[to++] = (byte) ('0' + value % 10);
    }
    return to;
  }

  private int write6(byte[] target, int offset) {
    int zerosFrom = -1;
    int zeros = 1; // a single group of zeros is written out
    for (int i = 0; i < GROUPS; i++) {
      int run = 0;
      while (i + run < GROUPS && group(i + run) == 0) {
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
      to = writeHex(group(i), target, to);
    }
    return to;
  }

  private int group(int index) {
    return BigEndian.u16(bytes, 2 * index);
  }

  private static int writeHex(int group, byte[] target, int offset) {
    int to = offset;
    for (int shift = 12; shift >= 0; shift -= 4) {
      if (group >>> shift != 0 || shift == 0) {
        target[to++] = HEX[group >>> shift & 0xf];
      }
    }
    return to;
  }

  /** The text; empty when there is no address. */
  @Override
  public String toString() {
    if (length == 0) {
      return "";
    }
    byte[] text = new byte[MAX_TEXT_LENGTH];
    return new String(text, 0, writeTo(text, 0), StandardCharsets.US_ASCII);
  }
}
