package dev.atalaya.sketch;

import static dev.atalaya.sketch.Truth.HASH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** What every summary promises, in every state it can be in. */
abstract class KeySummaryContract {

  /** An empty summary of {@link Truth#HASH}. */
  abstract KeySummary create();

  /** An empty one with another configuration. */
  abstract KeySummary create(long memoryBytes, KeyHash hash);

  /** As many as bring it into the state of this test. */
  abstract int keys();

  boolean signed() {
    return false;
  }

  /** What the summary is to answer. */
  Truth truth() {
    return new Truth();
  }

  /** How many keys it counts closely enough when they are too many to be exact. */
  int manyKeys() {
    return 50_000;
  }

  int forgeries() {
    return 20_000;
  }

  /** The memory of the sketch that counts keys. */
  long bytesOfCounts(KeySummary summary) {
    return summary.memoryBytes() / (signed() ? 2 : 1);
  }

  long weight(Random random, int largest) {
    long weight = 1L + random.nextInt(largest);
    return signed() && random.nextInt(4) == 0 ? -weight : weight;
  }

  void fill(KeySummary summary, Truth truth, Random random, int events, int largest) {
    for (int i = 0; i < events; i++) {
      truth.add(summary, Truth.skewedRank(random, keys()), weight(random, largest));
    }
  }

