package dev.atalaya.sketch;

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
      grow(ExactTable.growth(memoryBytes, cost), length);
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

  /** All arrays together, each in the proportion of what it holds. */
  private void grow(double factor, int keyLength) {
    table.resize(factor, 1, KeyArena.cost(keyLength));
    long[] oldHashes = hashes;
    int[] oldReferences = references;
    allocate((int) ((size + 1L) * 4 / 3.0 * factor) + 1);
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
    int i = (int) (((pair >>> 32) * capacity) >>> 32);
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

  /** Receives a pair and its key. */
  @FunctionalInterface
  interface PairVisitor {
    void visit(long pair, long keyHash, byte[] keys, int offset, int length);
  }

  /** Visits all pairs, key by key in the order of the keys' hashes, their own ascending. */
  void forEach(PairVisitor visitor) {
    long[] pairs = new long[size];
    long[] keyHashes = table.sortedHashes();
    int[] ends = group(keyHashes, pairs);
    KeyArena arena = table.arena();
    int first = 0;
    for (int key = 0; key < keyHashes.length; key++) {
      int reference = table.referenceAt(table.find(keyHashes[key]));
      int offset = arena.keyOffset(reference);
      int length = arena.keyLength(reference);
      Arrays.sort(pairs, first, ends[key]);
      for (int i = first; i < ends[key]; i++) {
        visitor.visit(pairs[i], keyHashes[key], arena.bytes(), offset, length);
      }
      first = ends[key];
    }
  }

  /** Sorts the pairs by key; answers where those of each key end. */
  private int[] group(long[] keyHashes, long[] pairs) {
    // By the place of its key in the arena, which a pair knows, to the key's next free place.
    int[] next = new int[table.arena().used()];
    int[] ends = new int[keyHashes.length];
    int end = 0;
    for (int key = 0; key < keyHashes.length; key++) {
      int entry = table.find(keyHashes[key]);
      next[table.referenceAt(entry)] = end;
      end += (int) table.valueAt(entry);
      ends[key] = end;
    }
    for (int i = 0; i < hashes.length; i++) {
      if (hashes[i] != 0) {
        pairs[next[references[i]]++] = hashes[i];
      }
    }
    return ends;
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
