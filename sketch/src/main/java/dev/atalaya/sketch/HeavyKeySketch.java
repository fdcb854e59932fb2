package dev.atalaya.sketch;

import java.nio.ByteBuffer;
import java.util.function.LongUnaryOperator;

/**
 * The weight of every key of a window, exact while the distinct keys fit the memory, within certain
 * bounds beyond.
 *
 * <p>Shape: {@code memoryBytes} in all. Exact: 28 bytes a key and its bytes behind a length, 6,241
 * keys of 13 bytes in 256 KiB; starts at half a kilobyte and grows. Beyond: 995 buckets of 8 keys
 * and 16 cells in 256 KiB, six sevenths of the memory, key bytes in the rest. The footprint never
 * exceeds the memory by more than a tenth (for moments, while one state replaces the other, by
 * all).
 *
 * <p>Weight: a long of at least 0; sums stop at {@link Long#MAX_VALUE} and say so. A weight of 0 is
 * an event that adds nothing: its key need not be kept.
 *
 * <p>Error: for every key ever, {@code lower <= true <= upper}. Whether a window stays exact
 * depends on its set of keys alone, not on order or partitioning.
 *
 * <p>Merge: same seed, same memory; else refused. Two exact ones that fit together stay exact.
 *
 * <p>Not thread-safe.
 *
 * <p>Source: own; see {@link BucketTable} for what it builds on. Measured against published
 * sketches in the module {@code bench}.
 */
public final class HeavyKeySketch implements WeightSummary {

  public static final long MIN_MEMORY_BYTES = 1 << 10;
  public static final long MAX_MEMORY_BYTES = 1 << 30;

  private final long memoryBytes;
  private final long seedFingerprint;

  // One of the two is null. The buckets come when a key no longer fits the table, and stay until
  // clear().
  private ExactTable table;
  private BucketTable buckets;

  private long total;
  private boolean overflowed;

  private HeavyKeySketch(long memoryBytes, long seedFingerprint) {
    this.memoryBytes = memoryBytes;
    this.seedFingerprint = seedFingerprint;
    this.table = new ExactTable(memoryBytes);
  }

  private HeavyKeySketch(HeavyKeySketch other) {
    memoryBytes = other.memoryBytes;
    seedFingerprint = other.seedFingerprint;
    table = other.table == null ? null : other.table.copy();
    buckets = other.buckets == null ? null : other.buckets.copy();
    total = other.total;
    overflowed = other.overflowed;
  }

  public static HeavyKeySketch create(long memoryBytes, KeyHash hash) {
    return create(memoryBytes, hash.fingerprint());
  }

  /** For who merges and asks, but does not hash. */
  public static HeavyKeySketch create(long memoryBytes, long seedFingerprint) {
    if (memoryBytes < MIN_MEMORY_BYTES || memoryBytes > MAX_MEMORY_BYTES) {
      throw new IllegalArgumentException(
          "memory must be "
              + MIN_MEMORY_BYTES
              + " to "
              + MAX_MEMORY_BYTES
              + " bytes, got "
              + memoryBytes);
    }
    return new HeavyKeySketch(memoryBytes, seedFingerprint);
  }

  /** Exact, with the keys of a table for the same memory, whose values have this sum. */
  static HeavyKeySketch of(long memoryBytes, long seedFingerprint, ExactTable keys, long total) {
    HeavyKeySketch sketch = new HeavyKeySketch(memoryBytes, seedFingerprint);
    sketch.table = keys;
    sketch.total = total;
    return sketch;
  }

  /** How many distinct keys of one length are exact in this much memory. */
  public static long exactCapacity(long memoryBytes, int keyLength) {
    return ExactTable.capacity(memoryBytes, keyLength);
  }

  /**
   * What {@link #errorBound} should hardly exceed in a window of this total: guidance before any
   * data, not a promise; certain is what each window measures.
   *
   * <p>{@code max(total / (4 * buckets), total / (8 * names))}. Certain is an eighth of what a
   * bucket received, before merges; on average it receives {@code total / buckets}, and a factor of
   * 2 is for uneven ones. The second term is for long keys, whose bytes fit for few: {@code names}
   * is their number, and no more than so many keys have a {@code names}-th of the total. Measured
   * with 10 million events, 256 KiB and 13-byte keys: 2,512 by this, 430 by the sketch for Zipf
   * 1.0.
   */
  public static long expectedErrorBound(long memoryBytes, int keyLength, long total) {
    long buckets = BucketTable.bucketCount(memoryBytes);
    long names = Math.max(1, BucketTable.nameCapacity(memoryBytes, keyLength));
    return Math.max(total / (4 * buckets), total / (8 * names));
  }

