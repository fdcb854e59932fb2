package dev.atalaya.sketch;

import java.nio.ByteBuffer;

/**
 * The number of distinct peers of every key of a window, exact while the distinct pairs of key and
 * peer fit the memory, within bounds beyond.
 *
 * <p>Shape: {@code memoryBytes} in all. Exact: 16 bytes a pair, 28 bytes a key and its bytes behind
 * a length; starts small and grows. Beyond: a sixteenth of the memory, but at least a kilobyte,
 * counts the keys' pairs in a {@link HeavyKeySketch}; the rest is a {@link BloomFilter} that lets a
 * pair count once: at 9 bits of memory a pair about a 50th of the last pairs are missed, a 300th of
 * all. The footprint never exceeds the memory by more than a tenth (for moments, while one state
 * replaces the other, by all).
 *
 * <p>Value of a key: its number of distinct peers; {@link #total} is the number of distinct pairs.
 *
 * <p>Error: {@code lower <= true <= upper} for every key. The lower bound is certain: a pair counts
 * once or is missed. The upper bound, beyond exact, is the one bound of this module that is
 * statistical: for any given key and stream it fails with a probability of at most 1e-9 over the
 * secret seed, see {@link MissedPairs}. Whether a window stays exact depends on its set of pairs
 * alone. Two pairs with the same 64-bit hash are taken for one (expected 4e-7 times per window of
 * 3.8 million pairs).
 *
 * <p>Merge: same seed, same memory; else refused. The pairs are united: of exact ones, in any order
 * and tree, comes what one sketch would be that saw everything; an exact one merges into one beyond
 * by adding its pairs. Where two that are both beyond meet, nobody knows which pairs they share: a
 * pair may have counted once in each, so the lower bound is divided by {@link #copies}.
 *
 * <p>Not thread-safe.
 */
public final class SpreadSketch implements KeySummary {

  public static final long MIN_MEMORY_BYTES = 4 << 10;
  public static final long MAX_MEMORY_BYTES = 1 << 30;

  /**
   * Measured with 5.4 million pairs in 4 MB: with an 8th the filter has less room (the lower bounds
   * of large keys are 2.0 % low instead of 1.6 %), with a 32nd one large key in seven goes without
   * its bytes.
   */
  private static final int COUNTS_SHARE = 16;

  private final long memoryBytes;
  private final long seedFingerprint;

  // Either the pairs, or the other two: from the first pair that does not fit until clear().
  private ExactPairs pairs;
  private BloomFilter filter;
  private HeavyKeySketch counts;

  /** How many of the sketches merged into this one may have counted the same pair. */
  private long copies;

  /** What is missed with the filter as it is; null when it has changed. */
  private MissedPairs missed;

  /** How many pairs the filter has by its fill: valid with {@link #missed}. */
  private double filled;

  private SpreadSketch(long memoryBytes, long seedFingerprint) {
    this.memoryBytes = memoryBytes;
    this.seedFingerprint = seedFingerprint;
    pairs = new ExactPairs(memoryBytes);
    copies = 1;
  }

  private SpreadSketch(SpreadSketch other) {
    memoryBytes = other.memoryBytes;
    seedFingerprint = other.seedFingerprint;
    pairs = other.pairs == null ? null : other.pairs.copy();
    filter = other.filter == null ? null : other.filter.copy();
    counts = other.counts == null ? null : other.counts.copy();
    copies = other.copies;
    missed = other.missed;
    filled = other.filled;
  }

  public static SpreadSketch create(long memoryBytes, KeyHash hash) {
    return create(memoryBytes, hash.fingerprint());
  }

  /** For hashes that are made elsewhere. */
  public static SpreadSketch create(long memoryBytes, long seedFingerprint) {
    if (memoryBytes < MIN_MEMORY_BYTES || memoryBytes > MAX_MEMORY_BYTES) {
      throw new IllegalArgumentException(
          "memory must be "
              + MIN_MEMORY_BYTES
              + " to "
              + MAX_MEMORY_BYTES
              + " bytes, got "
              + memoryBytes);
    }
    return new SpreadSketch(memoryBytes, seedFingerprint);
  }

  /** How much of the memory counts keys once pairs are no longer kept. */
  static long countsBytes(long memoryBytes) {
    return Math.max(HeavyKeySketch.MIN_MEMORY_BYTES, memoryBytes / COUNTS_SHARE);
  }

