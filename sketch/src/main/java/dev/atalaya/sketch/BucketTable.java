package dev.atalaya.sketch;

import java.nio.ByteBuffer;
import java.util.function.LongUnaryOperator;

/**
 * The certified heavy-light state: an array of buckets that keep the heavy keys and bound the light
 * ones.
 *
 * <p>Shape: {@code W} buckets of 224 bytes in six sevenths of the memory, key bytes in the rest, a
 * register per 128 bytes (16 to 4,096) for the number of distinct keys. 256 KiB: 995 buckets with
 * 7,960 slots and 15,920 cells, 37 KB of key bytes, 2,048 registers.
 *
 * <p>Error: a stored key's is its debt of birth, what may have come before it was admitted; an
 * absent key's is the smallest of its two cells and the bucket's offset: before merges never more
 * than an eighth of what the bucket received. Merge: the same {@code W}.
 *
 * <p>Source: own. SpaceSaving (Metwally et al., ICDT 2005) in each bucket, whose newcomers owe not
 * the bucket's minimum but only what their own cells allow; the merge follows Agarwal et al.,
 * <i>Mergeable Summaries</i>, PODS 2012.
 */
final class BucketTable {

  // A bucket is one block of 28 longs:
  //
  //    0      tags: 8 bytes, one a slot
  //    1      offset: at least the upper bound of every key that is not in a slot
  //    2..9   fingerprints: the whole hash of each slot
  //   10..17  values: an upper bound each; the sign bit says that the key's bytes are stored
  //   18..19  errors: 16 bits a slot, how much of the value may be debt
  //   20..23  cells: 16 bits each; a key owns one of the first eight and one of the last eight
  //   24..27  references: 32 bits a slot, where its key bytes are in the arena
  //
  // hit: all tags are compared at once, the fingerprint confirms, the value rises. That is all.
  //
  // miss: what the key may have had is at most debt = min(its two cells, offset), so its upper
  // bound is now v = debt + weight. If v is above the smallest value in the bucket, that slot is
  // evicted: its cells and the offset rise to at least its value, and the newcomer takes it with
  // the debt as its error. Else the newcomer stays outside, and its own cells and the offset rise
  // to at least v. Either way a key outside is bounded by its cells and by the offset: they are at
  // least its upper bound when it leaves or fails to enter, and never fall.
  // The smallest value never falls and the offset is never above it, so the values' sum grows by no
  // more than the weight: all bounds of SpaceSaving with 8 counters hold in each bucket. (A merge
  // keeps every key's bounds, but adds up what both sides owe to absent keys: then this sum may
  // reach twice the weight.)
  //
  // An empty slot is a slot with value 0: the smallest, so it is taken first, and evicting it
  // changes nothing.
  //
  // Errors and cells are in units of 2^shift, rounded up, and the shift follows from the offset,
  // which none of them exceeds: 16 bits are enough for any weights. When the offset outgrows the
  // unit, the block is rescaled. (Below 65,535 the unit is 1. A bucket that takes much more than
  // 65,535 evictions gets coarse cells, and falls back on its offset, which is exact.)
  //
  // Key bytes are stored once a slot's value reaches namedFrom, which rises when the arena is full:
  // so mice cost no copies.

  static final int SLOTS = 8;
  static final int CELLS = 16;
  private static final int TAGS = 0;
  static final int OFFSET = 1;
  static final int FINGERPRINTS = 2;
  static final int VALUES = 10;
  static final int ERRORS = 18;
  static final int CELL_WORDS = 20;
  static final int REFERENCES = 24;
  static final int BLOCK = 28;

  private static final long BYTES_LOW = 0x0101010101010101L;
  private static final long BYTES_HIGH = 0x8080808080808080L;
  static final long NAMED = Long.MIN_VALUE;
  static final long VALUE = Long.MAX_VALUE;

  /**
   * The golden ratio: its high bits choose tag and cells, whichever bits chose slice and bucket.
   */
  static final long MIX = 0x9e3779b97f4a7c15L;

  /** From this value on the search for the smallest slot has no room for the slot's number. */
  static final long WIDE = 1L << 60;

  /** Below this offset the unit of a bucket is 1: no need to compute it (measured: +4 %). */
  private static final long COARSE = 0xffff;

  private static final int NAME_CLASS_BITS = 3;

  static final int BATCH = 64;

