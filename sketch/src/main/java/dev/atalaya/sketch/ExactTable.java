package dev.atalaya.sketch;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The exact state: an open-addressing map from hash to weight, key bytes beside it.
 *
 * <p>Shape: 20 bytes an entry at a load of at most 5/7, so 28 bytes a key and its bytes behind a
 * length: 42 bytes for a 13-byte key, 6,241 of them in 256 KiB. Whether a set of keys fits depends
 * on the set alone, not on its order: {@code sum(28 + cost(key)) <= memory}.
 */
final class ExactTable {

  // Arrays grow together, in the proportion of what they hold: by the factor 2, or to the memory
  // and a sixteenth more. The sixteenth keeps the last steps from being many and small.
  //
  // A scaled table no longer holds whole numbers. Its values are rounded up, and one number for the
  // whole table says how far any of them can be too high.

  static final int ENTRY_COST = 28;
  private static final int ENTRY_BYTES = 20;
  private static final int INITIAL_CAPACITY = 16;
  private static final int INITIAL_ARENA = 128;

  private final long memoryBytes;
  private long[] hashes;
  private long[] values;
  private int[] references;
  private KeyArena arena;
  private int size;
  private long rounding;

  ExactTable(long memoryBytes) {
    this.memoryBytes = memoryBytes;
    arena = new KeyArena(INITIAL_ARENA);
    allocate(INITIAL_CAPACITY);
  }

  private ExactTable(ExactTable other) {
    memoryBytes = other.memoryBytes;
    hashes = other.hashes.clone();
    values = other.values.clone();
    references = other.references.clone();
    arena = other.arena.copy();
    size = other.size;
    rounding = other.rounding;
  }

  ExactTable copy() {
    return new ExactTable(this);
  }

  /** How many keys of one length always fit. */
  static long capacity(long memoryBytes, int keyLength) {
    return memoryBytes / (ENTRY_COST + KeyArena.cost(keyLength));
  }

  /** Adds a weight above 0; answers false, with nothing changed, when the key does not fit. */
  boolean add(long hash, byte[] key, int offset, int length, long weight) {
    int i = find(hash);
    if (values[i] != 0) {
      values[i] = Saturating.add(values[i], weight);
      return true;
    }
    long cost = costWith(length);
    if (cost > memoryBytes) {
      return false;
    }
    if (!hasRoomFor(length)) {
      resize(growth(memoryBytes, cost), 1, KeyArena.cost(length));
      i = find(hash);
    }
    hashes[i] = hash;
    values[i] = weight;
    references[i] = arena.append(key, offset, length);
    size++;
    return true;
  }

  /** Adds all that another table holds; answers false, with nothing changed, when not all fits. */
  boolean addAll(ExactTable other) {
    // Entries come in the order of their places: in arrays that grow by the way they would crowd
    // together in the first part, at a cost that is quadratic (measured: 400,000 keys into an empty
    // table in 10 s, so in 40 ms). What is new is counted first, then all arrays grow at once.
    int newKeys = 0;
    long newBytes = 0;
    for (int i = 0; i < other.hashes.length; i++) {
      if (other.values[i] != 0 && values[find(other.hashes[i])] == 0) {
        newKeys++;
        newBytes += KeyArena.cost(other.arena.keyLength(other.references[i]));
      }
    }
    long cost = cost() + (long) newKeys * ENTRY_COST + newBytes;
    if (cost > memoryBytes) {
      return false;
    }
    if (!hasRoomFor(newKeys, newBytes)) {
      resize(growth(memoryBytes, cost), newKeys, (int) newBytes);
    }
    for (int i = 0; i < other.hashes.length; i++) {
      long value = other.values[i];
      if (value != 0) {
        int to = find(other.hashes[i]);
        if (values[to] == 0) {
          hashes[to] = other.hashes[i];
          references[to] = arena.append(other.arena, other.references[i]);
        }
        values[to] = Saturating.add(values[to], value);
      }
    }
    size += newKeys;
    addRounding(other.rounding);
    return true;
  }

  /** What the keys and one more of this length cost. */
  long costWith(int keyLength) {
    return (size + 1L) * ENTRY_COST + arena.used() + KeyArena.cost(keyLength);
  }

  /** What the keys cost. */
  long cost() {
    return (long) size * ENTRY_COST + arena.used();
  }

  /** Whether the arrays have room for one more key. */
  boolean hasRoomFor(int keyLength) {
    return hasRoomFor(1, KeyArena.cost(keyLength));
  }

  private boolean hasRoomFor(int keys, long keyBytes) {
    return (size + (long) keys) * 7 <= hashes.length * 5L
        && keyBytes <= arena.capacity() - arena.used();
  }

  /** How much larger than what they hold arrays should be that hold so much of a memory. */
  static double growth(long memoryBytes, long cost) {
    return Math.min(2, memoryBytes * (17 / 16.0) / cost);
  }

  /** The place of the hash, or the empty place where it belongs: a value of 0 means empty. */
  int find(long hash) {
    long[] hashes = this.hashes;
    long[] values = this.values;
    int capacity = hashes.length;
    // The high bits, as the buckets do; the low ones choose slices.
    int i = (int) (((hash >>> 32) * capacity) >>> 32);
    while (values[i] != 0 && hashes[i] != hash) {
      if (++i == capacity) {
        i = 0;
      }
    }
    return i;
  }

