package dev.atalaya.sketch;

import static dev.atalaya.sketch.Truth.HASH;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The bytes of released versions, one file for each state; a file is never changed or deleted. */
class GoldenFilesTest {

  private static final int KEYS = 3000;

  enum Golden {
    EXACT("exact-1.bin", true, 0, 5_000, 87, 87),
    BUCKETS("buckets-1.bin", false, 7, 5_000, 87, 87),
    SIGNED("signed-1.bin", false, 18, 5_000, 41, 42),
    SPREAD_EXACT("spread-exact-1.bin", true, 0, 3372, 49, 49),
    SPREAD_FILTER("spread-filter-1.bin", false, 30, 3372, 49, 52);

    final String file;
    final boolean exact;
    final long errorBound;
    final long total;
    final long lowerOfKey7;
    final long upperOfKey7;

    Golden(
        String file,
        boolean exact,
        long errorBound,
        long total,
        long lowerOfKey7,
        long upperOfKey7) {
      this.file = file;
      this.exact = exact;
      this.errorBound = errorBound;
      this.total = total;
      this.lowerOfKey7 = lowerOfKey7;
      this.upperOfKey7 = upperOfKey7;
    }

    Truth truth() {
      return this == SPREAD_EXACT || this == SPREAD_FILTER ? new SpreadTruth() : new Truth();
    }

    KeySummary fill(Truth truth) {
      KeySummary summary =
          switch (this) {
            case EXACT -> HeavyKeySketch.create(1 << 20, HASH);
            case BUCKETS -> HeavyKeySketch.create(8 << 10, HASH);
            case SIGNED -> SignedHeavyKeySketch.create(8 << 10, HASH);
            case SPREAD_EXACT -> SpreadSketch.create(1 << 20, HASH);
            case SPREAD_FILTER -> SpreadSketch.create(32 << 10, HASH);
          };
      Random random = new Random(1);
      for (int i = 0; i < 5_000; i++) {
        int id = Truth.skewedRank(random, KEYS);
        truth.add(summary, id, this == SIGNED && random.nextInt(4) == 0 ? -1 : 1);
      }
      return summary;
    }

    byte[] read() {
      try (InputStream stream = GoldenFilesTest.class.getResourceAsStream("/golden/" + file)) {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void decodesToTheKnownAnswersAndBackToTheSameBytes(Golden golden) {
    Truth truth = golden.truth();
    KeySummary filled = golden.fill(truth);
    byte[] bytes = golden.read();
    KeySummary summary = KeySummaries.read(ByteBuffer.wrap(bytes));
    truth.check(summary);
    byte[] key = Truth.key(7);
    assertThat(summary.isExact()).isEqualTo(golden.exact);
    assertThat(summary.total()).isEqualTo(golden.total);
    assertThat(summary.errorBound()).isEqualTo(golden.errorBound);
    assertThat(summary.lower(HASH, key)).isEqualTo(golden.lowerOfKey7);
    assertThat(summary.upper(HASH, key)).isEqualTo(golden.upperOfKey7);
    assertThat(summary.seedFingerprint()).isEqualTo(HASH.fingerprint());
    assertThat(KeySummaries.toBytes(summary)).isEqualTo(bytes);
    assertThat(KeySummaries.toBytes(filled)).isEqualTo(bytes);
  }
}