  final int bucketCount;
  final long[] blocks;
  final KeyArena arena;
  final DistinctCounter distinct;
  private final int[] misses = new int[BATCH];
  long namedFrom = 1;
  private boolean wide;

  BucketTable(long memoryBytes) {
    bucketCount = bucketCount(memoryBytes);
    blocks = new long[bucketCount * BLOCK];
    arena = new KeyArena(arenaBytes(memoryBytes));
    distinct = new DistinctCounter(registers(memoryBytes));
  }

  private BucketTable(BucketTable other) {
    bucketCount = other.bucketCount;
    blocks = other.blocks.clone();
    arena = other.arena.copy();
    distinct = other.distinct.copy();
    namedFrom = other.namedFrom;
    wide = other.wide;
  }

  BucketTable copy() {
    return new BucketTable(this);
  }

  static int bucketCount(long memoryBytes) {
    return (int) ((memoryBytes - registers(memoryBytes)) * 6 / 7 / (BLOCK * 8));
  }

  private static int arenaBytes(long memoryBytes) {
    return (int) (memoryBytes - registers(memoryBytes) - 8L * BLOCK * bucketCount(memoryBytes));
  }

  /** How many keys of one length keep their bytes, when there are more. */
  static long nameCapacity(long memoryBytes, int keyLength) {
    return arenaBytes(memoryBytes) * 3L / 4 / KeyArena.cost(keyLength);
  }

  static int registers(long memoryBytes) {
    return (int) Math.max(16, Math.min(4096, Long.highestOneBit(memoryBytes / 128)));
  }

  // ---- update

  void update(long hash, byte[] key, int offset, int length, long weight) {
    long[] blocks = this.blocks;
    int base = base(hash);
    long mixed = hash * MIX;
    long matches = matches(blocks[base + TAGS], mixed);
    while (matches != 0) {
      int slot = Long.numberOfTrailingZeros(matches) >>> 3;
      if (blocks[base + FINGERPRINTS + slot] == hash) {
        long before = blocks[base + VALUES + slot];
        long after = before + weight;
        if ((before ^ after) < 0) {
          after = before | VALUE;
        }
        blocks[base + VALUES + slot] = after;
        // Negative when the bytes are stored already.
        if (after >= namedFrom) {
          name(base, slot, key, offset, length);
        }
        return;
      }
      matches &= matches - 1;
    }
    miss(base, hash, mixed, key, offset, length, weight);
  }

  /**
   * Up to {@link #BATCH} updates, those of stored keys first: the buckets of all are fetched while
   * none waits for another, and no branch depends on which keys are stored (measured: +15 %).
   */
  void updateBatch(
      long[] hashes,
      byte[] keys,
      int[] offsets,
      int[] lengths,
      long[] weights,
      int first,
      int count) {
    long[] blocks = this.blocks;
    int[] misses = this.misses;
    int missCount = 0;
    for (int i = first; i < first + count; i++) {
      long hash = hashes[i];
      int base = base(hash);
      long matches = matches(blocks[base + TAGS], hash * MIX);
      // 8 when no tag matches: then the word read and written unchanged is one behind the values.
      int slot = Long.numberOfTrailingZeros(matches) >>> 3;
      long difference = blocks[base + FINGERPRINTS + slot] ^ hash;
      // All ones unless a tag matched and its fingerprint is the hash.
      long miss = ((difference | -difference) | ~(matches | -matches)) >> 63;
      long before = blocks[base + VALUES + slot];
      long after = before + (weights[i] & ~miss);
      if ((before ^ after) < 0) {
        after = before | VALUE;
      }
      blocks[base + VALUES + slot] = after;
      if ((after | miss) >= namedFrom) {
        name(base, slot, keys, offsets[i], lengths[i]);
      }
      misses[missCount] = i;
      missCount -= (int) miss;
    }
    for (int j = 0; j < missCount; j++) {
      int i = misses[j];
      long hash = hashes[i];
      int base = base(hash);
      long mixed = hash * MIX;
      if (matches(blocks[base + TAGS], mixed) == 0) {
        miss(base, hash, mixed, keys, offsets[i], lengths[i], weights[i]);
      } else {
        update(hash, keys, offsets[i], lengths[i], weights[i]);
      }
    }
  }

  int base(long hash) {
    return (int) (((hash >>> 32) * bucketCount) >>> 32) * BLOCK;
  }

