package dev.atalaya.job.fold;

import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.decode.DecodedRecord;
import dev.atalaya.job.decode.FieldPlan;
import dev.atalaya.job.detect.KeyBytes;
import dev.atalaya.job.detect.SummaryPlan;
import dev.atalaya.sketch.KeyHash;
import java.util.Arrays;

/**
 * What an event adds to the summaries of a {@link SummaryPlan} beside that of the keys. Not
 * thread-safe.
 */
final class FurtherSummaries {

  private final PrefixKeys prefixes;
  private final Measure[] also;
  private final int[] contributorSlots;
  private final KeyHash hash;
  private byte[] contributor = new byte[64];

  /**
   * @param prefixes of the key, or null without roll-up
   */
  FurtherSummaries(DetectorConfig detector, PrefixKeys prefixes, FieldPlan plan, KeyHash hash) {
    this.prefixes = prefixes;
    this.hash = hash;
    also =
        detector.also().stream()
            .map(measure -> Measure.of(measure.weight(), measure.distinct(), plan, hash))
            .toArray(Measure[]::new);
    contributorSlots =
        detector.contributors() == null
            ? new int[0]
            : detector.contributors().fields().stream().mapToInt(plan::textSlot).toArray();
  }

  /**
   * @param value by the detector's own measure
   * @param weight what contributors are told by
   */
  void fold(
      DecodedRecord event,
      CompositeKey key,
      long keyHash,
      long value,
      long weight,
      SliceFold slice) {
    int summary = 0;
    int prefixCount = 0;
    if (prefixes != null) {
      prefixCount = prefixes.of(key);
      addPrefixes(prefixCount, value, summary++, slice);
    }
    for (Measure measure : also) {
      // An event without such a peer adds none; it counts by the detector's own measure.
      if (measure.isIn(event)) {
        long alsoValue = measure.value(event);
        slice.add(summary, keyHash, key.bytes(), key.offset(), key.length(), alsoValue);
        addPrefixes(prefixCount, alsoValue, summary, slice);
      }
      summary++;
    }
    for (int slot : contributorSlots) {
      if (event.hasText(slot)) {
        addContributor(event, slot, key, weight, summary, slice);
      }
      summary++;
    }
  }

  private void addPrefixes(int count, long value, int summary, SliceFold slice) {
    for (int i = 0; i < count; i++) {
      slice.add(
          summary,
          prefixes.hash(i),
          prefixes.bytes(),
          prefixes.offset(i),
          prefixes.length(i),
          value);
    }
  }

  private void addContributor(
      DecodedRecord event, int slot, CompositeKey key, long weight, int summary, SliceFold slice) {
    int keyLength = key.length();
    int valueLength = event.textLength(slot);
    int most = KeyBytes.MAX_LENGTH_BYTES + keyLength + valueLength;
    if (contributor.length < most) {
      contributor = Arrays.copyOf(contributor, Math.max(2 * contributor.length, most));
    }
    int end = KeyBytes.putLength(keyLength, contributor, 0);
    System.arraycopy(key.bytes(), key.offset(), contributor, end, keyLength);
    end += keyLength;
    System.arraycopy(event.text(), event.textStart(slot), contributor, end, valueLength);
    end += valueLength;
    slice.add(summary, hash.hash(contributor, 0, end), contributor, 0, end, weight);
  }
}
