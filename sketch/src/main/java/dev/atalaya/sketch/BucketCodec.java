package dev.atalaya.sketch;

import static dev.atalaya.sketch.BucketTable.BLOCK;
import static dev.atalaya.sketch.BucketTable.CELLS;
import static dev.atalaya.sketch.BucketTable.CELL_WORDS;
import static dev.atalaya.sketch.BucketTable.ERRORS;
import static dev.atalaya.sketch.BucketTable.FINGERPRINTS;
import static dev.atalaya.sketch.BucketTable.NAMED;
import static dev.atalaya.sketch.BucketTable.OFFSET;
import static dev.atalaya.sketch.BucketTable.SLOTS;
import static dev.atalaya.sketch.BucketTable.VALUE;
import static dev.atalaya.sketch.BucketTable.VALUES;
import static dev.atalaya.sketch.BucketTable.decoded;
import static dev.atalaya.sketch.BucketTable.shift;
import static dev.atalaya.sketch.BucketTable.units;

import java.nio.ByteBuffer;

/** The bytes of a {@link BucketTable}, described in FORMAT.md. */
final class BucketCodec {

  /** Where the number of slots is expected: none, but the bounds of absent keys follow. */
  private static final int NO_SLOTS = SLOTS + 1;

  private final BucketTable table;
  private final long[] blocks;

  /** Cells or errors of one bucket. */
  private final long[] units = new long[CELLS];

  /** Bytes of a hash's distance from the smallest of its bucket. */
  private final int fingerprintBytes;

  private BucketCodec(BucketTable table) {
    this.table = table;
    blocks = table.blocks;
    long largestHigh = (1L << 32) / table.bucketCount;
    fingerprintBytes = 4 + (71 - Long.numberOfLeadingZeros(largestHigh)) / 8;
  }

  static void write(BucketTable table, ByteBuffer target) {
    new BucketCodec(table).write(target);
  }

  static int maxBytes(BucketTable table) {
    int perSlot = 8 + 10;
    int perBucket = 1 + 9 + 1 + SLOTS * perSlot + 2 + 3 + 2 * (SLOTS + CELLS);
    return 9
        + table.distinct.registers().length
        + table.bucketCount * perBucket
        + table.arena.used();
  }

  private void write(ByteBuffer target) {
    Varint.write(target, table.namedFrom);
    target.put(table.distinct.registers());
    for (int bucket = 0; bucket < table.bucketCount; bucket++) {
      writeBucket(target, bucket);
    }
  }

  private void writeBucket(ByteBuffer target, int bucket) {
    int base = bucket * BLOCK;
    int size = 0;
    int named = 0;
    while (size < SLOTS && blocks[base + VALUES + size] != 0) {
      named |= blocks[base + VALUES + size] < 0 ? 1 << size : 0;
      size++;
    }
    long offset = blocks[base + OFFSET];
    target.put((byte) (size == 0 && offset != 0 ? NO_SLOTS : size));
    if (size == 0 && offset == 0) {
      return;
    }
    target.put((byte) named);
    int shift = shift(offset);
    Varint.write(target, offset);
    for (int slot = 0; slot < size; slot++) {
      long rest = blocks[base + FINGERPRINTS + slot] - firstHash(bucket);
      Varint.writeFixed(target, rest, fingerprintBytes);
    }
    for (int slot = 0; slot < size; slot++) {
      long value = blocks[base + VALUES + slot] & VALUE;
      // Rounded up, the error can exceed the value by less than a unit.
      Varint.write(
          target, value - decoded(table.errorUnits(base, slot), shift) + (1L << shift) - 1);
    }
    if (offset != 0) {
      writeUnits(target, base, size);
    }
    for (int slot = 0; slot < size; slot++) {
      if ((named & 1 << slot) != 0) {
        table.arena.write(target, table.reference(base, slot));
      }
    }
  }

  private void writeUnits(ByteBuffer target, int base, int size) {
    long all = 0;
    for (int slot = 0; slot < size; slot++) {
      units[slot] = table.errorUnits(base, slot);
      all |= units[slot];
    }
    int width = 64 - Long.numberOfLeadingZeros(all);
    target.put((byte) width);
    Varint.writeBits(target, width, units, size);

    long smallest = 0xffff;
    for (int cell = 0; cell < CELLS; cell++) {
      units[cell] = table.cell(base, cell);
      smallest = Math.min(smallest, units[cell]);
    }
    all = 0;
    for (int cell = 0; cell < CELLS; cell++) {
      units[cell] -= smallest;
      all |= units[cell];
    }
    width = 64 - Long.numberOfLeadingZeros(all);
    Varint.write(target, smallest);
    target.put((byte) width);
    Varint.writeBits(target, width, units, CELLS);
  }

