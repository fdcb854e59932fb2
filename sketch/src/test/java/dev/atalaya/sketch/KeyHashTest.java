package dev.atalaya.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyHashTest {

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** What CPython 3.11 answers for hash(bytes) with PYTHONHASHSEED=0, its SipHash-1-3 of seed 0. */
  @Test
  void isSipHash13() {
    KeyHash hash = new KeyHash(0, 0);
    byte[] upTo63 = new byte[64];
    for (int i = 0; i < 64; i++) {
      upTo63[i] = (byte) i;
    }
    assertThat(hash.hash(ascii("a"))).isEqualTo(4644417185603328019L);
    assertThat(hash.hash(ascii("abcdefg"))).isEqualTo(7904145750247929094L);
    assertThat(hash.hash(ascii("abcdefgh"))).isEqualTo(4574395652268504554L);
    assertThat(hash.hash(ascii("203.0.113.255"))).isEqualTo(5673825576842625287L);
    assertThat(hash.hash(upTo63)).isEqualTo(8493894268803903686L);
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