  private static int filterBlocks(long memoryBytes) {
    return (int) ((memoryBytes - countsBytes(memoryBytes)) / BloomFilter.BLOCK_BYTES);
  }

  /**
   * Adds a peer to a key.
   *
   * @param keyHash the key's hash by the {@link KeyHash} of this summary
   * @param peerHash the peer's hash by the same
   * @param key an array that holds the key's bytes; copied when kept
   */
  public void add(long keyHash, long peerHash, byte[] key, int offset, int length) {
    addPair(pair(keyHash, peerHash), keyHash, key, offset, length);
  }

  /**
   * The same, unless the pair is new and would end the exact state: then answers false, and nothing
   * has changed.
   */
  public boolean addIfExact(long keyHash, long peerHash, byte[] key, int offset, int length) {
    return pairs != null && pairs.add(pair(keyHash, peerHash), keyHash, key, offset, length);
  }

  /** Never 0, which marks an empty place. */
  private static long pair(long keyHash, long peerHash) {
    long pair = KeyHash.pair(keyHash, peerHash);
    return pair == 0 ? 1 : pair;
  }

  private void addPair(long pair, long keyHash, byte[] key, int offset, int length) {
    if (pairs != null) {
      if (pairs.add(pair, keyHash, key, offset, length)) {
        return;
      }
      leaveExact();
    }
    if (filter.add(pair)) {
      missed = null;
      counts.update(keyHash, key, offset, length, 1);
    }
  }

  private void leaveExact() {
    ExactPairs exact = pairs;
    pairs = null;
    filter = new BloomFilter(filterBlocks(memoryBytes));
    counts = HeavyKeySketch.create(countsBytes(memoryBytes), seedFingerprint);
    addPairs(exact);
  }

  private void addPairs(ExactPairs exact) {
    exact.forEach(
        (pair, keyHash, keys, offset, length) -> {
          addPair(pair, keyHash, keys, offset, length);
          return true;
        });
  }

  @Override
  public void merge(KeySummary other) {
    if (!(other instanceof SpreadSketch that)) {
      throw new IllegalArgumentException(
          "cannot merge: SpreadSketch != " + other.getClass().getSimpleName());
    }
    KeySummaries.checkMergeable(this, that);
    if (that.pairs != null) {
      if (pairs == null) {
        addPairs(that.pairs);
      } else if (that != this && !that.pairs.forEach(pairs::add)) {
        leaveExact();
        addPairs(that.pairs);
      }
      return;
    }
    ExactPairs mine = pairs;
    missed = null;
    if (mine != null) {
      pairs = null;
      filter = that.filter.copy();
      counts = that.counts.copy();
      copies = that.copies;
      addPairs(mine);
    } else {
      filter.merge(that.filter);
      counts.merge(that.counts);
      copies = Saturating.add(copies, that.copies);
    }
  }

  /**
   * Whether the next new pair may not fit and would end the exact state, be its key new and as long
   * as {@value ExactPairs#KEY_LENGTH} bytes. (For longer ones, and for certain: {@link
   * #addIfExact}.)
   */
  public boolean isFull() {
    return pairs == null || pairs.isFull();
  }

  /** How many times a pair may have counted: 1, unless sketches beyond exact were merged. */
  public long copies() {
    return copies;
  }

  /**
   * The numbers of peers alone, without the pairs: what is enough to compare later windows with. Of
   * the same memory and exact when this is; else of the part of it that counts, with bounds no
   * narrower than these, so that the two kinds do not merge with one another.
   */
  public HeavyKeySketch counts() {
    if (pairs != null) {
      return HeavyKeySketch.of(memoryBytes, seedFingerprint, pairs.table().copy(), pairs.size());
    }
    return counts.widened(this::lowerOf, this::upperOf, total());
  }

  private long lowerOf(long counted) {
    // Rounded up: so many pairs at least have counted so many times.
    return copies == 1 ? counted : counted / copies + (counted % copies == 0 ? 0 : 1);
  }

  private long upperOf(long counted) {
    look();
    return missed.upper(counted);
  }

  /** All of the filter is read only when someone asks after it has changed. */
  private void look() {
    if (missed == null) {
      missed = new MissedPairs(filter.falsePositiveRate());
      filled = filter.size();
    }
  }

  @Override
  public long lower(long hash) {
    return pairs != null ? pairs.table().lower(hash) : lowerOf(counts.lower(hash));
  }

  @Override
  public long upper(long hash) {
    return pairs != null ? pairs.table().upper(hash) : upperOf(counts.upper(hash));
  }