  @Test
  void boundsHoldForEveryKeyInsertedOrNot() {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      KeySummary summary = create();
      Truth truth = truth();
      fill(summary, truth, random, 20_000, seed % 2 == 0 ? 1 : 1_000_000);
      truth.check(summary);
    }
  }

  @Test
  void boundsHoldWhenAllKeysAreEquallyFrequent() {
    Random random = new Random(1);
    KeySummary summary = create();
    Truth truth = truth();
    for (int i = 0; i < 20_000; i++) {
      truth.add(summary, random.nextInt(keys()), weight(random, 3));
    }
    truth.check(summary);
  }

  @Test
  void boundsHoldForWeightsOfAllMagnitudes() {
    Random random = new Random(2);
    KeySummary summary = create();
    Truth truth = truth();
    for (int i = 0; i < 20_000; i++) {
      long weight = weight(random, 1 << random.nextInt(30));
      truth.add(summary, random.nextInt(keys()), weight);
    }
    truth.check(summary);
  }

  @Test
  void boundsHoldWhenHeavyKeysComeInBursts() {
    Random random = new Random(3);
    KeySummary summary = create();
    Truth truth = truth();
    for (int burst = 0; burst < 100; burst++) {
      int first = random.nextInt(keys());
      for (int i = 0; i < 200; i++) {
        truth.add(summary, first + random.nextInt(10), weight(random, 2));
      }
    }
    truth.check(summary);
  }

  @Test
  void boundsHoldForAnyPartitioningAndMergeTree() {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      List<KeySummary> parts = new ArrayList<>();
      Truth truth = truth();
      int count = 1 + random.nextInt(9);
      for (int i = 0; i < count; i++) {
        KeySummary part = create();
        fill(part, truth, random, random.nextInt(8_000), 100);
        parts.add(part);
      }
      while (parts.size() > 1) {
        KeySummary taken = parts.remove(random.nextInt(parts.size()));
        parts.get(random.nextInt(parts.size())).merge(taken);
      }
      truth.check(parts.get(0));
    }
  }

  @Test
  void boundsHoldWhenUpdatesGoOnAfterAMerge() {
    Random random = new Random(4);
    KeySummary summary = create();
    Truth truth = truth();
    for (int round = 0; round < 5; round++) {
      KeySummary part = create();
      fill(part, truth, random, 3_000, 10);
      summary.merge(part);
      fill(summary, truth, random, 3_000, 10);
      truth.check(summary);
    }
  }

  @Test
  void mergeLeavesTheOtherAsItWas() {
    Random random = new Random(6);
    KeySummary other = create();
    fill(other, truth(), random, 10_000, 10);
    byte[] before = KeySummaries.toBytes(other);
    KeySummary summary = create();
    fill(summary, truth(), random, 10_000, 10);
    summary.merge(other);
    assertThat(KeySummaries.toBytes(other)).isEqualTo(before);
  }

  @Test
  void mergeOfEmptyOnesIsEmpty() {
    KeySummary summary = create();
    summary.merge(create());
    assertThat(summary.isExact()).isTrue();
    assertThat(summary.total()).isZero();
    assertThat(summary.distinctKeys()).isZero();
    assertThat(summary.errorBound()).isZero();
  }

  @Test
  void mergeRejectsAnotherSeed() {
    KeyHash hash = new KeyHash(1, 2);
    assertThatThrownBy(() -> create().merge(create(create().memoryBytes(), hash)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "cannot merge: seed fingerprint %x != %x", HASH.fingerprint(), hash.fingerprint());
  }

  @Test
  void mergeRejectsAnotherMemory() {
    assertThatThrownBy(() -> create().merge(create(create().memoryBytes() * 2, HASH)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot merge: memory of ");
  }

  @Test
  void scaledBoundsHoldForTheScaledTruth() {
    for (double factor : new double[] {0, 1e-9, 0.25, 0.7, 0.999, 1}) {
      Random random = new Random(7);
      KeySummary summary = create();
      Truth truth = truth();
      fill(summary, truth, random, 10_000, 1000);
      byte[] before = KeySummaries.toBytes(summary);
      truth.scaled(factor).check(summary.scaled(factor));
      assertThat(KeySummaries.toBytes(summary)).isEqualTo(before);
    }
  }

  @Test
  void scaleRejectsFactorsOutsideZeroToOne() {
    for (double factor : new double[] {-0.1, 1.1, Double.NaN}) {
      assertThatThrownBy(() -> create().scaled(factor))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("factor must be within 0 and 1, got " + factor);
    }
  }

  @Test
  void readsBackWhatItWroteAndGoesOn() {
    for (int seed = 0; seed < 10; seed++) {
      Random random = new Random(seed);
      KeySummary summary = create();
      Truth truth = truth();
      for (int round = 0; round < 4; round++) {
        fill(summary, truth, random, 4_000, seed % 2 == 0 ? 3 : 1 << 20);
        byte[] bytes = KeySummaries.toBytes(summary);
        KeySummary read = KeySummaries.read(ByteBuffer.wrap(bytes));
        assertThat(KeySummaries.toBytes(read)).isEqualTo(bytes);
        assertThat(read.total()).isEqualTo(summary.total());
        assertThat(read.errorBound()).isEqualTo(summary.errorBound());
        assertThat(read.distinctKeys()).isEqualTo(summary.distinctKeys());
        assertThat(read.isExact()).isEqualTo(summary.isExact());
        assertThat(read.seedFingerprint()).isEqualTo(summary.seedFingerprint());
        assertThat(read.memoryBytes()).isEqualTo(summary.memoryBytes());
        for (int id = 0; id < keys(); id++) {
          long hash = HASH.hash(Truth.key(id));
          assertThat(read.lower(hash)).isEqualTo(summary.lower(hash));
          assertThat(read.upper(hash)).isEqualTo(summary.upper(hash));
        }
        truth.check(read);
        summary = round % 2 == 0 ? read : unchanged(read);
      }
    }
  }

  /** The same summary, made anew in some way. */
  KeySummary unchanged(KeySummary summary) {
    return summary.copy();
  }

  @Test
  void readsAndWritesInTheMiddleOfABuffer() {
    KeySummary summary = create();
    fill(summary, truth(), new Random(9), 1000, 10);
    ByteBuffer buffer = ByteBuffer.allocate(3 + 2 * summary.maxSerializedBytes());
    buffer.position(3);
    summary.write(buffer);
    int end = buffer.position();
    create().write(buffer);
    buffer.flip().position(3);
    assertThat(KeySummaries.read(buffer).total()).isEqualTo(summary.total());
    assertThat(buffer.position()).isEqualTo(end);
    assertThat(KeySummaries.read(buffer).total()).isZero();
    assertThat(buffer.hasRemaining()).isFalse();
  }

  @Test
  void sameUpdatesGiveSameBytes() {
    KeySummary one = create();
    KeySummary two = create();
    fill(one, truth(), new Random(10), 20_000, 10);
    fill(two, truth(), new Random(10), 20_000, 10);
    assertThat(KeySummaries.toBytes(one)).isEqualTo(KeySummaries.toBytes(two));
  }

  @Test
  void truncatedBytesAreCorrupt() {
    byte[] bytes = someBytes();
    for (int length = 0; length < bytes.length; length++) {
      ByteBuffer truncated = ByteBuffer.wrap(bytes, 0, length);
      assertThatThrownBy(() -> KeySummaries.read(truncated))
          .isInstanceOf(CorruptSummaryException.class);
    }
  }

  @Test
  void flippedBitsAreCorrupt() {
    byte[] bytes = someBytes();
    for (int i = 0; i < bytes.length; i++) {
      byte[] flipped = bytes.clone();
      flipped[i] ^= (byte) (1 << (i % 8));
      assertThatThrownBy(() -> KeySummaries.read(ByteBuffer.wrap(flipped)))
          .isInstanceOf(CorruptSummaryException.class);
    }
  }

  @Test
  void forgedBytesAreReadWholeOrCorrupt() {
    byte[] bytes = someBytes();
    Random random = new Random(11);
    int read = 0;
    for (int i = 0; i < forgeries(); i++) {
      byte[] forged = bytes.clone();
      int at = SummaryCodec.HEADER_BYTES + random.nextInt(bytes.length - 14);
      forged[at] = (byte) random.nextInt();
      fixChecksums(forged);
      try {
        KeySummary summary = KeySummaries.read(ByteBuffer.wrap(forged));
        summary.errorBound();
        summary.distinctKeys();
        summary.forEachCandidate((hash, keys, offset, length, lower, upper) -> {});
        create().merge(summary);
        read++;
      } catch (CorruptSummaryException e) {
        assertThat(e).hasMessageNotContaining("null");
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageStartingWith("cannot merge: ");
      }
    }
    assertThat(read).isPositive();
  }

  private byte[] someBytes() {
    KeySummary summary = create();
    fill(summary, truth(), new Random(12), 3_000, 1000);
    return KeySummaries.toBytes(summary);
  }

  private static void fixChecksums(byte[] bytes) {
    // Frames inside first, the last of them first.
    for (int i = bytes.length - 4; i >= 0; i--) {
      if (bytes[i] == 'A' && bytes[i + 1] == 'T' && bytes[i + 2] == 'S' && bytes[i + 3] == 'K') {
        fixChecksum(bytes, i);
      }
    }
  }

  static void fixChecksum(byte[] bytes, int start) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int length = start + SummaryCodec.HEADER_BYTES > bytes.length ? -1 : buffer.getInt(start + 6);
    int end = start + SummaryCodec.HEADER_BYTES + length;
    if (length < 0 || end < 0 || end > bytes.length - SummaryCodec.TRAILER_BYTES) {
      return;
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes, start, end - start);
    buffer.putInt(end, (int) crc.getValue());
  }

  @Test
  void clearedIsLikeNew() {
    KeySummary summary = create();
    for (int seed = 0; seed < 3; seed++) {
      fill(summary, truth(), new Random(seed), 20_000, 10);
      summary.clear();
      assertThat(summary.total()).isZero();
      assertThat(summary.distinctKeys()).isZero();
      assertThat(summary.isExact()).isTrue();
      assertThat(summary.errorBound()).isZero();
      assertThat(KeySummaries.toBytes(summary)).isEqualTo(KeySummaries.toBytes(create()));
      Truth truth = truth();
      fill(summary, truth, new Random(seed + 100), 20_000, 10);
      truth.check(summary);
    }
  }

  @Test
  void copyLivesItsOwnLife() {
    Random random = new Random(13);
    KeySummary summary = create();
    Truth truth = truth();
    fill(summary, truth, random, 10_000, 10);
    KeySummary copy = summary.copy();
    assertThat(KeySummaries.toBytes(copy)).isEqualTo(KeySummaries.toBytes(summary));
    fill(summary, truth(), random, 10_000, 10);
    truth.check(copy);
    fill(copy, truth, random, 10_000, 10);
    truth.check(copy);
  }

  @Test
  void keysMayBeEmptyOrAKilobyteLong() {
    Random random = new Random(16);
    KeySummary summary = create();
    Truth truth = truth();
    for (int i = 0; i < 3_000; i++) {
      byte[] key = new byte[Math.max(0, random.nextInt(2048) - 1024)];
      Arrays.fill(key, (byte) random.nextInt(20));
      truth.add(summary, key, weight(random, 5));
    }
    truth.add(summary, new byte[0], 7);
    truth.check(summary);
    truth.check(KeySummaries.read(ByteBuffer.wrap(KeySummaries.toBytes(summary))));
  }

  @Test
  void boundsHoldWhenAllKeysFallIntoOneBucket() {
    Random random = new Random(17);
    KeySummary summary = create();
    KeySummary other = create();
    Truth truth = truth();
    for (int i = 0; i < 10_000; i++) {
      long id = Truth.skewedRank(random, 300);
      long hash = 0xabcdef12_00000000L | id;
      truth.add(i % 3 == 0 ? other : summary, hash, Truth.key((int) id), weight(random, 5));
    }
    summary.merge(other);
    truth.check(summary);
  }

  @Test
  void boundsHoldForTheHashesZeroAndMinusOne() {
    KeySummary summary = create();
    Truth truth = truth();
    fill(summary, truth, new Random(18), 5_000, 3);
    for (int i = 0; i < 50; i++) {
      truth.add(summary, 0L, new byte[] {1}, 1);
      truth.add(summary, -1L, new byte[] {2}, 2);
    }
    truth.check(summary);
  }

  @Test
  void theSameSliceOfHashesIsNoWorse() {
    Random random = new Random(19);
    KeySummary summary = create();
    Truth truth = truth();
    for (int i = 0; i < 20_000; i++) {
      byte[] key = Truth.key(Truth.skewedRank(random, 2 * keys()));
      if ((HASH.hash(key) & 7) == 5) {
        truth.add(summary, key, weight(random, 5));
      }
    }
    truth.check(summary);
  }

  @Test
  void distinctKeysAreCloseWhenTheyAreNotExact() {
    KeySummary summary = create();
    Truth truth = truth();
    int distinct = manyKeys();
    for (int id = 0; id < distinct; id++) {
      truth.add(summary, id, signed() && id % 2 == 0 ? -1 : 1);
    }
    if (summary.isExact()) {
      assertThat(summary.distinctKeys()).isEqualTo(distinct);
    } else {
      int registers = BucketTable.registers(bytesOfCounts(summary));
      double standardError = 1.04 / Math.sqrt(registers);
      assertThat((double) summary.distinctKeys() / distinct)
          .isBetween(1 - 3 * standardError, 1 + 3 * standardError);
    }
  }

  @Test
  void certifiedMeansAboveTheErrorBound() {
    KeySummary summary = create();
    fill(summary, truth(), new Random(20), 20_000, 3);
    long bound = summary.errorBound();
    assertThat(summary.certified(bound + 1)).isTrue();
    assertThat(summary.certified(bound)).isFalse();
  }
}
