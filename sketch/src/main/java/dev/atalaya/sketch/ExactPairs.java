package dev.atalaya.sketch;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The exact state of a {@link SpreadSketch}: the pairs' hashes in an open-addressing set, and the
 * number of pairs of each key in a table.
 *
 * <p>Shape: 12 bytes a pair (its hash and a reference to its key) at a load of at most 3/4, so 16,
 * and what {@link ExactTable} takes for the keys. Whether a set of pairs fits depends on the set
 * alone: {@code 16 * pairs + sum(28 + cost(key)) <= memory}.
 */
final class ExactPairs {

  static final int PAIR_COST = 16;

  /** Keys up to this length fit as long as it is not full. */
  static final int KEY_LENGTH = 256;

  private static final int PAIR_BYTES = 12;
  private static final int INITIAL_CAPACITY = 16;

  /** The inverse of {@link BucketTable#MIX}. */
  private static final long UNMIX = 0xf1de83e19937733dL;

  private final long memoryBytes;
  private final ExactTable table;

  // A hash of 0 means empty: the caller gives no such hash.
  private long[] hashes;

  /** Where each pair's key is in the table's arena: a place that never changes. */
  private int[] references;

  private int size;

  ExactPairs(long memoryBytes) {
    this.memoryBytes = memoryBytes;
    table = new ExactTable(memoryBytes);
    allocate(INITIAL_CAPACITY);
  }

  private ExactPairs(ExactPairs other) {
    memoryBytes = other.memoryBytes;
    table = other.table.copy();
    hashes = other.hashes.clone();
    references = other.references.clone();
    size = other.size;
  }

  ExactPairs copy() {
    return new ExactPairs(this);
  }

  /** Adds a pair; answers false, with nothing changed, when it does not fit. */
  boolean add(long pair, long keyHash, byte[] key, int offset, int length) {
    int i = find(pair);
    return hashes[i] != 0 || addNew(i, pair, keyHash, key, offset, length);
  }

  private boolean addNew(int place, long pair, long keyHash, byte[] key, int offset, int length) {
    int entry = table.find(keyHash);
    boolean newKey = table.valueAt(entry) == 0;
    long cost = (size + 1L) * PAIR_COST + (newKey ? table.costWith(length) : table.cost());
    if (cost > memoryBytes) {
      return false;
    }
    int i = place;
    if ((size + 1L) * 4 > hashes.length * 3L || (newKey && !table.hasRoomFor(length))) {
      resize(ExactTable.growth(memoryBytes, cost), 1, 1, KeyArena.cost(length));
      i = find(pair);
      entry = table.find(keyHash);
    }
    hashes[i] = pair;
    size++;
    if (newKey) {
      references[i] = table.arena().used();
      table.add(keyHash, key, offset, length, 1);
    } else {
      references[i] = table.referenceAt(entry);
      table.increment(entry);
    }
    return true;
  }

  /** All arrays together, each so many times as large as what it holds and some more needs. */
  private void resize(double factor, int morePairs, int moreKeys, int moreBytes) {
    table.resize(factor, moreKeys, moreBytes);
    long[] oldHashes = hashes;
    int[] oldReferences = references;
    allocate((int) (((long) size + morePairs) * 4 / 3.0 * factor) + 1);
    for (int from = 0; from < oldHashes.length; from++) {
      if (oldHashes[from] != 0) {
        int to = find(oldHashes[from]);
        hashes[to] = oldHashes[from];
        references[to] = oldReferences[from];
      }
    }
  }

  private void allocate(int capacity) {
    hashes = new long[capacity];
    references = new int[capacity];
  }

  /** The place of the pair, or the empty place where it belongs. */
  private int find(long pair) {
    long[] hashes = this.hashes;
    int capacity = hashes.length;
    // The low bits, since pairs may come sorted.
    int i = (int) (((pair & 0xffffffffL) * capacity) >>> 32);
    while (hashes[i] != pair && hashes[i] != 0) {
      if (++i == capacity) {
        i = 0;
      }
    }
    return i;
  }

  int size() {
    return size;
  }

  boolean isFull() {
    return (size + 1L) * PAIR_COST + table.costWith(KEY_LENGTH) > memoryBytes;
  }

