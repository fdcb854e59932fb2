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

  private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

  private final byte[] bytes = new byte[IPV6_LENGTH];
  private final int[] groups = new int[IpText.GROUPS];
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

  /** Writes the text where there is room for {@link IpText#MAX_LENGTH} bytes; returns its end. */
  int writeTo(byte[] target, int offset) {
    if (length == IPV4_LENGTH) {
      return IpText.writeIpv4(BigEndian.u32(bytes, 0), target, offset);
    }
    for (int i = 0; i < groups.length; i++) {
      groups[i] = BigEndian.u16(bytes, 2 * i);
    }
    return IpText.writeIpv6(groups, target, offset);
  }

  /** The text; empty when there is no address. */
  @Override
  public String toString() {
    if (length == 0) {
      return "";
    }
    byte[] text = new byte[IpText.MAX_LENGTH];
    return new String(text, 0, writeTo(text, 0), StandardCharsets.US_ASCII);
  }
}
