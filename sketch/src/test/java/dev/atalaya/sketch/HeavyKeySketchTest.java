package dev.atalaya.sketch;

import static dev.atalaya.sketch.Truth.HASH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class HeavyKeySketchTest {

  private static final byte[] NO_BYTES = {};

  private static HeavyKeySketch sketch(long memoryBytes) {
    return HeavyKeySketch.create(memoryBytes, HASH);
  }

  /** A key of this length; the number is in its first four bytes, as far as there is room. */
  private static byte[] key(int id, int length) {
    byte[] key = new byte[length];
    for (int i = 0; i < Math.min(4, length); i++) {
      key[i] = (byte) (id >>> (8 * i));
    }
    return key;
  }

  // ---- the exact state

  @Test
  void exactCapacityIsWhatFits() {
    for (long memory : new long[] {1024, 10_000, 256 << 10}) {
      for (int length : new int[] {4, 13, 100, 300}) {
        int capacity = (int) HeavyKeySketch.exactCapacity(memory, length);
        HeavyKeySketch sketch = sketch(memory);
        for (int id = 0; id < capacity; id++) {
          sketch.update(HASH, key(id, length), 1);
        }
        assertThat(sketch.isExact()).isTrue();
        assertThat(sketch.distinctKeys()).isEqualTo(capacity);
        assertThat(sketch.footprintBytes()).isLessThanOrEqualTo(memory * 11 / 10);
        sketch.update(HASH, key(capacity, length), 1);
        assertThat(sketch.isExact()).isFalse();
      }
    }
    assertThat(HeavyKeySketch.exactCapacity(256 << 10, 13)).isEqualTo(6241);
  }

  @Test
  void exactnessAndBytesDependOnTheSetOfKeysAlone() {
    long memory = 8 << 10;
    List<byte[]> keys = new ArrayList<>();
    long cost = 0;
    for (int id = 0; ; id++) {
      byte[] key = key(id, 4 + (id * 7919) % 150);
      if (cost + 28 + KeyArena.cost(key.length) > memory) {
        break;
      }
      cost += 28 + KeyArena.cost(key.length);
      keys.add(key);
    }
    HeavyKeySketch first = sketch(memory);
    keys.forEach(key -> first.update(HASH, key, key.length));
    byte[] expected = KeySummaries.toBytes(first);
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      Collections.shuffle(keys, random);
      HeavyKeySketch[] parts = {sketch(memory), sketch(memory), sketch(memory)};
      for (byte[] key : keys) {
        int once = random.nextInt(key.length);
        parts[random.nextInt(3)].update(HASH, key, once);
        parts[random.nextInt(3)].update(HASH, key, key.length - once);
      }
      parts[0].merge(parts[1]);
      parts[0].merge(parts[2]);
      assertThat(parts[0].isExact()).isTrue();
      assertThat(KeySummaries.toBytes(parts[0])).isEqualTo(expected);
    }
    byte[] oneMore = key(1_000_000, 150);
    first.update(HASH, oneMore, 1);
    assertThat(first.isExact()).isFalse();
  }

  @Test
  void mergeOfExactOnesThatDoNotFitHoldsItsBounds() {
    HeavyKeySketch one = sketch(4096);
    HeavyKeySketch two = sketch(4096);
    Truth truth = new Truth();
    for (int id = 0; id < 80; id++) {
      truth.add(one, id, id + 1);
      truth.add(two, id + 40, 2 * id + 1);
    }
    assertThat(one.isExact() && two.isExact()).isTrue();
    one.merge(two);
    assertThat(one.isExact()).isFalse();
    truth.check(one);
  }

  /** In the order of their places they once crowded together: it took fifty times as long. */
  @Test
  void mergingManyKeysIntoFewTakesNoLongerThanCountingThem() {
    long memory = 16 << 20;
    int capacity = (int) HeavyKeySketch.exactCapacity(memory, 4);
    long began = System.nanoTime();
    HeavyKeySketch many = sketch(memory);
    for (int id = 1; id < capacity; id++) {
      many.update(HASH, key(id, 4), id);
    }
    long counting = System.nanoTime() - began;
    HeavyKeySketch few = sketch(memory);
    few.update(HASH, key(0, 4), 1);
    few.update(HASH, key(7, 4), 1);

    began = System.nanoTime();
    few.merge(many);
    long merging = System.nanoTime() - began;

    assertThat(merging).isLessThan(10 * counting);
    assertThat(few.isExact()).isTrue();
    assertThat(few.distinctKeys()).isEqualTo(capacity);
    assertThat(few.footprintBytes()).isLessThanOrEqualTo(memory * 11 / 10);
    for (int id = 0; id < capacity; id++) {
      long expected = id == 0 ? 1 : id == 7 ? 8 : id;
      assertThat(few.upper(HASH, key(id, 4))).isEqualTo(expected);
    }
  }

  @Test
  void scaledExactIsOffByTheRoundingAlone() {
    HeavyKeySketch sketch = sketch(1 << 20);
    for (int id = 0; id < 100; id++) {
      sketch.update(HASH, Truth.key(id), 101);
    }
    HeavyKeySketch half = sketch.scaled(0.5);
    assertThat(half.isExact()).isFalse();
    assertThat(half.lower(HASH, Truth.key(1))).isEqualTo(50);
    assertThat(half.upper(HASH, Truth.key(1))).isEqualTo(51);
    assertThat(half.upper(HASH, Truth.key(1000))).isZero();
    assertThat(half.errorBound()).isZero();
  }

  @Test
  void roundingAddsUpWhenScaledOnesAreMerged() {
    HeavyKeySketch sum = sketch(1 << 20);
    HeavyKeySketch crowded = sketch(4096);
    Truth truth = new Truth();
    for (int part = 0; part < 5; part++) {
      HeavyKeySketch odd = sketch(1 << 20);
      HeavyKeySketch oddToo = sketch(4096);
      Truth oddTruth = new Truth();
      for (int id = 0; id < 30; id++) {
        oddTruth.add(odd, id, 101);
        oddToo.update(HASH, Truth.key(20 * part + id), 101);
      }
      sum.merge(odd.scaled(0.5));
      truth.merge(oddTruth.scaled(0.5));
      crowded.merge(oddToo.scaled(0.5));
    }
    truth.check(sum);
    assertThat(crowded.isExact()).isFalse();
    for (int id = 0; id < 110; id++) {
      int parts = id < 20 || id >= 100 || id % 20 >= 10 ? 1 : 2;
      assertThat((double) crowded.lower(HASH, Truth.key(id))).isLessThanOrEqualTo(50.5 * parts);
      assertThat((double) crowded.upper(HASH, Truth.key(id))).isGreaterThanOrEqualTo(50.5 * parts);
    }
  }

  @Test
  void roundingOfTheOtherCountsWhenItDoesNotFit() {
    HeavyKeySketch whole = sketch(4096);
    HeavyKeySketch odd = sketch(4096);
    Truth truth = new Truth();
    Truth oddTruth = new Truth();
    for (int id = 0; id < 80; id++) {
      truth.add(whole, id, 10);
      oddTruth.add(odd, id + 40, 101);
    }
    whole.merge(odd.scaled(0.5));
    truth.merge(oddTruth.scaled(0.5));
    assertThat(whole.errorBound()).isPositive();
    truth.check(whole);
  }

  @Test
  void mergedDistinctKeysAreThoseOfBoth() {
    HeavyKeySketch one = sketch(64 << 10);
    HeavyKeySketch two = sketch(64 << 10);
    for (int id = 0; id < 50_000; id++) {
      one.update(HASH, Truth.key(id), 1);
      two.update(HASH, Truth.key(id + 40_000), 1);
    }
    one.merge(two);
    assertThat(one.distinctKeys()).isBetween(78_000L, 102_000L);
  }

  @Test
  void movingAverageSurvivesItsBytes() {
    Random random = new Random(1);
    WeightSummary average = sketch(16 << 10);
    Truth truth = new Truth();
    for (int window = 0; window < 30; window++) {
      WeightSummary summary = sketch(16 << 10);
      Truth windowTruth = new Truth();
      for (int i = 0; i < 50 * window; i++) {
        windowTruth.add(summary, Truth.skewedRank(random, 2000), 1 + random.nextInt(100));
      }
      average = average.scaled(0.75);
      average.merge(summary.scaled(0.25));
      truth = truth.scaled(0.75);
      truth.merge(windowTruth.scaled(0.25));
      average = (WeightSummary) KeySummaries.read(ByteBuffer.wrap(KeySummaries.toBytes(average)));
      truth.check(average);
    }
  }

  // ---- the buckets

  @Test
  void keysThatStayFromTheStartAreExactAmongMillionsOfMice() {
    HeavyKeySketch sketch = sketch(16 << 10);
    for (int id = 0; id < 20; id++) {
      sketch.update(HASH, Truth.key(id), 1_000_000);
    }
    for (int id = 1000; id < 200_000; id++) {
      sketch.update(HASH, Truth.key(id), 1);
    }
    assertThat(sketch.isExact()).isFalse();
    for (int id = 0; id < 20; id++) {
      assertThat(sketch.lower(HASH, Truth.key(id))).isEqualTo(1_000_000);
      assertThat(sketch.upper(HASH, Truth.key(id))).isEqualTo(1_000_000);
      assertThat(sketch.isCandidate(HASH.hash(Truth.key(id)))).isTrue();
    }
    assertThat(sketch.certified(1_000_000)).isTrue();
  }

  @Test
  void anAbsentKeyIsBoundedByAnEighthOfItsBucket() {
    HeavyKeySketch sketch = sketch(1024);
    // 3 buckets: the top bits choose the first for all of these.
    Random random = new Random(2);
    int events = 50_000;
    for (int i = 0; i < events; i++) {
      sketch.update(random.nextLong() >>> 2, NO_BYTES, 0, 0, 1);
    }
    assertThat(sketch.isExact()).isFalse();
    assertThat(sketch.errorBound()).isLessThanOrEqualTo(events / 8 + 1);
    for (int i = 0; i < 1000; i++) {
      long hash = random.nextLong() >>> 2;
      assertThat(sketch.upper(hash)).isLessThanOrEqualTo(events / 8);
    }
  }

  @Test
  void cellsBoundMiceBetterThanTheBucket() {
    HeavyKeySketch sketch = sketch(64 << 10);
    Random random = new Random(3);
    int events = 200_000;
    for (int i = 0; i < events; i++) {
      sketch.update(random.nextLong(), NO_BYTES, 0, 0, 1);
    }
    double mean = 0;
    for (int i = 0; i < 10_000; i++) {
      mean += sketch.upper(random.nextLong()) / 10_000.0;
    }
    int buckets = BucketTable.bucketCount(64 << 10);
    // An eighth of the bucket without cells.
    assertThat(mean).isLessThan(events / 8.0 / buckets * 0.9);
  }

  @Test
  void theExpectedErrorBoundIsNotExceededBySkewedNorByEqualKeys() {
    for (boolean skewed : new boolean[] {true, false}) {
      HeavyKeySketch sketch = sketch(64 << 10);
      Random random = new Random(8);
      for (int i = 0; i < 300_000; i++) {
        int id = skewed ? Truth.skewedRank(random, 100_000) : random.nextInt(100_000);
        sketch.update(HASH, Truth.key(id), 1);
      }
      assertThat(sketch.errorBound())
          .isBetween(1L, HeavyKeySketch.expectedErrorBound(64 << 10, 9, 300_000));
    }
    assertThat(HeavyKeySketch.expectedErrorBound(256 << 10, 13, 10_000_000)).isEqualTo(2512);
    assertThat(HeavyKeySketch.expectedErrorBound(256 << 10, 1024, 10_000_000)).isEqualTo(46_296);
  }

  @Test
  void boundsAreRelativeToTheWeightsWhateverTheirUnit() {
    long boundOfOnes = errorBoundOfMice(1);
    for (int shift : new int[] {20, 40}) {
      // 16 bits an error: rounded up by at most a 32,768th each time.
      assertThat(errorBoundOfMice(1L << shift) >> shift).isBetween(boundOfOnes, boundOfOnes + 2);
    }
  }

  private static long errorBoundOfMice(long weight) {
    HeavyKeySketch sketch = sketch(64 << 10);
    Random random = new Random(4);
    for (int i = 0; i < 100_000; i++) {
      sketch.update(random.nextLong(), NO_BYTES, 0, 0, weight);
    }
    return sketch.errorBound();
  }

  @Test
  void batchesHoldTheSameBounds() {
    Random random = new Random(5);
    for (long memory : new long[] {1024, 16 << 10, 1 << 20}) {
      HeavyKeySketch sketch = sketch(memory);
      Truth truth = new Truth();
      for (int batch = 0; batch < 100; batch++) {
        int count = random.nextInt(300);
        long[] hashes = new long[count + 2];
        byte[] keys = new byte[10 * (count + 2)];
        int[] offsets = new int[count + 2];
        int[] lengths = new int[count + 2];
        long[] weights = new long[count + 2];
        for (int i = 1; i <= count; i++) {
          byte[] key = Truth.key(Truth.skewedRank(random, 3000));
          System.arraycopy(key, 0, keys, 10 * i, key.length);
          hashes[i] = HASH.hash(key);
          offsets[i] = 10 * i;
          lengths[i] = key.length;
          weights[i] = random.nextLong(batch % 2 == 0 ? 5 : 1 << 30) + (batch % 3 == 0 ? 0 : 1);
          truth.add(sketch(1024), hashes[i], key, weights[i]);
        }
        long before = sketch.total();
        sketch.updateBatch(hashes, keys, offsets, lengths, weights, 1, count);
        assertThat(sketch.total()).isEqualTo(before + Arrays.stream(weights).sum());
      }
      truth.check(sketch);
    }
  }

  @Test
  void batchesSaturateAndRejectNegativeWeights() {
    HeavyKeySketch sketch = sketch(1024);
    for (int id = 0; id < 1000; id++) {
      sketch.update(HASH, Truth.key(id), 1);
    }
    long[] hashes = {1, 2, 1};
    int[] zeros = new int[3];
    long[] huge = {Long.MAX_VALUE, Long.MAX_VALUE, 1};
    sketch.updateBatch(hashes, NO_BYTES, zeros, zeros, huge, 0, 3);
    assertThat(sketch.overflowed()).isTrue();
    assertThat(sketch.upper(1)).isEqualTo(Long.MAX_VALUE);
    assertThat(sketch.upper(2)).isEqualTo(Long.MAX_VALUE);
    long[] negative = {1, -5, 1};
    assertThatThrownBy(() -> sketch.updateBatch(hashes, NO_BYTES, zeros, zeros, negative, 0, 3))
        .hasMessage("weight must be >= 0, got -5");
  }

  @Test
  void boundsOfAbsentKeysSaturateToo() {
    HeavyKeySketch sketch = sketch(1024);
    for (int id = 0; id < 200; id++) {
      sketch.update(HASH, Truth.key(id), Long.MAX_VALUE - 1);
    }
    for (int id = 0; id < 200; id++) {
      assertThat(sketch.upper(HASH, Truth.key(id))).isGreaterThanOrEqualTo(Long.MAX_VALUE - 1);
      assertThat(sketch.lower(HASH, Truth.key(id))).isBetween(0L, Long.MAX_VALUE - 1);
    }
    assertThat(sketch.errorBound()).isGreaterThanOrEqualTo(Long.MAX_VALUE - 1);
  }

  @Test
  void theSmallestOfHugeValuesIsEvicted() {
    HeavyKeySketch sketch = sketch(1024);
    // One bucket: 3 keys beyond 2^60, the rest small.
    for (int id = 1; id <= 100; id++) {
      sketch.update(id, NO_BYTES, 0, 0, id <= 3 ? 1L << 61 : 1);
    }
    for (int id = 1; id <= 3; id++) {
      assertThat(sketch.lower(id)).isEqualTo(1L << 61);
    }
  }

  @Test
  void aBatchSaturatesValues() {
    HeavyKeySketch sketch = sketch(1024);
    for (int id = 1000; id < 1100; id++) {
      sketch.update(id, NO_BYTES, 0, 0, 7);
    }
    sketch.update(1, NO_BYTES, 0, 0, Long.MAX_VALUE - 800);
    long[] hashes = new long[64];
    long[] weights = new long[64];
    int[] zeros = new int[64];
    Arrays.fill(hashes, 1);
    Arrays.fill(weights, 50);
    sketch.updateBatch(hashes, NO_BYTES, zeros, zeros, weights, 0, 64);
    assertThat(sketch.upper(1)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aBatchMistakesNoValueForAHash() {
    HeavyKeySketch sketch = sketch(1024);
    for (int id = 1000; id < 1100; id++) {
      sketch.update(Long.MIN_VALUE | id, NO_BYTES, 0, 0, 7);
    }
    int[] zeros = new int[1];
    // One of these numbers is the value that stands behind the bucket's last fingerprint.
    // Its sign bit is set, as that of a value whose key bytes are stored.
    for (int number = 1; number < 800; number++) {
      long hash = Long.MIN_VALUE | number;
      HeavyKeySketch copy = sketch.copy();
      copy.updateBatch(new long[] {hash}, NO_BYTES, zeros, zeros, new long[] {1_000_000}, 0, 1);
      assertThat(copy.upper(hash)).isGreaterThanOrEqualTo(1_000_000);
    }
  }

  @Test
  void theSmallestKeysLoseTheirBytesFirst() {
    HeavyKeySketch sketch = sketch(32 << 10);
    Truth truth = new Truth();
    byte[] prefix = new byte[1000];
    // 200 KB of key bytes, and room for 5: the heaviest of them are named.
    for (int id = 1; id <= 200; id++) {
      byte[] key = Arrays.copyOf(prefix, 1000);
      key[0] = (byte) id;
      truth.add(sketch, key, 100L * id);
    }
    truth.check(sketch);
    int[] named = new int[1];
    sketch.forEachCandidate(
        (hash, keys, offset, length, lower, upper) -> {
          named[0]++;
          assertThat(upper).isGreaterThan(15_000);
        });
    assertThat(named[0]).isBetween(2, 5);
  }

  @Test
  void footprintStaysWithinTheMemoryForFiveMillionKeys() {
    long[] budgets = {1024, 4096, 256 << 10, 4 << 20};
    HeavyKeySketch[] sketches = new HeavyKeySketch[budgets.length];
    for (int i = 0; i < budgets.length; i++) {
      sketches[i] = sketch(budgets[i]);
    }
    byte[] key = new byte[1024];
    for (int id = 0; id < 5_000_000; id++) {
      int length = id % 1000 == 0 ? 1024 : 4 + (id & 31);
      key[0] = (byte) id;
      key[1] = (byte) (id >>> 8);
      key[2] = (byte) (id >>> 16);
      long hash = HASH.hash(key, 0, 12) + id;
      for (HeavyKeySketch sketch : sketches) {
        sketch.update(hash, key, 0, length, 1);
      }
      if (id % 100_000 == 0) {
        checkFootprints(sketches);
      }
    }
    checkFootprints(sketches);
    assertThat(sketches[2].distinctKeys()).isBetween(4_500_000L, 5_500_000L);
  }

  private static void checkFootprints(HeavyKeySketch[] sketches) {
    for (HeavyKeySketch sketch : sketches) {
      assertThat(sketch.footprintBytes()).isLessThanOrEqualTo(sketch.memoryBytes() * 11 / 10);
    }
  }

  @Test
  void partialsOf256KilobytesAreSmallOnTheWire() {
    HeavyKeySketch sketch = sketch(256 << 10);
    Random random = new Random(6);
    for (int i = 0; i < 1_000_000; i++) {
      byte[] key = key(Truth.skewedRank(random, 500_000), 13);
      sketch.update(HASH, key, 1);
    }
    assertThat(sketch.isExact()).isFalse();
    assertThat(KeySummaries.toBytes(sketch)).hasSizeLessThan(128 << 10);
  }

  @Test
  void stringsOfOneHashCodeAreKeysLikeOthers() {
    HeavyKeySketch sketch = sketch(64 << 10);
    Truth truth = new Truth();
    Random random = new Random(7);
    for (int i = 0; i < 50_000; i++) {
      int id = Truth.skewedRank(random, 1 << 14);
      StringBuilder text = new StringBuilder();
      for (int bit = 0; bit < 14; bit++) {
        text.append((id >>> bit & 1) == 0 ? "Aa" : "BB");
      }
      truth.add(sketch, text.toString().getBytes(StandardCharsets.UTF_8), 1);
    }
    truth.check(sketch);
    assertThat(sketch.errorBound()).isLessThan(200);
  }

  // ---- what is refused

  @Test
  void negativeWeightsAreRejected() {
    assertThatThrownBy(() -> sketch(1024).update(HASH, NO_BYTES, -5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("weight must be >= 0, got -5");
  }

  @Test
  void memoryOutsideItsRangeIsRejected() {
    for (long memory : new long[] {-1, 0, 1023, (1L << 30) + 1}) {
      assertThatThrownBy(() -> sketch(memory))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("memory must be 1024 to 1073741824 bytes, got " + memory);
    }
    assertThatThrownBy(() -> SignedHeavyKeySketch.create(2047, HASH))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("memory must be even and 2048 to 2147483648 bytes, got 2047");
  }

  @Test
  void anotherTypeIsNotMerged() {
    assertThatThrownBy(() -> sketch(1024).merge(SignedHeavyKeySketch.create(2048, HASH)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cannot merge: HeavyKeySketch != SignedHeavyKeySketch");
  }

  @Test
  void aForgedMemoryAllocatesNothing() {
    ByteBuffer buffer = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putInt(SummaryCodec.MAGIC).put(SummaryCodec.VERSION).put(SummaryCodec.BUCKETS).putInt(0);
    buffer.putLong(HASH.fingerprint());
    Varint.write(buffer, HeavyKeySketch.MAX_MEMORY_BYTES);
    Varint.write(buffer, 5);
    buffer.put((byte) 0);
    Varint.write(buffer, 1);
    buffer.putInt(6, buffer.position() - SummaryCodec.HEADER_BYTES);
    CRC32C crc = new CRC32C();
    crc.update(buffer.array(), 0, buffer.position());
    buffer.putInt((int) crc.getValue());
    assertThatThrownBy(() -> KeySummaries.read(buffer.flip()))
        .isInstanceOf(CorruptSummaryException.class)
        .hasMessageContaining("buckets, but only 0 bytes are left");
  }

  @Test
  void anotherVersionIsRefused() {
    byte[] bytes = KeySummaries.toBytes(sketch(1024));
    bytes[4] = 2;
    assertThatThrownBy(() -> KeySummaries.read(ByteBuffer.wrap(bytes)))
        .isInstanceOf(CorruptSummaryException.class)
        .hasMessage("version must be 1, got 2");
    bytes[0] = 'X';
    assertThatThrownBy(() -> KeySummaries.read(ByteBuffer.wrap(bytes)))
        .isInstanceOf(CorruptSummaryException.class)
        .hasMessage("magic must be 4b535441, got 4b535458");
  }

  @Test
  void aSketchAnswersByHashWithoutTheSeed() {
    HeavyKeySketch written = sketch(1024);
    written.update(HASH, Truth.key(1), 3);
    HeavyKeySketch merged = HeavyKeySketch.create(1024, HASH.fingerprint());
    merged.merge(KeySummaries.read(ByteBuffer.wrap(KeySummaries.toBytes(written))));
    assertThat(merged.upper(HASH.hash(Truth.key(1)))).isEqualTo(3);
  }
}