  /** The smallest hash that belongs to a bucket. */
  private long firstHash(int bucket) {
    return ((((long) bucket << 32) + table.bucketCount - 1) / table.bucketCount) << 32;
  }

  static BucketTable read(SummaryReader source, long memoryBytes) {
    long namedFrom = source.readVarint();
    source.check(namedFrom > 0, "smallest named value", namedFrom);
    // Every bucket has a byte at least: no allocation that the bytes do not account for.
    source.checkHas(
        (long) BucketTable.registers(memoryBytes) + BucketTable.bucketCount(memoryBytes),
        1,
        "buckets");
    BucketTable table = new BucketTable(memoryBytes);
    table.namedFrom = namedFrom;
    BucketCodec codec = new BucketCodec(table);
    codec.readRegisters(source);
    for (int bucket = 0; bucket < table.bucketCount; bucket++) {
      codec.readBucket(source, bucket);
    }
    return table;
  }

  private void readRegisters(SummaryReader source) {
    byte[] registers = table.distinct.registers();
    byte[] read = source.readBytes(registers.length, "registers");
    for (int i = 0; i < read.length; i++) {
      source.check(read[i] >= 0 && read[i] <= table.distinct.maxRank(), "register", read[i]);
      registers[i] = read[i];
    }
  }

  private void readBucket(SummaryReader source, int bucket) {
    int base = bucket * BLOCK;
    int size = source.readByte();
    source.check(size <= NO_SLOTS, "number of slots", size);
    if (size == 0) {
      return;
    }
    boolean noSlots = size == NO_SLOTS;
    size = noSlots ? 0 : size;
    int named = source.readByte();
    source.check(named >>> size == 0, "set of named slots", named);
    long offset = source.readVarint();
    source.check(!noSlots || offset != 0, "offset of a bucket without slots", offset);
    blocks[base + OFFSET] = offset;
    for (int slot = 0; slot < size; slot++) {
      long hash = firstHash(bucket) + source.readFixed(fingerprintBytes);
      source.check(
          table.base(hash) == base && table.slot(base, hash) < 0, "hash in this bucket", hash);
      // A value for now, so that the same hash is found if it comes again.
      table.put(base, slot, hash, 1, 0);
    }
    long[] rests = new long[SLOTS];
    for (int slot = 0; slot < size; slot++) {
      rests[slot] = source.readUnsigned();
    }
    if (offset != 0) {
      readUnits(source, base, size);
    }
    int shift = shift(offset);
    for (int slot = 0; slot < size; slot++) {
      long value = rests[slot] - (1L << shift) + 1 + decoded(table.errorUnits(base, slot), shift);
      source.check(value > 0, "value", value);
      blocks[base + VALUES + slot] = value;
      if ((named & 1 << slot) != 0) {
        byte[] key = source.readBytes(source.readVarint(), "bytes of a key");
        source.check(table.arena.hasRoomFor(key.length), "bytes of keys", table.arena.used());
        table.setReference(base, slot, table.arena.append(key, 0, key.length));
        blocks[base + VALUES + slot] |= NAMED;
      }
    }
  }

  private void readUnits(SummaryReader source, int base, int size) {
    long largest = units(blocks[base + OFFSET], shift(blocks[base + OFFSET]));
    int width = source.readByte();
    source.check(width <= 16, "bits of an error", width);
    source.readBits(width, units, size);
    for (int slot = 0; slot < size; slot++) {
      source.check(units[slot] <= largest, "error", units[slot]);
      blocks[base + ERRORS + (slot >>> 2)] |= units[slot] << ((slot & 3) << 4);
    }
    long smallest = source.readVarint(largest, "smallest cell");
    width = source.readByte();
    source.check(width <= 16, "bits of a cell", width);
    source.readBits(width, units, CELLS);
    for (int cell = 0; cell < CELLS; cell++) {
      source.check(units[cell] <= largest - smallest, "cell", units[cell]);
      blocks[base + CELL_WORDS + (cell >>> 2)] |= (units[cell] + smallest) << ((cell & 3) << 4);
    }
  }
}