  @Override
  public long estimate(long hash) {
    if (pairs != null) {
      return pairs.table().upper(hash);
    }
    // As many of this key's pairs are missed as of all, and as many are counted twice.
    return within(
        lower(hash), counts.estimate(hash) * (total() / (double) counts.total()), upper(hash));
  }

  private static long within(long lower, double estimate, long upper) {
    return Math.min(upper, Math.max(lower, Math.round(estimate)));
  }

  @Override
  public boolean isExact() {
    return pairs != null;
  }

  @Override
  public long errorBound() {
    return pairs != null ? 0 : upperOf(counts.errorBound());
  }

  /** The number of distinct pairs: exact while {@link #isExact}, else an estimate. */
  @Override
  public long total() {
    if (pairs != null) {
      return pairs.size();
    }
    look();
    return within(totalLower(), filled, totalUpper());
  }

  @Override
  public long totalLower() {
    return pairs != null ? pairs.size() : lowerOf(counts.total());
  }

  @Override
  public long totalUpper() {
    return pairs != null ? pairs.size() : upperOf(counts.total());
  }

  @Override
  public boolean overflowed() {
    return counts != null && counts.overflowed();
  }

  @Override
  public long distinctKeys() {
    return pairs != null ? pairs.table().size() : counts.distinctKeys();
  }

  @Override
  public long distinctKeysUpper() {
    if (pairs != null) {
      return pairs.table().size();
    }
    // Each pair that was missed may have had a key of its own.
    return Saturating.add(counts.distinctKeysUpper(), totalUpper() - totalLower());
  }

  @Override
  public void forEachCandidate(CandidateVisitor visitor) {
    if (pairs != null) {
      pairs.table().forEach(visitor);
    } else {
      counts.forEachCandidate(
          (hash, keys, offset, length, lower, upper) ->
              visitor.visit(hash, keys, offset, length, lowerOf(lower), upperOf(upper)));
    }
  }

  @Override
  public void clear() {
    if (pairs != null) {
      pairs.clear();
    } else {
      pairs = new ExactPairs(memoryBytes);
      filter = null;
      counts = null;
      missed = null;
      copies = 1;
    }
  }

  @Override
  public SpreadSketch copy() {
    return new SpreadSketch(this);
  }

  /** The scaled {@link #counts}: pairs have no parts. */
  @Override
  public HeavyKeySketch scaled(double factor) {
    return counts().scaled(factor);
  }

  @Override
  public long footprintBytes() {
    return pairs != null
        ? pairs.footprintBytes()
        : filter.footprintBytes() + counts.footprintBytes();
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

  int maxPayloadBytes() {
    return 8
        + 9
        + (pairs != null ? pairs.maxBytes() : 9 + counts.maxSerializedBytes() + filter.maxBytes());
  }

  void writePayload(ByteBuffer target) {
    target.putLong(seedFingerprint);
    Varint.write(target, memoryBytes);
    if (pairs != null) {
      pairs.write(target);
    } else {
      Varint.write(target, copies);
      counts.write(target);
      filter.write(target);
    }
  }

  static SpreadSketch readPayload(SummaryReader source, boolean exact) {
    long seedFingerprint = source.readLong();
    long memoryBytes = source.readVarint(MAX_MEMORY_BYTES, "memory");
    source.check(memoryBytes >= MIN_MEMORY_BYTES, "memory", memoryBytes);
    SpreadSketch sketch = new SpreadSketch(memoryBytes, seedFingerprint);
    if (exact) {
      sketch.pairs.read(source);
      return sketch;
    }
    sketch.pairs = null;
    sketch.copies = source.readVarint();
    source.check(sketch.copies > 0, "copies", sketch.copies);
    sketch.counts = (HeavyKeySketch) source.readSummary(SummaryCodec.BUCKETS);
    if (sketch.counts.seedFingerprint() != seedFingerprint
        || sketch.counts.memoryBytes() != countsBytes(memoryBytes)) {
      throw new CorruptSummaryException("the counts of a spread differ in seed or memory");
    }
    sketch.filter = BloomFilter.read(source, filterBlocks(memoryBytes));
    return sketch;
  }

  @Override
  public String toString() {
    return "SpreadSketch[memory "
        + memoryBytes
        + ", total "
        + total()
        + (isExact() ? ", exact]" : ", error bound " + errorBound() + "]");
  }
}
