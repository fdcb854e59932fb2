package dev.atalaya.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyHashTest {

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Summaries in saved state hold hashes: these must never change. */
  @Test
  void isTheSameForEver() {
    KeyHash hash = new KeyHash(0x0123456789abcdefL, 0x1122334455667788L);
    byte[] bytes = new byte[100];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 37);
    }
    int[] lengths = {0, 1, 3, 4, 7, 8, 13, 16, 17, 32, 38, 100};
    long[] hashes = new long[lengths.length];
    for (int i = 0; i < lengths.length; i++) {
      hashes[i] = hash.hash(bytes, 0, lengths[i]);
    }
    assertThat(hashes)
        .containsExactly(
            3642113441434470127L,
            -6724976875421596248L,
            -7421997897742935531L,
            5019730008628884115L,
            -7440955676086422421L,
            1330801889527959492L,
            -1377363894129717831L,
            218945298277267127L,
            8440678615621715519L,
            -2265204025986810385L,
            -2015336215104597658L,
            -1262443993950247854L);
    assertThat(hash.fingerprint()).isEqualTo(8509393651342053017L);
  }

  @Test
  void everyBitOfAKeyChangesHalfOfTheHash() {
    Random random = new Random(2);
    for (int length : new int[] {1, 3, 4, 7, 8, 13, 16, 17, 31, 38, 64}) {
      for (int bit = 0; bit < 8 * length; bit++) {
        int changed = 0;
        int trials = 200;
        for (int i = 0; i < trials; i++) {
          KeyHash hash = new KeyHash(random.nextLong(), random.nextLong());
          byte[] key = new byte[length];
          random.nextBytes(key);
          long before = hash.hash(key);
          key[bit >>> 3] ^= (byte) (1 << (bit & 7));
          changed += Long.bitCount(before ^ hash.hash(key));
        }
        assertThat((double) changed / trials).isBetween(29.5, 34.5);
      }
    }
  }

  @Test
  void regularKeysSpreadEvenlyOverBucketsAndSlices() {
    for (int seed = 0; seed < 20; seed++) {
      KeyHash hash = new KeyHash(seed, -seed);
      for (int at : new int[] {0, 4, 9, 20, 34}) {
        int[] high = new int[1024];
        int[] low = new int[1024];
        byte[] key = new byte[38];
        for (int id = 0; id < 102_400; id++) {
          for (int i = 0; i < 4; i++) {
            key[at + i] = (byte) (id >>> (8 * i));
          }
          long h = hash.hash(key);
          high[(int) (h >>> 54)]++;
          low[(int) (h & 1023)]++;
        }
        // 1,023 degrees of freedom: mean 1,023, standard deviation 45.
        assertThat(chiSquare(high, 100)).isBetween(750.0, 1300.0);
        assertThat(chiSquare(low, 100)).isBetween(750.0, 1300.0);
      }
    }
  }

  private static double chiSquare(int[] counts, double expected) {
    double sum = 0;
    for (int count : counts) {
      sum += (count - expected) * (count - expected) / expected;
    }
    return sum;
  }

  /** Differences that cancel in products: powers of two, complements and what negation is. */
  @Test
  void noDifferenceOfTwoWordsCollidesMoreThanByChance() {
    Set<Long> differences = new HashSet<>();
    for (int bit = 0; bit < 64; bit++) {
      differences.add(1L << bit);
      differences.add(-1L << bit);
      differences.add(-1L >>> bit);
    }
    Random random = new Random(3);
    for (int i = 0; i < 2_000; i++) {
      KeyHash hash = new KeyHash(random.nextLong(), random.nextLong());
      byte[] key = new byte[16];
      random.nextBytes(key);
      Set<Long> hashes = new HashSet<>();
      for (long difference : differences) {
        hashes.add(hash.hash(xor(key, difference, 0)));
        hashes.add(hash.hash(xor(key, 0, difference)));
        hashes.add(hash.hash(xor(key, difference, difference)));
      }
      assertThat(hashes).hasSize(3 * differences.size());
    }
  }

  private static byte[] xor(byte[] key, long first, long second) {
    ByteBuffer words = ByteBuffer.wrap(key.clone()).order(ByteOrder.LITTLE_ENDIAN);
    words.putLong(0, words.getLong(0) ^ first).putLong(8, words.getLong(8) ^ second);
    return words.array();
  }

  @Test
  void keysThatDifferInLengthOrOneByteDiffer() {
    KeyHash hash = new KeyHash(5, 6);
    Set<Long> hashes = new HashSet<>();
    int keys = 0;
    for (int length = 0; length <= 70; length++) {
      assertThat(hashes.add(hash.hash(new byte[length]))).isTrue();
      for (int at = 0; at < length; at++) {
        for (int value = 1; value < 256; value++) {
          byte[] key = new byte[length];
          key[at] = (byte) value;
          hashes.add(hash.hash(key));
          keys++;
        }
      }
    }
    assertThat(hashes).hasSize(keys + 71);
  }

  @Test
  void doesNotDependOnWhereTheBytesAre() {
    Random random = new Random(1);
    KeyHash hash = new KeyHash(3, 4);
    for (int length = 0; length < 70; length++) {
      byte[] key = new byte[length];
      random.nextBytes(key);
      byte[] larger = new byte[length + 20];
      random.nextBytes(larger);
      System.arraycopy(key, 0, larger, 11, length);
      assertThat(hash.hash(larger, 11, length)).isEqualTo(hash.hash(key));
    }
  }

  @Test
  void rejectsRangesOutsideTheArray() {
    assertThatThrownBy(() -> new KeyHash(1, 2).hash(new byte[8], 4, 5))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void seedOfSixteenBytesIsLittleEndian() {
    byte[] seed = new byte[16];
    seed[0] = 1;
    seed[9] = 2;
    assertThat(KeyHash.of(seed).hash(seed)).isEqualTo(new KeyHash(1, 0x200).hash(seed));
    assertThatThrownBy(() -> KeyHash.of(new byte[15]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("seed must have 16 bytes, got 15");
  }

  @Test
  void fingerprintTellsSeedsApartButNotTheSeed() {
    KeyHash hash = new KeyHash(0x1234567812345678L, 0x7abcdef17abcdef1L);
    assertThat(hash.fingerprint())
        .isEqualTo(new KeyHash(0x1234567812345678L, 0x7abcdef17abcdef1L).fingerprint())
        .isNotEqualTo(new KeyHash(0x1234567812345678L, 0x7abcdef17abcdef0L).fingerprint())
        .isNotEqualTo(new KeyHash(0x1234567812345679L, 0x7abcdef17abcdef1L).fingerprint());
    assertThat(hash.toString()).doesNotContain("12345678").doesNotContain("7abcdef1");
  }

  @Test
  void idOfAKeyIsTheFirstHalfOfItsSha256() {
    byte[] key = ascii("xabcx");
    assertThat(KeyId.hex128(key, 1, 3)).isEqualTo("ba7816bf8f01cfea414140de5dae2223");
    assertThat(KeyId.hash128(key, 1, 3)).hasSize(16).startsWith(0xba, 0x78, 0x16);
  }
}