  @Override
  public void update(long hash, byte[] key, int offset, int length, long weight) {
    if (weight <= 0) {
      if (weight < 0) {
        throw new IllegalArgumentException("weight must be >= 0, got " + weight);
      }
      return;
    }
    addTotal(weight);
    if (buckets != null) {
      buckets.update(hash, key, offset, length, weight);
    } else if (!table.add(hash, key, offset, length, weight)) {
      leaveExact();
      buckets.update(hash, key, offset, length, weight);
    }
  }

  @Override
  public void updateBatch(
      long[] hashes,
      byte[] keys,
      int[] offsets,
      int[] lengths,
      long[] weights,
      int first,
      int count) {
    int end = first + count;
    int i = first;
    while (i < end) {
      int n = Math.min(BucketTable.BATCH, end - i);
      long sum = buckets == null ? -1 : sumOfPositive(weights, i, n);
      if (sum < 0) {
        WeightSummary.super.updateBatch(hashes, keys, offsets, lengths, weights, i, n);
      } else {
        addTotal(sum);
        buckets.updateBatch(hashes, keys, offsets, lengths, weights, i, n);
      }
      i += n;
    }
  }

  /** A negative number when one of the weights is not above 0 or the sum is no long. */
  private static long sumOfPositive(long[] weights, int first, int count) {
    long sum = 0;
    long signs = 0;
    for (int i = first; i < first + count; i++) {
      sum += weights[i];
      signs |= (weights[i] - 1) | sum;
    }
    return signs < 0 ? -1 : sum;
  }

  private void addTotal(long weight) {
    long sum = total + weight;
    // One test for both, since a negative sum has a top bit set as well.
    if (sum >>> 60 != 0) {
      if (sum < 0) {
        sum = Long.MAX_VALUE;
        overflowed = true;
      }
      total = sum;
      if (buckets != null) {
        buckets.widen();
      }
      return;
    }
    total = sum;
  }

  private void leaveExact() {
    becomeSumOf(new BucketTable(memoryBytes), table);
  }

  private void becomeSumOf(BucketTable newBuckets, ExactTable exact) {
    table = null;
    buckets = newBuckets;
    if (total >= BucketTable.WIDE) {
      buckets.widen();
    }
    buckets.add(exact);
  }

  @Override
  public void merge(KeySummary other) {
    if (!(other instanceof HeavyKeySketch that)) {
      throw new IllegalArgumentException(
          "cannot merge: HeavyKeySketch != " + other.getClass().getSimpleName());
    }
    KeySummaries.checkMergeable(this, that);
    mergeChecked(that == this ? copy() : that);
  }

  private void mergeChecked(HeavyKeySketch that) {
    overflowed |= that.overflowed;
    addTotal(that.total);
    if (that.buckets != null) {
      if (buckets == null) {
        becomeSumOf(that.buckets.copy(), table);
      } else {
        buckets.merge(that.buckets);
      }
    } else if (buckets != null) {
      buckets.add(that.table);
    } else if (!table.addAll(that.table)) {
      leaveExact();
      buckets.add(that.table);
    }
  }

  @Override
  public long lower(long hash) {
    return buckets != null ? buckets.lower(hash) : table.lower(hash);
  }

  @Override
  public long upper(long hash) {
    return buckets != null ? buckets.upper(hash) : table.upper(hash);
  }

  @Override
  public long estimate(long hash) {
    long lower = lower(hash);
    return lower + (upper(hash) - lower) / 2;
  }

  @Override
  public boolean isExact() {
    return buckets == null && table.rounding() == 0;
  }

  /** Whether the bytes of this key are stored: it is among the candidates. */
  public boolean isCandidate(long hash) {
    return buckets != null ? buckets.isNamed(hash) : table.upper(hash) != 0;
  }

  @Override
  public long errorBound() {
    return buckets != null ? buckets.errorBound() : 0;
  }

  @Override
  public long total() {
    return total;
  }

  @Override
  public boolean overflowed() {
    return overflowed;
  }

  @Override
  public long distinctKeys() {
    return buckets != null ? buckets.distinctKeys() : table.size();
  }

  @Override
  public long distinctKeysUpper() {
    return buckets != null ? buckets.distinct.upper() : table.size();
  }