  /** Makes the arrays so many times as large as these keys and so many more need. */
  void resize(double factor, int moreKeys, int moreBytes) {
    int capacity = (int) (((long) size + moreKeys) * 7 / 5.0 * factor) + 1;
    int arenaCapacity = (int) ((arena.used() + moreBytes) * factor) + 1;
    long[] oldHashes = hashes;
    long[] oldValues = values;
    int[] oldReferences = references;
    allocate(capacity);
    arena.resize(arenaCapacity);
    for (int from = 0; from < oldHashes.length; from++) {
      if (oldValues[from] != 0) {
        int to = find(oldHashes[from]);
        hashes[to] = oldHashes[from];
        values[to] = oldValues[from];
        references[to] = oldReferences[from];
      }
    }
  }

  private void allocate(int capacity) {
    hashes = new long[capacity];
    values = new long[capacity];
    references = new int[capacity];
  }

  long lower(long hash) {
    return lowerOf(values[find(hash)]);
  }

  long lowerOf(long value) {
    return Math.max(0, value - rounding);
  }

  long upper(long hash) {
    return values[find(hash)];
  }

  int size() {
    return size;
  }

  /** How much the values can exceed the truth: 0 unless scaled. */
  long rounding() {
    return rounding;
  }

  void addRounding(long more) {
    rounding = Saturating.add(rounding, more);
  }

  void scale(Scale scale) {
    for (int i = 0; i < values.length; i++) {
      values[i] = scale.ceil(values[i]);
    }
    rounding = Saturating.add(scale.ceil(rounding), 1);
  }

  int capacity() {
    return hashes.length;
  }

  long hashAt(int i) {
    return hashes[i];
  }

  /** 0 where there is no entry. */
  long valueAt(int i) {
    return values[i];
  }

  void increment(int i) {
    values[i] = Saturating.add(values[i], 1);
  }

  int referenceAt(int i) {
    return references[i];
  }

  KeyArena arena() {
    return arena;
  }

  void forEach(KeySummary.CandidateVisitor visitor) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] != 0) {
        int reference = references[i];
        visitor.visit(
            hashes[i],
            arena.bytes(),
            arena.keyOffset(reference),
            arena.keyLength(reference),
            lowerOf(values[i]),
            values[i]);
      }
    }
  }

  /** All hashes in ascending unsigned order. */
  long[] sortedHashes() {
    long[] sorted = new long[size];
    int n = 0;
    for (int i = 0; i < hashes.length; i++) {
      if (values[i] != 0) {
        sorted[n++] = hashes[i] ^ Long.MIN_VALUE;
      }
    }
    Arrays.sort(sorted);
    for (int i = 0; i < n; i++) {
      sorted[i] ^= Long.MIN_VALUE;
    }
    return sorted;
  }

  int maxBytes() {
    return 9 + 5 + 1 + size * (8 + 9) + arena.used();
  }

  /** The entries in the order of their hashes: the same bytes for the same keys and weights. */
  void write(ByteBuffer target) {
    long[] sorted = sortedHashes();
    long widest = 0;
    for (int i = 0; i < size; i++) {
      widest |= sorted[i] - (i == 0 ? 0 : sorted[i - 1]);
    }
    int stepBytes = (71 - Long.numberOfLeadingZeros(widest)) / 8;
    Varint.write(target, rounding);
    Varint.write(target, size);
    target.put((byte) stepBytes);
    long before = 0;
    for (long hash : sorted) {
      int i = find(hash);
      Varint.writeFixed(target, hash - before, stepBytes);
      before = hash;
      Varint.write(target, values[i]);
      arena.write(target, references[i]);
    }
  }

  /** Into an empty table. */
  void read(SummaryReader source) {
    rounding = source.readVarint();
    int entries = (int) source.readVarint(Integer.MAX_VALUE, "number of entries");
    int stepBytes = source.readByte();
    source.check(stepBytes <= 8, "bytes of a step", stepBytes);
    source.checkHas(entries, stepBytes + 2, "entries");
    source.check(
        entries * (ENTRY_COST + 1L) <= memoryBytes, "number of keys in this memory", entries);
    // Entries come in the order of their places: in arrays that grow they would crowd together.
    long keyBytes = source.remaining() - entries * (stepBytes + 1L);
    resize(1, entries, (int) Math.min(keyBytes, memoryBytes));
    long hash = 0;
    for (int i = 0; i < entries; i++) {
      long before = hash;
      hash += source.readFixed(stepBytes);
      source.check(i == 0 || Long.compareUnsigned(hash, before) > 0, "next hash", hash);
      long value = source.readVarint();
      source.check(value > 0, "value", value);
      byte[] key = source.readBytes(source.readVarint(), "bytes of a key");
      source.check(add(hash, key, 0, key.length, value), "number of keys in this memory", i + 1);
    }
  }

  /** Empties the table; the arrays stay when more than a quarter of them was in use. */
  void clear() {
    if (size * 4L < hashes.length && hashes.length > INITIAL_CAPACITY) {
      allocate(INITIAL_CAPACITY);
      arena = new KeyArena(INITIAL_ARENA);
    } else {
      Arrays.fill(values, 0);
      arena.clear();
    }
    size = 0;
    rounding = 0;
  }

  long footprintBytes() {
    return (long) hashes.length * ENTRY_BYTES + arena.capacity();
  }
}
