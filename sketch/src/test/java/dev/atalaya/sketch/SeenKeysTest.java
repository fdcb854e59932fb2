package dev.atalaya.sketch;

import static dev.atalaya.sketch.Truth.HASH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SeenKeysTest {

  private static long hash(int id) {
    return HASH.hash(Truth.key(id));
  }

  private static byte[] bytes(SeenKeys keys) {
    ByteBuffer buffer = ByteBuffer.allocate(keys.maxSerializedBytes());
    keys.write(buffer);
    byte[] bytes = new byte[buffer.flip().remaining()];
    buffer.get(bytes);
    return bytes;
  }

  @Test
  void everyKeyIsKnownUntilTwoRotationsLater() {
    SeenKeys seen = SeenKeys.create(1_000, HASH);
    for (int id = 0; id < 1_000; id++) {
      seen.add(hash(id));
    }
    for (int rotation = 0; rotation < 2; rotation++) {
      for (int id = 0; id < 1_000; id++) {
        assertThat(seen.contains(hash(id))).isTrue();
      }
      seen.rotate();
    }
    for (int id = 0; id < 1_000; id++) {
      assertThat(seen.contains(hash(id))).isFalse();
    }
    assertThat(bytes(seen)).isEqualTo(bytes(SeenKeys.create(1_000, HASH)));
  }

  @Test
  void atMostOneNewKeyInAHundredIsTakenForKnown() {
    for (int expected : new int[] {1, 10, 1_000, 100_000}) {
      SeenKeys seen = SeenKeys.create(expected, HASH);
      for (int id = 0; id < expected; id++) {
        seen.add(hash(id));
      }
      seen.rotate();
      for (int id = expected; id < 2 * expected; id++) {
        seen.add(hash(id));
      }
      int known = 0;
      for (int id = 0; id < 100_000; id++) {
        known += seen.contains(HASH.hash(Truth.key(-1 - id))) ? 1 : 0;
      }
      assertThat(seen.falsePositiveRate()).isLessThan(0.01);
      assertThat(known).isLessThan(1_000);
      assertThat(known / 100_000.0)
          .isBetween(seen.falsePositiveRate() - 0.001, seen.falsePositiveRate() + 0.001);
    }
    assertThat(SeenKeys.create(100_000, HASH).footprintBytes()).isEqualTo(325_248);
  }

  @Test
  void addSaysWhetherTheKeyIsNew() {
    SeenKeys seen = SeenKeys.create(100, HASH);
    assertThat(seen.add(hash(1))).isTrue();
    assertThat(seen.add(hash(1))).isFalse();
    seen.rotate();
    assertThat(seen.add(hash(1))).isFalse();
    seen.rotate();
    assertThat(seen.contains(hash(1))).isTrue();
  }

  @Test
  void readsBackWhatItWrote() {
    SeenKeys seen = SeenKeys.create(500, HASH);
    for (int id = 0; id < 700; id++) {
      if (id == 300) {
        seen.rotate();
      }
      seen.add(hash(id));
    }
    SeenKeys copy = seen.copy();
    byte[] bytes = bytes(seen);
    seen.rotate();
    SeenKeys read = SeenKeys.read(ByteBuffer.wrap(bytes));
    assertThat(bytes(read)).isEqualTo(bytes).isEqualTo(bytes(copy));
    assertThat(read.expectedKeys()).isEqualTo(500);
    assertThat(read.seedFingerprint()).isEqualTo(HASH.fingerprint());
    for (int id = 0; id < 700; id++) {
      assertThat(read.contains(hash(id))).isTrue();
    }
    // Sparse ones are small.
    assertThat(bytes(SeenKeys.create(100_000, HASH))).hasSizeLessThan(6_000);
  }

  @Test
  void forgedBytesAreReadWholeOrCorrupt() {
    SeenKeys seen = SeenKeys.create(100, HASH);
    for (int id = 0; id < 80; id++) {
      seen.add(hash(id));
    }
    byte[] bytes = bytes(seen);
    Random random = new Random(1);
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] forged = bytes.clone();
      forged[SummaryCodec.HEADER_BYTES + random.nextInt(bytes.length - 14)] =
          (byte) random.nextInt();
      KeySummaryContract.fixChecksum(forged, 0);
      try {
        SeenKeys.read(ByteBuffer.wrap(forged)).contains(1);
        read++;
      } catch (CorruptSummaryException e) {
        assertThat(e).hasMessageNotContaining("null");
      }
    }
    assertThat(read).isPositive();
    for (int length = 0; length < bytes.length; length++) {
      ByteBuffer truncated = ByteBuffer.wrap(bytes, 0, length);
      assertThatThrownBy(() -> SeenKeys.read(truncated))
          .isInstanceOf(CorruptSummaryException.class);
    }
    assertThatThrownBy(() -> KeySummaries.read(ByteBuffer.wrap(bytes)))
        .hasMessage("type must be 1 to 5, got 6");
  }

  @Test
  void expectedKeysOutsideTheirRangeAreRejected() {
    for (long expected : new long[] {0, -1, (1L << 28) + 1}) {
      assertThatThrownBy(() -> SeenKeys.create(expected, HASH))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("expected keys must be 1 to 268435456, got " + expected);
    }
  }
}