  /** The keys, each with its number of pairs. */
  ExactTable table() {
    return table;
  }

  /** Receives a pair and its key; answers whether to go on. */
  @FunctionalInterface
  interface PairVisitor {
    boolean visit(long pair, long keyHash, byte[] keys, int offset, int length);
  }

  /**
   * Visits all pairs, key by key, in an order that depends on the pairs alone and not on the places
   * that keys and pairs have in a table: put into another in the order of their places, they would
   * crowd together in its first part. Ends when the visitor answers false; answers whether it did
   * not.
   */
  boolean forEach(PairVisitor visitor) {
    long[] keyHashes = table.sortedHashes();
    for (int i = 0; i < keyHashes.length; i++) {
      keyHashes[i] *= BucketTable.MIX;
    }
    Arrays.sort(keyHashes);
    for (int i = 0; i < keyHashes.length; i++) {
      keyHashes[i] *= UNMIX;
    }
    long[] grouped = grouped(keyHashes);
    KeyArena arena = table.arena();
    int i = 0;
    for (long keyHash : keyHashes) {
      int entry = table.find(keyHash);
      int offset = arena.keyOffset(table.referenceAt(entry));
      int length = arena.keyLength(table.referenceAt(entry));
      for (int end = i + (int) table.valueAt(entry); i < end; i++) {
        if (!visitor.visit(grouped[i], keyHash, arena.bytes(), offset, length)) {
          return false;
        }
      }
    }
    return true;
  }

  /** The pairs of the first key, ascending, then those of the second, and so on. */
  private long[] grouped(long[] keyHashes) {
    long[] grouped = new long[size];
    // Where the next pair of a key goes, by the place of the key's bytes, which a pair knows.
    int[] next = new int[table.arena().used()];
    int first = 0;
    for (long keyHash : keyHashes) {
      int entry = table.find(keyHash);
      next[table.referenceAt(entry)] = first;
      first += (int) table.valueAt(entry);
    }
    for (int i = 0; i < hashes.length; i++) {
      if (hashes[i] != 0) {
        grouped[next[references[i]]++] = hashes[i];
      }
    }
    first = 0;
    for (long keyHash : keyHashes) {
      int end = first + (int) table.valueAt(table.find(keyHash));
      Arrays.sort(grouped, first, end);
      first = end;
    }
    return grouped;
  }

  int maxBytes() {
    return table.maxBytes() + 8 * size;
  }

  /** The table of keys and, in its order, each key's pairs: the same bytes for the same pairs. */
  void write(ByteBuffer target) {
    table.write(target);
    for (long pair : grouped(table.sortedHashes())) {
      target.putLong(pair);
    }
  }

  /** Into an empty set. */
  void read(SummaryReader source) {
    table.read(source);
    source.check(table.rounding() == 0, "rounding", table.rounding());
    long[] keyHashes = table.sortedHashes();
    long count = 0;
    for (long keyHash : keyHashes) {
      long pairs = table.upper(keyHash);
      source.checkHas(pairs, 8, "pairs of a key");
      count += pairs;
    }
    source.checkHas(count, 8, "pairs");
    long cost = count * PAIR_COST + table.cost();
    source.check(cost <= memoryBytes, "number of pairs in this memory", count);
    resize(1, (int) count, 0, 0);
    for (long keyHash : keyHashes) {
      int reference = table.referenceAt(table.find(keyHash));
      long before = Long.MIN_VALUE;
      for (long rest = table.upper(keyHash); rest > 0; rest--) {
        long pair = source.readLong();
        int i = find(pair);
        source.check(pair != 0 && hashes[i] == 0, "pair", pair);
        source.check(pair >= before, "next pair", pair);
        before = pair;
        hashes[i] = pair;
        references[i] = reference;
      }
    }
    size = (int) count;
  }

  /** Empties the set; the arrays stay when more than a quarter of them was in use. */
  void clear() {
    table.clear();
    if (size * 4L < hashes.length && hashes.length > INITIAL_CAPACITY) {
      allocate(INITIAL_CAPACITY);
    } else {
      Arrays.fill(hashes, 0);
    }
    size = 0;
  }

  long footprintBytes() {
    return table.footprintBytes() + (long) hashes.length * PAIR_BYTES;
  }
}
