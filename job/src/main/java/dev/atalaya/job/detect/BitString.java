package dev.atalaya.job.detect;

import dev.atalaya.job.match.IpAddresses;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Where a key or a prefix stands in the tree of all keys: its first bits, so that a prefix holds
 * exactly the keys that begin with it. An address is its family and its bits, a path its text; text
 * that is no address stands alone. Immutable, thread-safe.
 */
final class BitString {

  /** A prefix comes directly before all that it holds. */
  static final Comparator<BitString> PREFIX_FIRST =
      Comparator.comparing((BitString string) -> string.bytes, Arrays::compareUnsigned)
          .thenComparingInt(string -> string.length);

  private static final int FAMILY_BITS = 8;
  private static final byte NO_ADDRESS = 0;
  private static final byte IPV4 = 4;
  private static final byte IPV6 = 6;

  private final byte[] bytes;
  private final int length;

  /**
   * @param bytes zeros behind the first {@code length} bits
   */
  private BitString(byte[] bytes, int length) {
    this.bytes = bytes;
    this.length = length;
  }

  /** Reads keys and prefixes of a detector that rolls up. Not thread-safe. */
  static final class Reader {
    private final boolean paths;
    private final IpAddresses address = new IpAddresses();

    /**
     * @param paths whether keys are paths, not addresses
     */
    Reader(boolean paths) {
      this.paths = paths;
    }

    BitString read(byte[] keys, int offset, int length) {
      boolean prefix = KeyBytes.isPrefix(keys, offset, length);
      int from = prefix ? offset + 1 : offset;
      int end = offset + length;
      if (paths) {
        return of(Arrays.copyOfRange(keys, from, end));
      }
      int slash = end;
      if (prefix) {
        do {
          slash--;
        } while (keys[slash] != '/');
      }
      if (!address.read(keys, from, slash - from)) {
        byte[] text = new byte[1 + length];
        text[0] = NO_ADDRESS;
        System.arraycopy(keys, offset, text, 1, length);
        return of(text);
      }
      byte[] bits =
          address.isIpv4()
              ? ByteBuffer.allocate(5).put(IPV4).putInt((int) address.low()).array()
              : ByteBuffer.allocate(17)
                  .put(IPV6)
                  .putLong(address.high())
                  .putLong(address.low())
                  .array();
      return slash == end ? of(bits) : of(bits).first(FAMILY_BITS + decimal(keys, slash + 1, end));
    }

    private static BitString of(byte[] bytes) {
      return new BitString(bytes, Byte.SIZE * bytes.length);
    }

    private static int decimal(byte[] text, int from, int end) {
      int number = 0;
      for (int at = from; at < end; at++) {
        number = 10 * number + text[at] - '0';
      }
      return number;
    }
  }

  /** The whole number of bits. */
  int length() {
    return length;
  }

  /** Whether this is a whole address, not a prefix. */
  boolean isWhole() {
    return length == Byte.SIZE * bytes.length;
  }

  boolean holds(BitString other) {
    return length <= other.length && common(other) >= length;
  }

  /** How many bits this and the other begin with alike. */
  int common(BitString other) {
    int differs = Arrays.mismatch(bytes, other.bytes);
    if (differs < 0) {
      return Math.min(length, other.length);
    }
    int bits = Byte.SIZE * differs;
    if (differs < Math.min(bytes.length, other.bytes.length)) {
      int difference = (bytes[differs] ^ other.bytes[differs]) & 0xff;
      bits += Integer.numberOfLeadingZeros(difference) - (Integer.SIZE - Byte.SIZE);
    }
    return Math.min(bits, Math.min(length, other.length));
  }

  boolean bit(int index) {
    return (bytes[index >> 3] >> (7 - (index & 7)) & 1) != 0;
  }

  /** The first bits alone. */
  BitString first(int bits) {
    byte[] cut = bytes.clone();
    for (int at = (bits + 7) >> 3; at < cut.length; at++) {
      cut[at] = 0;
    }
    if ((bits & 7) != 0) {
      cut[bits >> 3] &= (byte) (0xff00 >> (bits & 7));
    }
    return new BitString(cut, bits);
  }

  /** The bytes of the key that this prefix of addresses is in summaries and documents. */
  byte[] toPrefixKey() {
    byte[] text = addressText();
    byte[] key = new byte[1 + IpAddresses.MAX_PREFIX_LENGTH];
    key[0] = KeyBytes.PREFIX_MARK;
    IpAddresses address = new IpAddresses();
    address.read(text, 0, text.length);
    return Arrays.copyOf(key, address.writePrefix(length - FAMILY_BITS, key, 1));
  }

  private byte[] addressText() {
    StringBuilder text = new StringBuilder();
    if (bytes[0] == IPV4) {
      for (int at = 1; at < bytes.length; at++) {
        text.append(at == 1 ? "" : ".").append(bytes[at] & 0xff);
      }
    } else {
      for (int at = 1; at < bytes.length; at += 2) {
        text.append(at == 1 ? "" : ":");
        text.append(Integer.toHexString((bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff)));
      }
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }
}
