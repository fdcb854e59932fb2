package dev.atalaya.sketch;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A set of 64-bit hashes that may take a hash for one it has, never the other way round: a blocked
 * Bloom filter.
 *
 * <p>Shape: blocks of 512 bits; a hash sets 6 bits of one block, so a test reads one or two cache
 * lines.
 *
 * <p>Error: a hash drawn uniformly, independent of those in the filter, is taken for one of them
 * with exactly the probability {@link #falsePositiveRate}, rounded up: the mean over all blocks of
 * (share of bits set)^6, since block and bits are independent of one another. It never falls while
 * the filter fills.
 *
 * <p>What it holds depends on the set of hashes alone, so the union of two filters is the filter of
 * the union.
 *
 * <p>Source: Bloom, CACM 1970; blocks: Putze, Sanders, Singler, <i>Cache-, Hash- and
 * Space-Efficient Bloom Filters</i>, WEA 2007; the number of distinct hashes from the fill:
 * Swamidass, Baldi, 2007.
 */
final class BloomFilter {

  static final int BLOCK_BYTES = 64;
  private static final int WORDS = 8;
  static final int BLOCK_BITS = 512;
  static final int HASHES = 6;

  /** Up to so many places of 9 bits take no more bytes than the block. */
  private static final int SPARSE = 56;

  private static final int PLACE_BITS = 9;

  /** (ones / 512)^6 in units of 2^-32, rounded up. */
  private static final long[] POWERS = new long[BLOCK_BITS + 1];

  /** How many hashes have set so many bits of a block: the likeliest number. */
  private static final double[] LOADS = new double[BLOCK_BITS + 1];

  static {
    for (int ones = 0; ones <= BLOCK_BITS; ones++) {
      POWERS[ones] = (long) Math.ceil(Math.pow(ones / 512.0, HASHES) * 0x1p32);
      // A full block could have any number: that at which one bit is as likely missing as not.
      LOADS[ones] = Math.log1p(-Math.min(ones, 511.5) / 512) / Math.log1p(-1 / 512.0) / HASHES;
    }
  }

  private final long[] words;
  private final int blockCount;

  BloomFilter(int blockCount) {
    this.blockCount = blockCount;
    words = new long[blockCount * WORDS];
  }

  private BloomFilter(BloomFilter other) {
    blockCount = other.blockCount;
    words = other.words.clone();
  }

  BloomFilter copy() {
    return new BloomFilter(this);
  }

  void clear() {
    Arrays.fill(words, 0);
  }

  /** Adds a hash; answers whether it was not there: false may be wrong, true never is. */
  boolean add(long hash) {
    long[] words = this.words;
    int base = base(hash);
    long places = places(hash);
    long missing = 0;
    for (int i = 0; i < HASHES; i++) {
      int at = base + (int) (places >>> 61);
      long bit = 1L << (places >>> 55);
      missing |= ~words[at] & bit;
      words[at] |= bit;
      places <<= 9;
    }
    return missing != 0;
  }

  boolean contains(long hash) {
    int base = base(hash);
    long places = places(hash);
    long missing = 0;
    for (int i = 0; i < HASHES; i++) {
      missing |= ~words[base + (int) (places >>> 61)] & 1L << (places >>> 55);
      places <<= 9;
    }
    return missing == 0;
  }

  private int base(long hash) {
    return (int) (((hash >>> 32) * blockCount) >>> 32) * WORDS;
  }

  /** Six numbers of 9 bits, the first on top, that tell nothing of the block. */
  private static long places(long hash) {
    return KeyHash.scatter(hash);
  }

  void merge(BloomFilter other) {
    for (int i = 0; i < words.length; i++) {
      words[i] |= other.words[i];
    }
  }

  int ones(int block) {
    int ones = 0;
    for (int i = block * WORDS; i < (block + 1) * WORDS; i++) {
      ones += Long.bitCount(words[i]);
    }
    return ones;
  }

  /** The probability that a new hash is taken for one that is there. */
  double falsePositiveRate() {
    long sum = 0;
    for (int block = 0; block < blockCount; block++) {
      sum += POWERS[ones(block)];
    }
    return sum / (blockCount * 0x1p32);
  }

  /** The number of distinct hashes, by the fill. */
  double size() {
    double sum = 0;
    for (int block = 0; block < blockCount; block++) {
      sum += LOADS[ones(block)];
    }
    return sum;
  }

  long footprintBytes() {
    return words.length * 8L;
  }

  int maxBytes() {
    return blockCount * (1 + BLOCK_BYTES);
  }

  /** A block with few bits as their places, the others as they are. */
  void write(ByteBuffer target) {
    long[] places = new long[SPARSE];
    for (int block = 0; block < blockCount; block++) {
      int ones = ones(block);
      target.put((byte) Math.min(ones, SPARSE + 1));
      if (ones > SPARSE) {
        for (int i = 0; i < WORDS; i++) {
          target.putLong(words[block * WORDS + i]);
        }
      } else {
        int n = 0;
        for (int i = 0; i < WORDS; i++) {
          for (long rest = words[block * WORDS + i]; rest != 0; rest &= rest - 1) {
            places[n++] = i * 64L + Long.numberOfTrailingZeros(rest);
          }
        }
        Varint.writeBits(target, PLACE_BITS, places, n);
      }
    }
  }

  static BloomFilter read(SummaryReader source, int blockCount) {
    // Every block has a byte at least: no allocation that the bytes do not account for.
    source.checkHas(blockCount, 1, "blocks");
    BloomFilter filter = new BloomFilter(blockCount);
    long[] places = new long[SPARSE];
    for (int block = 0; block < blockCount; block++) {
      filter.readBlock(source, block, places);
    }
    return filter;
  }

  private void readBlock(SummaryReader source, int block, long[] places) {
    int ones = source.readByte();
    source.check(ones <= SPARSE + 1, "number of bits of a block", ones);
    if (ones > SPARSE) {
      for (int i = 0; i < WORDS; i++) {
        words[block * WORDS + i] = source.readLong();
      }
      source.check(ones(block) > SPARSE, "number of bits of a whole block", ones(block));
      return;
    }
    source.readBits(PLACE_BITS, places, ones);
    for (int i = 0; i < ones; i++) {
      source.check(i == 0 || places[i] > places[i - 1], "next place of a bit", places[i]);
      words[block * WORDS + (int) (places[i] >>> 6)] |= 1L << places[i];
    }
  }
}