  /** The top bit of each byte that may equal the tag; the lowest one set is right. */
  private static long matches(long tags, long mixed) {
    long x = tags ^ (mixed >>> 56) * BYTES_LOW;
    return (x - BYTES_LOW) & ~x & BYTES_HIGH;
  }

  private void miss(
      int base, long hash, long mixed, byte[] key, int offset, int length, long weight) {
    distinct.add(hash);
    long debt = debt(base, mixed);
    long value = Saturating.add(debt, weight);
    int slot = smallestSlot(base);
    long smallest = blocks[base + VALUES + slot] & VALUE;
    if (value > smallest) {
      if (smallest != 0) {
        raise(base, blocks[base + FINGERPRINTS + slot] * MIX, smallest);
      }
      put(base, slot, hash, value, debt);
      if (value >= namedFrom) {
        name(base, slot, key, offset, length);
      }
    } else {
      raise(base, mixed, value);
    }
  }

  /** The upper bound of a key that is in no slot. */
  long debt(int base, long mixed) {
    long offset = blocks[base + OFFSET];
    long units = min(cell(base, firstCell(mixed)), cell(base, secondCell(mixed)));
    return offset < COARSE ? units : bound(units, offset);
  }

  private static int firstCell(long mixed) {
    return (int) (mixed >>> 53) & 7;
  }

  private static int secondCell(long mixed) {
    return ((int) (mixed >>> 50) & 7) | 8;
  }

  long cell(int base, int cell) {
    return blocks[base + CELL_WORDS + (cell >>> 2)] >>> ((cell & 3) << 4) & 0xffff;
  }

  /** The unit of a bucket is the smallest power of two with which its offset takes 16 bits. */
  static int shift(long offset) {
    return Math.max(0, 48 - Long.numberOfLeadingZeros(offset + (offset >>> 15)));
  }

  static long units(long value, int shift) {
    return value == 0 ? 0 : ((value - 1) >>> shift) + 1;
  }

  /** What a number of units bounds, in a bucket with this offset, which nothing in it exceeds. */
  static long bound(long units, long offset) {
    return min(decoded(units, shift(offset)), offset);
  }

  static long decoded(long units, int shift) {
    long value = units << shift;
    // 2^63, the only one that overflows, becomes 2^63 - 1.
    return value - (value >>> 63);
  }

  private int smallestSlot(int base) {
    if (wide) {
      return smallestWideSlot(base);
    }
    long[] blocks = this.blocks;
    int at = base + VALUES;
    // Value and slot number in one long: minima without a branch (measured: +30 % of updates/s).
    long a = min(blocks[at] << 3, blocks[at + 1] << 3 | 1);
    long b = min(blocks[at + 2] << 3 | 2, blocks[at + 3] << 3 | 3);
    long c = min(blocks[at + 4] << 3 | 4, blocks[at + 5] << 3 | 5);
    long d = min(blocks[at + 6] << 3 | 6, blocks[at + 7] << 3 | 7);
    return (int) min(min(a, b), min(c, d)) & 7;
  }

  /** Of values of at least 0, without a branch that could be mispredicted. */
  static long min(long a, long b) {
    long difference = a - b;
    return b + (difference & difference >> 63);
  }

  /** How much the first exceeds the second, both at least 0: 0 when it does not. */
  private static long excess(long a, long b) {
    long difference = a - b;
    return difference & ~(difference >> 63);
  }

  private int smallestWideSlot(int base) {
    int smallest = 0;
    for (int slot = 1; slot < SLOTS; slot++) {
      if ((blocks[base + VALUES + slot] & VALUE) < (blocks[base + VALUES + smallest] & VALUE)) {
        smallest = slot;
      }
    }
    return smallest;
  }

  /** Cells and offset of a key that is or stays outside rise to at least its upper bound. */
  void raise(int base, long mixed, long value) {
    long offset = blocks[base + OFFSET];
    long raised = offset + excess(value, offset);
    if (raised < COARSE) {
      blocks[base + OFFSET] = raised;
      raiseCell(base, firstCell(mixed), value);
      raiseCell(base, secondCell(mixed), value);
    } else {
      raiseCoarse(base, mixed, value);
    }
  }

