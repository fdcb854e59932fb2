package dev.atalaya.sketch;

import static dev.atalaya.sketch.BucketTable.CELL_WORDS;
import static dev.atalaya.sketch.BucketTable.FINGERPRINTS;
import static dev.atalaya.sketch.BucketTable.MIX;
import static dev.atalaya.sketch.BucketTable.NAMED;
import static dev.atalaya.sketch.BucketTable.OFFSET;
import static dev.atalaya.sketch.BucketTable.REFERENCES;
import static dev.atalaya.sketch.BucketTable.SLOTS;
import static dev.atalaya.sketch.BucketTable.VALUE;
import static dev.atalaya.sketch.BucketTable.VALUES;
import static dev.atalaya.sketch.BucketTable.bound;
import static dev.atalaya.sketch.BucketTable.min;
import static dev.atalaya.sketch.BucketTable.shift;
import static dev.atalaya.sketch.BucketTable.units;

/**
 * Adds one table's buckets to another's, bucket by bucket: bounds add, and who is absent on one
 * side has its bound for absent keys there. The 8 largest stay, the others are evicted.
 */
final class BucketMerge {

  private final BucketTable table;
  private final BucketTable other;
  private final long[] blocks;
  private final long[] otherBlocks;

  // The keys of one bucket on both sides, at most 16.
  private final long[] hashes = new long[2 * SLOTS];
  private final long[] uppers = new long[2 * SLOTS];
  private final long[] lowers = new long[2 * SLOTS];
  private final int[] references = new int[2 * SLOTS];
  private final int[] otherReferences = new int[2 * SLOTS];
  private int size;

  BucketMerge(BucketTable table, BucketTable other) {
    this.table = table;
    this.other = other;
    blocks = table.blocks;
    otherBlocks = other.blocks;
  }

  void mergeBucket(int base) {
    size = 0;
    int seen = 0;
    for (int slot = 0; slot < SLOTS; slot++) {
      long value = blocks[base + VALUES + slot];
      if (value != 0) {
        long hash = blocks[base + FINGERPRINTS + slot];
        long upper = value & VALUE;
        long lower = table.lower(base, slot);
        int reference = value < 0 ? table.reference(base, slot) : -1;
        int theirs = other.slot(base, hash);
        if (theirs < 0) {
          upper = Saturating.add(upper, other.debt(base, hash * MIX));
          add(hash, upper, lower, reference, -1);
        } else {
          seen |= 1 << theirs;
          upper = Saturating.add(upper, otherBlocks[base + VALUES + theirs] & VALUE);
          lower = Saturating.add(lower, other.lower(base, theirs));
          add(hash, upper, lower, reference, other.namedReference(base, theirs));
        }
      }
    }
    for (int slot = 0; slot < SLOTS; slot++) {
      long value = otherBlocks[base + VALUES + slot];
      if (value != 0 && (seen & 1 << slot) == 0) {
        long hash = otherBlocks[base + FINGERPRINTS + slot];
        long upper = Saturating.add(value & VALUE, table.debt(base, hash * MIX));
        add(hash, upper, other.lower(base, slot), -1, other.namedReference(base, slot));
      }
    }

    addOutside(base);
    while (size > SLOTS) {
      int smallest = smallest();
      table.raise(base, hashes[smallest] * MIX, uppers[smallest]);
      remove(smallest);
    }
    fill(base);
    for (int slot = 0; slot < size; slot++) {
      int reference = otherReferences[slot];
      if (references[slot] < 0 && reference >= 0 && uppers[slot] >= table.namedFrom) {
        KeyArena keys = other.arena;
        table.name(base, slot, keys.bytes(), keys.keyOffset(reference), keys.keyLength(reference));
      }
    }
  }

  /** The bounds of absent keys, cell by cell, and the offset. */
  private void addOutside(int base) {
    long mine = blocks[base + OFFSET];
    long theirs = otherBlocks[base + OFFSET];
    long sum = Saturating.add(mine, theirs);
    int shift = shift(sum);
    for (int at = base + CELL_WORDS; at < base + REFERENCES; at++) {
      long packed = 0;
      for (int bits = 0; bits < 64; bits += 16) {
        long cell = bound(blocks[at] >>> bits & 0xffff, mine);
        long otherCell = bound(otherBlocks[at] >>> bits & 0xffff, theirs);
        packed |= units(Saturating.add(cell, otherCell), shift) << bits;
      }
      blocks[at] = packed;
    }
    blocks[base + OFFSET] = sum;
  }

  private void fill(int base) {
    for (int slot = 0; slot < SLOTS; slot++) {
      if (slot < size) {
        long upper = uppers[slot];
        table.put(base, slot, hashes[slot], upper, upper - lowers[slot]);
        if (references[slot] >= 0) {
          table.setReference(base, slot, references[slot]);
          blocks[base + VALUES + slot] |= NAMED;
        }
      } else {
        table.put(base, slot, 0, 0, 0);
      }
    }
  }

  private void add(long hash, long upper, long lower, int reference, int otherReference) {
    hashes[size] = hash;
    uppers[size] = upper;
    lowers[size] = lower;
    references[size] = reference;
    otherReferences[size] = otherReference;
    size++;
  }

  private int smallest() {
    // As in a bucket, without a branch; among upper bounds of more than 2^59 any will do.
    long smallest = Long.MAX_VALUE;
    for (int i = 0; i < size; i++) {
      smallest = min(smallest, min(uppers[i], (1L << 59) - 1) << 4 | i);
    }
    return (int) smallest & 15;
  }

  /** The last takes its place. */
  private void remove(int i) {
    size--;
    hashes[i] = hashes[size];
    uppers[i] = uppers[size];
    lowers[i] = lowers[size];
    references[i] = references[size];
    otherReferences[i] = otherReferences[size];
  }
}
