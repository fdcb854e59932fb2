package dev.atalaya.sketch;

import java.nio.ByteBuffer;

/**
 * Which keys have come in the past: two generations of hashes, the younger of which takes new ones
 * and the older of which is forgotten by {@link #rotate}. Who rotates every T remembers every key
 * for T to 2 T after it last was added.
 *
 * <p>Shape: {@value #BITS_A_KEY} bits a key of the expected number and generation, in {@link
 * BloomFilter}s of fixed size: 100,000 keys take 325 KB.
 *
 * <p>Error: a key that was added is always known. A key that never was is taken for a known one
 * with a probability of at most 1 % over the secret seed, as long as no generation has more than
 * the expected number; beyond, of {@link #falsePositiveRate}.
 *
 * <p>Bytes: type 6 of FORMAT.md. Not thread-safe.
 */
public final class SeenKeys {

  public static final long MAX_EXPECTED_KEYS = 1 << 28;

  /** Of each generation. With 6 hashes in blocks of 512 bits: 0.4 % each. */
  static final int BITS_A_KEY = 13;

  private final long expectedKeys;
  private final long seedFingerprint;
  private BloomFilter younger;
  private BloomFilter older;

  private SeenKeys(
      long expectedKeys, long seedFingerprint, BloomFilter younger, BloomFilter older) {
    this.expectedKeys = expectedKeys;
    this.seedFingerprint = seedFingerprint;
    this.younger = younger;
    this.older = older;
  }

  public static SeenKeys create(long expectedKeys, KeyHash hash) {
    return create(expectedKeys, hash.fingerprint());
  }

  /** For hashes that are made elsewhere. */
  public static SeenKeys create(long expectedKeys, long seedFingerprint) {
    if (expectedKeys < 1 || expectedKeys > MAX_EXPECTED_KEYS) {
      throw new IllegalArgumentException(
          "expected keys must be 1 to " + MAX_EXPECTED_KEYS + ", got " + expectedKeys);
    }
    int blocks = blocks(expectedKeys);
    return new SeenKeys(
        expectedKeys, seedFingerprint, new BloomFilter(blocks), new BloomFilter(blocks));
  }

  /** Few blocks fill unevenly, so there are some more. */
  private static int blocks(long expectedKeys) {
    return (int) (expectedKeys * BITS_A_KEY / BloomFilter.BLOCK_BITS) + 2;
  }

  /** Adds a key; answers whether it was not known: false may be wrong, true never is. */
  public boolean add(long keyHash) {
    boolean isNew = !older.contains(keyHash);
    return younger.add(keyHash) && isNew;
  }

  /** Whether a key is known: true may be wrong, false never is. */
  public boolean contains(long keyHash) {
    return younger.contains(keyHash) || older.contains(keyHash);
  }

  /** Forgets all keys that were not added since the rotation before. */
  public void rotate() {
    BloomFilter forgotten = older;
    older = younger;
    younger = forgotten;
    younger.clear();
  }

  /** The probability that a key that never came is taken for a known one now. */
  public double falsePositiveRate() {
    return 1 - (1 - younger.falsePositiveRate()) * (1 - older.falsePositiveRate());
  }

  public SeenKeys copy() {
    return new SeenKeys(expectedKeys, seedFingerprint, younger.copy(), older.copy());
  }

  public long expectedKeys() {
    return expectedKeys;
  }

  /** The {@link KeyHash#fingerprint} of the seed all hashes must come from. */
  public long seedFingerprint() {
    return seedFingerprint;
  }

  public long footprintBytes() {
    return younger.footprintBytes() + older.footprintBytes();
  }

  /** An upper bound of the length of {@link #write}. */
  public int maxSerializedBytes() {
    return SummaryCodec.maxBytes(this);
  }

  /** Writes the bytes of FORMAT.md. */
  public void write(ByteBuffer target) {
    SummaryCodec.write(this, target);
  }

  /**
   * Reads from the buffer's position on and leaves the position behind.
   *
   * @throws CorruptSummaryException when the bytes are not one whole set of a known version
   */
  public static SeenKeys read(ByteBuffer source) {
    return SummaryCodec.readSeenKeys(source);
  }

  int maxPayloadBytes() {
    return 8 + 9 + younger.maxBytes() + older.maxBytes();
  }

  void writePayload(ByteBuffer target) {
    target.putLong(seedFingerprint);
    Varint.write(target, expectedKeys);
    younger.write(target);
    older.write(target);
  }

  static SeenKeys readPayload(SummaryReader source) {
    long seedFingerprint = source.readLong();
    long expectedKeys = source.readVarint(MAX_EXPECTED_KEYS, "expected keys");
    source.check(expectedKeys > 0, "expected keys", expectedKeys);
    int blocks = blocks(expectedKeys);
    source.checkHas(2L * blocks, 1, "blocks");
    BloomFilter younger = BloomFilter.read(source, blocks);
    return new SeenKeys(expectedKeys, seedFingerprint, younger, BloomFilter.read(source, blocks));
  }
}