  private void raiseCoarse(int base, long mixed, long value) {
    if (value > blocks[base + OFFSET]) {
      raiseOffset(base, value);
    }
    long units = units(value, shift(blocks[base + OFFSET]));
    raiseCell(base, firstCell(mixed), units);
    raiseCell(base, secondCell(mixed), units);
  }

  private void raiseCell(int base, int cell, long units) {
    int at = base + CELL_WORDS + (cell >>> 2);
    int bits = (cell & 3) << 4;
    long word = blocks[at];
    blocks[at] = word + (excess(units, word >>> bits & 0xffff) << bits);
  }

  private void raiseOffset(int base, long value) {
    int more = shift(value) - shift(blocks[base + OFFSET]);
    blocks[base + OFFSET] = value;
    if (more > 0) {
      for (int at = base + ERRORS; at < base + REFERENCES; at++) {
        blocks[at] = rescaled(blocks[at], more);
      }
    }
  }

  /** Four 16-bit numbers in a unit larger by {@code 2^more}, rounded up. */
  private static long rescaled(long word, int more) {
    long result = 0;
    for (int bits = 0; bits < 64; bits += 16) {
      result |= units(word >>> bits & 0xffff, more) << bits;
    }
    return result;
  }

  void put(int base, int slot, long hash, long value, long error) {
    long tag = (hash * MIX) >>> 56;
    int bits = slot << 3;
    blocks[base + TAGS] = (blocks[base + TAGS] & ~(0xffL << bits)) | tag << bits;
    blocks[base + FINGERPRINTS + slot] = hash;
    blocks[base + VALUES + slot] = value;
    setError(base, slot, error);
  }

  private void setError(int base, int slot, long error) {
    int at = base + ERRORS + (slot >>> 2);
    int bits = (slot & 3) << 4;
    long units = units(error, shift(blocks[base + OFFSET]));
    blocks[at] = (blocks[at] & ~(0xffffL << bits)) | units << bits;
  }

  long errorUnits(int base, int slot) {
    return blocks[base + ERRORS + (slot >>> 2)] >>> ((slot & 3) << 4) & 0xffff;
  }

  long error(int base, int slot) {
    return bound(errorUnits(base, slot), blocks[base + OFFSET]);
  }

  // ---- key bytes

  void name(int base, int slot, byte[] key, int offset, int length) {
    if (KeyArena.cost(length) > arena.capacity() / 2) {
      return;
    }
    if (!arena.hasRoomFor(length)) {
      compact(blocks[base + VALUES + slot], KeyArena.cost(length));
      if (blocks[base + VALUES + slot] < namedFrom || !arena.hasRoomFor(length)) {
        return;
      }
    }
    setReference(base, slot, arena.append(key, offset, length));
    blocks[base + VALUES + slot] |= NAMED;
  }

  int reference(int base, int slot) {
    return (int) (blocks[base + REFERENCES + (slot >>> 1)] >>> ((slot & 1) << 5));
  }

  /** The reference of a slot's key bytes, or -1. */
  int namedReference(int base, int slot) {
    return blocks[base + VALUES + slot] < 0 ? reference(base, slot) : -1;
  }

  void setReference(int base, int slot, int reference) {
    int at = base + REFERENCES + (slot >>> 1);
    int bits = (slot & 1) << 5;
    blocks[at] = (blocks[at] & ~(0xffffffffL << bits)) | (long) reference << bits;
  }

  /**
   * Drops dead bytes, and those of the smallest slots, until a quarter of the arena is free; the
   * bytes of a key that wants in count as live.
   */
  private void compact(long newValue, int newCost) {
    long[] live = new long[64 << NAME_CLASS_BITS];
    live[nameClass(newValue)] = newCost;
    for (int base = 0; base < blocks.length; base += BLOCK) {
      for (int slot = 0; slot < SLOTS; slot++) {
        long value = blocks[base + VALUES + slot];
        if (value < 0) {
          live[nameClass(value & VALUE)] += KeyArena.cost(arena.keyLength(reference(base, slot)));
        }
      }
    }
    long room = arena.capacity() * 3L / 4;
    int nameClass = live.length;
    while (nameClass > 0 && live[nameClass - 1] <= room) {
      nameClass--;
      room -= live[nameClass];
    }
    // Bytes below the absent keys' bound cannot make a threshold certain.
    long useful = absentBound();
    namedFrom = Math.max(namedFrom, Math.max(useful, smallestOfClass(nameClass)));
    moveNames(Math.max(1, Math.max(useful, smallestOfClass(nameClass - 1))), room);
  }