  @Override
  public void forEachCandidate(CandidateVisitor visitor) {
    if (buckets != null) {
      buckets.forEachCandidate(visitor);
    } else {
      table.forEach(visitor);
    }
  }

  @Override
  public void clear() {
    if (buckets != null) {
      buckets = null;
      table = new ExactTable(memoryBytes);
    } else {
      table.clear();
    }
    total = 0;
    overflowed = false;
  }

  @Override
  public HeavyKeySketch copy() {
    return new HeavyKeySketch(this);
  }

  @Override
  public HeavyKeySketch scaled(double factor) {
    Scale scale = new Scale(factor);
    if (scale.isZero()) {
      return new HeavyKeySketch(memoryBytes, seedFingerprint);
    }
    HeavyKeySketch result = copy();
    if (scale.isOne()) {
      return result;
    }
    result.total = scale.ceil(total);
    if (result.buckets != null) {
      result.buckets.scale(scale);
    } else {
      result.table.scale(scale);
    }
    return result;
  }

  /**
   * The same keys with other values: each lower bound and each upper bound becomes what these
   * functions, which never fall, make of it. Not exact any more.
   */
  HeavyKeySketch widened(LongUnaryOperator lower, LongUnaryOperator upper, long newTotal) {
    HeavyKeySketch result = copy();
    if (result.buckets == null) {
      result.leaveExact();
    }
    result.total = newTotal;
    if (newTotal >= BucketTable.WIDE) {
      result.buckets.widen();
    }
    result.buckets.transform(lower, upper);
    return result;
  }

  @Override
  public long footprintBytes() {
    return buckets != null ? buckets.footprintBytes() : table.footprintBytes();
  }

  @Override
  public long seedFingerprint() {
    return seedFingerprint;
  }

  @Override
  public long memoryBytes() {
    return memoryBytes;
  }

  @Override
  public int maxSerializedBytes() {
    return SummaryCodec.maxBytes(this);
  }

  @Override
  public void write(ByteBuffer target) {
    SummaryCodec.write(this, target);
  }

  /** Whether it still is a table of all keys, be its values scaled or not. */
  boolean isTable() {
    return buckets == null;
  }

  int maxPayloadBytes() {
    return 8 + 9 + 9 + 1 + (buckets != null ? buckets.maxBytes() : table.maxBytes());
  }

  void writePayload(ByteBuffer target) {
    target.putLong(seedFingerprint);
    Varint.write(target, memoryBytes);
    Varint.write(target, total);
    target.put((byte) (overflowed ? 1 : 0));
    if (buckets != null) {
      buckets.write(target);
    } else {
      table.write(target);
    }
  }

  static HeavyKeySketch readPayload(SummaryReader source, boolean exact) {
    long seedFingerprint = source.readLong();
    long memoryBytes = source.readVarint(MAX_MEMORY_BYTES, "memory");
    source.check(memoryBytes >= MIN_MEMORY_BYTES, "memory", memoryBytes);
    HeavyKeySketch sketch = new HeavyKeySketch(memoryBytes, seedFingerprint);
    sketch.total = source.readVarint();
    int flags = source.readByte();
    source.check(flags <= 1, "flags", flags);
    sketch.overflowed = flags == 1;
    if (exact) {
      sketch.table.read(source);
    } else {
      sketch.table = null;
      sketch.buckets = BucketTable.read(source, memoryBytes);
      if (sketch.total >= BucketTable.WIDE) {
        sketch.buckets.widen();
      }
    }
    return sketch;
  }

  /** The number of keys in this or that. */
  long distinctWith(HeavyKeySketch that) {
    if (buckets == null && that.buckets == null) {
      long common = 0;
      for (long hash : that.table.sortedHashes()) {
        common += table.upper(hash) != 0 ? 1 : 0;
      }
      return table.size() + that.table.size() - common;
    }
    DistinctCounter union = distinctCounter();
    union.merge(that.distinctCounter());
    return union.estimate();
  }

  private DistinctCounter distinctCounter() {
    if (buckets != null) {
      return buckets.distinct.copy();
    }
    DistinctCounter counter = new DistinctCounter(BucketTable.registers(memoryBytes));
    for (long hash : table.sortedHashes()) {
      counter.add(hash);
    }
    return counter;
  }

  @Override
  public String toString() {
    return "HeavyKeySketch[memory "
        + memoryBytes
        + ", total "
        + total
        + (isExact() ? ", exact]" : ", error bound " + errorBound() + "]");
  }
}
