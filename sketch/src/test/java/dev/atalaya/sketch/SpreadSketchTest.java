package dev.atalaya.sketch;

import static dev.atalaya.sketch.Truth.HASH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpreadSketchTest {

  private static final int PEERS = 1 << 20;

  /** A pair as one number: key and peer. */
  private static void add(SpreadSketch sketch, SpreadTruth truth, long pair) {
    byte[] key = Truth.key((int) (pair / PEERS));
    truth.addPeer(sketch, HASH.hash(key), key, (int) (pair % PEERS));
  }

  private static boolean addIfExact(SpreadSketch sketch, int id, int peer) {
    byte[] key = Truth.key(id);
    long peerHash = HASH.hash(Truth.key(peer));
    return sketch.addIfExact(HASH.hash(key), peerHash, key, 0, key.length);
  }

  // ---- the exact state

  @Test
  void exactnessAndBytesDependOnTheSetOfPairsAlone() {
    long memory = 16 << 10;
    // As many as fit to the last: keys of 5 to 7 bytes with 1 to 40 peers.
    List<Long> pairs = new ArrayList<>();
    SpreadSketch first = SpreadSketch.create(memory, HASH);
    for (int id = 0; ; id++) {
      int peer = 0;
      while (peer < 1 + id % 40 && addIfExact(first, id, peer)) {
        pairs.add((long) id * PEERS + peer++);
      }
      if (peer < 1 + id % 40) {
        break;
      }
    }
    assertThat(first.isExact()).isTrue();
    assertThat(first.isFull()).isTrue();
    byte[] expected = KeySummaries.toBytes(first);
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      Collections.shuffle(pairs, random);
      SpreadTruth truth = new SpreadTruth();
      List<SpreadSketch> parts = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        parts.add(SpreadSketch.create(memory, HASH));
      }
      for (long pair : pairs) {
        for (int copies = 1 + random.nextInt(3); copies > 0; copies--) {
          add(parts.get(random.nextInt(5)), truth, pair);
        }
      }
      while (parts.size() > 1) {
        SpreadSketch taken = parts.remove(random.nextInt(parts.size()));
        parts.get(random.nextInt(parts.size())).merge(taken);
      }
      SpreadSketch merged = parts.get(0);
      truth.check(merged);
      assertThat(KeySummaries.toBytes(merged)).isEqualTo(expected);
      add(merged, truth, 50_000L * PEERS);
      assertThat(merged.isExact()).isFalse();
      truth.check(merged);
    }
  }

  @Test
  void whatNoLongerFitsChangesNothingIfItMustStayExact() {
    SpreadSketch sketch = SpreadSketch.create(16 << 10, HASH);
    int pairs = 0;
    while (!sketch.isFull()) {
      assertThat(addIfExact(sketch, pairs % 7, pairs)).isTrue();
      pairs++;
    }
    assertThat(pairs).isGreaterThan(900);
    while (addIfExact(sketch, pairs % 7, pairs)) {
      pairs++;
    }
    assertThat(sketch.isExact()).isTrue();
    assertThat(sketch.total()).isEqualTo(pairs);
    assertThat(addIfExact(sketch, 3, 3)).as("a known pair").isTrue();
    assertThat(sketch.total()).isEqualTo(pairs);
  }

  @Test
  void partialsThatAreAllExactMergeIntoOneBeyond() {
    Random random = new Random(1);
    SpreadSketch merged = SpreadSketch.create(64 << 10, HASH);
    SpreadSketch inOtherOrder = SpreadSketch.create(64 << 10, HASH);
    SpreadTruth truth = new SpreadTruth();
    List<byte[]> partials = new ArrayList<>();
    SpreadSketch partial = SpreadSketch.create(64 << 10, HASH);
    for (int i = 0; i < 40_000; i++) {
      long pair = (long) Truth.skewedRank(random, 2_000) * PEERS + random.nextInt(100);
      add(partial, truth, pair);
      if (partial.isFull()) {
        partials.add(KeySummaries.toBytes(partial));
        partial.clear();
      }
    }
    assertThat(partials).hasSizeGreaterThan(5);
    partials.add(KeySummaries.toBytes(partial));
    for (byte[] bytes : partials) {
      KeySummary read = KeySummaries.read(ByteBuffer.wrap(bytes));
      assertThat(read.isExact()).isTrue();
      merged.merge(read);
    }
    Collections.reverse(partials);
    for (byte[] bytes : partials) {
      inOtherOrder.merge(KeySummaries.read(ByteBuffer.wrap(bytes)));
    }
    truth.check(merged);
    truth.check(inOtherOrder);
    assertThat(merged.copies()).isEqualTo(1);
    // The filter is the same whatever came first.
    assertThat(merged.total()).isEqualTo(inOtherOrder.total());
    assertThat((double) merged.total()).isBetween(truth.pairs() * 0.98, truth.pairs() * 1.02);
  }

  @Test
  void aMillionSortedPeersOfOneKeyAreNoSlowerThanOthers() {
    SpreadSketch one = SpreadSketch.create(64 << 20, HASH);
    SpreadSketch other = SpreadSketch.create(64 << 20, HASH);
    byte[] key = Truth.key(1);
    long hash = HASH.hash(key);
    for (int peer = 0; peer < 1_000_000; peer++) {
      one.add(hash, peer * 0x9e3779b97f4a7c15L, key, 0, key.length);
      other.add(hash, ~peer * 0x9e3779b97f4a7c15L, key, 0, key.length);
    }
    one.merge(KeySummaries.read(ByteBuffer.wrap(KeySummaries.toBytes(other))));
    assertThat(one.isExact()).isTrue();
    assertThat(one.lower(hash)).isEqualTo(2_000_000);
  }

  // ---- beyond

  @Test
  void spreadersAmongMiceAreFoundWithTheirNumbersOfPeers() {
    Random random = new Random(2);
    SpreadSketch sketch = SpreadSketch.create(256 << 10, HASH);
    SpreadTruth truth = new SpreadTruth();
    for (int i = 0; i < 200_000; i++) {
      boolean mouse = i % 4 != 0;
      int id = mouse ? 1_000 + random.nextInt(50_000) : i / 4 % 20;
      add(sketch, truth, (long) id * PEERS + random.nextInt(mouse ? 10 : 100_000));
    }
    truth.check(sketch);
    assertThat(sketch.certified(1_500)).isTrue();
    for (int id = 0; id < 20; id++) {
      long hash = HASH.hash(Truth.key(id));
      double actual = truth.weights.get(hash);
      assertThat(sketch.estimate(hash) / actual).isBetween(0.98, 1.02);
      assertThat(sketch.lower(hash) / actual).isGreaterThan(0.97);
      assertThat(sketch.upper(hash) / actual).isLessThan(1.1);
    }
  }

  @Test
  void theLastPeersOfABurstAreBoundedToo() {
    // A full filter misses more than it did on average: the bound must be for those who came last.
    SpreadSketch sketch = SpreadSketch.create(16 << 10, HASH);
    SpreadTruth truth = new SpreadTruth();
    for (int i = 0; i < 20_000; i++) {
      add(sketch, truth, (long) (i / 400) * PEERS + i);
    }
    truth.check(sketch);
    long first = HASH.hash(Truth.key(0));
    long last = HASH.hash(Truth.key(49));
    assertThat(sketch.lower(first)).isBetween(390L, 400L);
    assertThat(sketch.lower(last)).isLessThan(395);
  }

  @Test
  void theLowerBoundIsSharedByTheCopiesOfOverlappingOnes() {
    SpreadSketch[] parts = new SpreadSketch[3];
    SpreadTruth truth = new SpreadTruth();
    for (int part = 0; part < 3; part++) {
      parts[part] = SpreadSketch.create(64 << 10, HASH);
      for (int i = 0; i < 10_000; i++) {
        add(parts[part], truth, i % 10 * (long) PEERS + i);
      }
      assertThat(parts[part].isExact()).isFalse();
    }
    parts[0].merge(parts[1]);
    parts[0].merge(parts[2]);
    assertThat(parts[0].copies()).isEqualTo(3);
    truth.check(parts[0]);
    long hash = HASH.hash(Truth.key(3));
    assertThat(parts[0].lower(hash)).isBetween(990L, 1_000L);
    assertThat(parts[0].estimate(hash)).isBetween(980L, 1_020L);
    assertThat((double) parts[0].total()).isBetween(9_800.0, 10_200.0);
    SpreadSketch read =
        (SpreadSketch) KeySummaries.read(ByteBuffer.wrap(KeySummaries.toBytes(parts[0])));
    assertThat(read.copies()).isEqualTo(3);
  }

  @Test
  void anOverfullFilterSaysThatItKnowsNothing() {
    SpreadSketch sketch = SpreadSketch.create(4 << 10, HASH);
    SpreadTruth truth = new SpreadTruth();
    for (int i = 0; i < 200_000; i++) {
      add(sketch, truth, i % 10 * (long) PEERS + i);
    }
    truth.check(sketch);
    assertThat(sketch.certified(1_000_000)).isFalse();
  }

  // ---- what is refused

  @Test
  void memoryOutsideItsRangeIsRejected() {
    for (long memory : new long[] {-1, 0, 4095, (1L << 30) + 1}) {
      assertThatThrownBy(() -> SpreadSketch.create(memory, HASH))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("memory must be 4096 to 1073741824 bytes, got " + memory);
    }
  }

  @Test
  void anotherTypeIsNotMerged() {
    assertThatThrownBy(
            () -> SpreadSketch.create(4096, HASH).merge(HeavyKeySketch.create(4096, HASH)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cannot merge: SpreadSketch != HeavyKeySketch");
  }

  @Test
  void aForgedNumberOfPairsAllocatesNothing() {
    assertThatThrownBy(() -> KeySummaries.read(frame(SummaryCodec.SPREAD_EXACT, 1 << 28)))
        .isInstanceOf(CorruptSummaryException.class)
        .hasMessage("268435456 pairs of a key, but only 0 bytes are left");
    assertThatThrownBy(() -> KeySummaries.read(frame(SummaryCodec.SPREAD_FILTER, 1)))
        .isInstanceOf(CorruptSummaryException.class);
  }

  /** One key with so many pairs, none of which are there. */
  private static ByteBuffer frame(byte type, long pairs) {
    ByteBuffer buffer = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putInt(SummaryCodec.MAGIC).put(SummaryCodec.VERSION).put(type).putInt(0);
    buffer.putLong(HASH.fingerprint());
    Varint.write(buffer, SpreadSketch.MAX_MEMORY_BYTES);
    buffer.put((byte) 0).put((byte) 1).put((byte) 1).put((byte) 5);
    Varint.write(buffer, pairs);
    buffer.put((byte) 0);
    buffer.putInt(6, buffer.position() - SummaryCodec.HEADER_BYTES).putInt(0);
    buffer.flip();
    KeySummaryContract.fixChecksum(buffer.array(), 0);
    return buffer;
  }
}