  /**
   * Keeps the keys from {@link #namedFrom} on, and of those below it down to another, a few bytes.
   */
  private void moveNames(long smallest, long bytesBelow) {
    KeyArena old = arena.copy();
    arena.clear();
    for (int base = 0; base < blocks.length; base += BLOCK) {
      for (int slot = 0; slot < SLOTS; slot++) {
        long value = blocks[base + VALUES + slot];
        if (value >= 0) {
          continue;
        }
        int reference = reference(base, slot);
        int length = old.keyLength(reference);
        boolean keep = (value & VALUE) >= namedFrom;
        if (!keep && (value & VALUE) >= smallest && KeyArena.cost(length) <= bytesBelow) {
          bytesBelow -= KeyArena.cost(length);
          keep = true;
        }
        // Only keys whose values have all saturated can fail to fit.
        if (keep && arena.hasRoomFor(length)) {
          setReference(base, slot, arena.append(old, reference));
        } else {
          blocks[base + VALUES + slot] = value & VALUE;
        }
      }
    }
  }

  /** Eight classes an octave. */
  private static int nameClass(long value) {
    int octave = 63 - Long.numberOfLeadingZeros(value);
    long rest =
        octave >= NAME_CLASS_BITS
            ? value >>> (octave - NAME_CLASS_BITS)
            : value << (NAME_CLASS_BITS - octave);
    return (octave << NAME_CLASS_BITS) + (int) (rest & ((1 << NAME_CLASS_BITS) - 1));
  }

  private static long smallestOfClass(int nameClass) {
    if (nameClass < 0) {
      return 0;
    }
    int octave = nameClass >>> NAME_CLASS_BITS;
    if (octave >= 63) {
      return Long.MAX_VALUE;
    }
    long mantissa = (nameClass & ((1 << NAME_CLASS_BITS) - 1)) + (1L << NAME_CLASS_BITS);
    return octave >= NAME_CLASS_BITS
        ? mantissa << (octave - NAME_CLASS_BITS)
        : -(-mantissa >> (NAME_CLASS_BITS - octave));
  }

  // ---- answers

  /** The slot of a hash, or -1. */
  int slot(int base, long hash) {
    long matches = matches(blocks[base + TAGS], hash * MIX);
    while (matches != 0) {
      int slot = Long.numberOfTrailingZeros(matches) >>> 3;
      if (blocks[base + FINGERPRINTS + slot] == hash && blocks[base + VALUES + slot] != 0) {
        return slot;
      }
      matches &= matches - 1;
    }
    return -1;
  }

  long lower(long hash) {
    int base = base(hash);
    int slot = slot(base, hash);
    return slot < 0 ? 0 : lower(base, slot);
  }

  long lower(int base, int slot) {
    return Math.max(0, (blocks[base + VALUES + slot] & VALUE) - error(base, slot));
  }

  long upper(long hash) {
    int base = base(hash);
    int slot = slot(base, hash);
    return slot < 0 ? debt(base, hash * MIX) : blocks[base + VALUES + slot] & VALUE;
  }

  boolean isNamed(long hash) {
    int base = base(hash);
    int slot = slot(base, hash);
    return slot >= 0 && blocks[base + VALUES + slot] < 0;
  }

  /** The largest upper bound of a key whose bytes are not stored. */
  long errorBound() {
    long bound = absentBound();
    for (int base = 0; base < blocks.length; base += BLOCK) {
      for (int slot = 0; slot < SLOTS; slot++) {
        // Negative when the bytes are stored.
        bound = Math.max(bound, blocks[base + VALUES + slot]);
      }
    }
    return bound;
  }

  /** The largest upper bound of a key that is in no slot. */
  private long absentBound() {
    long bound = 0;
    for (int base = 0; base < blocks.length; base += BLOCK) {
      if (blocks[base + OFFSET] > bound) {
        long first = 0;
        long second = 0;
        for (int cell = 0; cell < CELLS / 2; cell++) {
          first = Math.max(first, cell(base, cell));
          second = Math.max(second, cell(base, cell + CELLS / 2));
        }
        bound = Math.max(bound, bound(Math.min(first, second), blocks[base + OFFSET]));
      }
    }
    return bound;
  }

