package dev.atalaya.capture.udp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

/**
 * How many datagrams the kernel dropped because a socket's buffer was full, as Linux tells in
 * {@code /proc/net/udp} and {@code udp6}. Elsewhere 0.
 */
final class KernelDrops {

  private static final int LOCAL_ADDRESS = 1;
  private static final int DROPS = 12;

  private KernelDrops() {}

  /**
   * @param address what the socket is bound to
   */
  static long of(InetSocketAddress address) {
    return count(Path.of("/proc/net/udp"), address) + count(Path.of("/proc/net/udp6"), address);
  }

  private static long count(Path table, InetSocketAddress address) {
    try {
      return count(Files.readAllLines(table, StandardCharsets.US_ASCII), address);
    } catch (IOException e) {
      return 0; // not Linux, or no IPv6
    }
  }

  /** Adds up the lines of a table that are about a local address. */
  static long count(List<String> table, InetSocketAddress address) throws UnknownHostException {
    long drops = 0;
    for (String line : table) {
      String[] columns = line.trim().split("\\s+");
      if (columns.length > DROPS && isAt(columns[LOCAL_ADDRESS], address)) {
        drops += Long.parseLong(columns[DROPS]);
      }
    }
    return drops;
  }

  private static boolean isAt(String local, InetSocketAddress address) throws UnknownHostException {
    int colon = local.indexOf(':');
    if (colon != 8 && colon != 32) {
      return false; // the table's head
    }
    if (Integer.parseInt(local.substring(colon + 1), 16) != address.getPort()) {
      return false;
    }
    InetAddress found = InetAddress.getByAddress(bytes(local.substring(0, colon)));
    return found.equals(address.getAddress())
        || (found.isAnyLocalAddress() && address.getAddress().isAnyLocalAddress());
  }

  /** The address is written as numbers of 32 bits in the machine's order. */
  private static byte[] bytes(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
      for (int word = 0; word < bytes.length; word += 4) {
        swap(bytes, word, word + 3);
        swap(bytes, word + 1, word + 2);
      }
    }
    return bytes;
  }

  private static void swap(byte[] bytes, int one, int other) {
    byte kept = bytes[one];
    bytes[one] = bytes[other];
    bytes[other] = kept;
  }
}
