package dev.atalaya.job.fold;

import dev.atalaya.job.config.DetectorConfig.Rollup;
import dev.atalaya.job.detect.KeyBytes;
import dev.atalaya.job.match.IpAddresses;
import dev.atalaya.sketch.KeyHash;
import java.util.Arrays;

/**
 * The prefixes above a key that findings may be rolled up to, as keys with their hashes, from the
 * shortest on: of an address those of the configured lengths that are shorter than itself; of a
 * path its sub-trees, down to the last slash or the configured depth, without the query. What is no
 * address has none. Not thread-safe.
 *
 * <p>Written once for an event, when the first detector asks.
 */
final class PrefixKeys {

  private final int[] ipv4;
  private final int[] ipv6;
  private final int depth;
  private final KeyHash hash;
  private final IpAddresses address = new IpAddresses();

  private byte[] bytes = new byte[256];
  private final int[] ends;
  private final long[] hashes;
  private int count;
  private boolean written;

  PrefixKeys(Rollup rollup, KeyHash hash) {
    ipv4 = rollup.ipv4().stream().mapToInt(Integer::intValue).toArray();
    ipv6 = rollup.ipv6().stream().mapToInt(Integer::intValue).toArray();
    depth = rollup.path();
    this.hash = hash;
    int most = Math.max(depth, Math.max(ipv4.length, ipv6.length));
    ends = new int[most + 1];
    hashes = new long[most];
  }

  /** Forgets the last event. */
  void clear() {
    written = false;
  }

  /** Writes the prefixes of a key unless it has been done, and answers how many there are. */
  int of(CompositeKey key) {
    if (!written) {
      written = true;
      count = 0;
      if (depth > 0) {
        writeSubTrees(key.bytes(), key.offset(), key.length());
      } else if (address.read(key.bytes(), key.offset(), key.length())) {
        writeNetworks();
      }
    }
    return count;
  }

  private void writeNetworks() {
    for (int length : address.isIpv4() ? ipv4 : ipv6) {
      if (length < address.bits()) {
        int from = begin(IpAddresses.MAX_PREFIX_LENGTH);
        end(address.writePrefix(length, bytes, from));
      }
    }
  }

  private void writeSubTrees(byte[] path, int offset, int length) {
    // The slash that a path begins with is above everything.
    for (int at = offset + 1; at < offset + length && path[at] != '?'; at++) {
      if (path[at] == '/') {
        int from = begin(at + 1 - offset);
        System.arraycopy(path, offset, bytes, from, at + 1 - offset);
        end(from + at + 1 - offset);
        if (count == depth) {
          return;
        }
      }
    }
  }

  /** Writes the mark of the next prefix; there is room for {@code length} bytes behind it. */
  private int begin(int length) {
    int from = ends[count];
    if (bytes.length < from + 1 + length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, from + 1 + length));
    }
    bytes[from] = KeyBytes.PREFIX_MARK;
    return from + 1;
  }

  private void end(int end) {
    hashes[count] = hash.hash(bytes, ends[count], end - ends[count]);
    ends[++count] = end;
  }

  long hash(int prefix) {
    return hashes[prefix];
  }

  byte[] bytes() {
    return bytes;
  }

  int offset(int prefix) {
    return ends[prefix];
  }

  int length(int prefix) {
    return ends[prefix + 1] - ends[prefix];
  }
}