  void forEachCandidate(KeySummary.CandidateVisitor visitor) {
    for (int base = 0; base < blocks.length; base += BLOCK) {
      for (int slot = 0; slot < SLOTS; slot++) {
        long value = blocks[base + VALUES + slot];
        if (value < 0) {
          int reference = reference(base, slot);
          visitor.visit(
              blocks[base + FINGERPRINTS + slot],
              arena.bytes(),
              arena.keyOffset(reference),
              arena.keyLength(reference),
              lower(base, slot),
              value & VALUE);
        }
      }
    }
  }

  long distinctKeys() {
    return distinct.estimate();
  }

  long footprintBytes() {
    return blocks.length * 8L + arena.capacity() + distinct.registers().length;
  }

  /** The caller's sums have reached {@link #WIDE}. */
  void widen() {
    wide = true;
  }

  // ---- merge and scale

  /** Adds all entries of an exact table: each is one update, and absent keys are certain zeros. */
  void add(ExactTable table) {
    long rounding = table.rounding();
    KeyArena keys = table.arena();
    for (int i = 0; i < table.capacity(); i++) {
      long value = table.valueAt(i);
      if (value != 0) {
        long hash = table.hashAt(i);
        int reference = table.referenceAt(i);
        update(hash, keys.bytes(), keys.keyOffset(reference), keys.keyLength(reference), value);
        if (rounding != 0) {
          addError(hash, rounding);
        }
      }
    }
  }

  private void addError(long hash, long more) {
    int base = base(hash);
    int slot = slot(base, hash);
    if (slot >= 0) {
      long error =
          Math.min(Saturating.add(error(base, slot), more), blocks[base + VALUES + slot] & VALUE);
      if (error > blocks[base + OFFSET]) {
        raiseOffset(base, error);
      }
      setError(base, slot, error);
    }
  }

  void merge(BucketTable other) {
    wide |= other.wide;
    namedFrom = Math.max(namedFrom, other.namedFrom);
    distinct.merge(other.distinct);
    BucketMerge merge = new BucketMerge(this, other);
    for (int base = 0; base < blocks.length; base += BLOCK) {
      merge.mergeBucket(base);
    }
  }

  /** Multiplies all bounds by a factor above 0. */
  void scale(Scale scale) {
    transform(scale::floor, scale::ceil);
  }

  /** Makes of each lower and each upper bound what these functions, which never fall, say. */
  void transform(LongUnaryOperator lowered, LongUnaryOperator raised) {
    long[] cells = new long[CELLS];
    long[] errors = new long[SLOTS];
    for (int base = 0; base < blocks.length; base += BLOCK) {
      long before = blocks[base + OFFSET];
      long offset = raised.applyAsLong(before);
      for (int cell = 0; cell < CELLS; cell++) {
        cells[cell] = raised.applyAsLong(bound(cell(base, cell), before));
      }
      for (int slot = 0; slot < SLOTS; slot++) {
        long value = blocks[base + VALUES + slot];
        errors[slot] = 0;
        if (value != 0) {
          long upper = raised.applyAsLong(value & VALUE);
          errors[slot] = upper - lowered.applyAsLong(lower(base, slot));
          // An error can exceed the offset, be it by rounding, and nothing may.
          offset = Math.max(offset, errors[slot]);
          blocks[base + VALUES + slot] = upper | (value & NAMED);
        }
      }
      blocks[base + OFFSET] = offset;
      for (int cell = 0; cell < CELLS; cell++) {
        setCell(base, cell, units(cells[cell], shift(offset)));
      }
      for (int slot = 0; slot < SLOTS; slot++) {
        setError(base, slot, errors[slot]);
      }
    }
    namedFrom = Math.max(1, raised.applyAsLong(namedFrom));
  }

  private void setCell(int base, int cell, long units) {
    int at = base + CELL_WORDS + (cell >>> 2);
    int bits = (cell & 3) << 4;
    blocks[at] = (blocks[at] & ~(0xffffL << bits)) | units << bits;
  }

  int maxBytes() {
    return BucketCodec.maxBytes(this);
  }

  void write(ByteBuffer target) {
    BucketCodec.write(this, target);
  }

  static BucketTable read(SummaryReader source, long memoryBytes) {
    return BucketCodec.read(source, memoryBytes);
  }
}
