package dev.atalaya.job.detect;

import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.sketch.KeySummary;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Says of findings which values of other fields they are made of. Not thread-safe. */
final class ContributorLists {

  private final DetectorConfig detector;
  private final WindowSummaries window;
  private final BitString.Reader reader;

  /**
   * @param reader null when no finding is a prefix
   */
  ContributorLists(DetectorConfig detector, WindowSummaries window, BitString.Reader reader) {
    this.detector = detector;
    this.window = window;
    this.reader = reader;
  }

  void fill(List<Finding> findings) {
    List<String> fields = detector.contributors().fields();
    findings.forEach(finding -> finding.contributors = new Finding.ContributorField[fields.size()]);
    for (int field = 0; field < fields.size(); field++) {
      KeySummary pairs = SummaryPlan.of(detector).contributors(window.more(), field);
      List<KeyParts> parts =
          findings.stream()
              .map(finding -> new KeyParts(finding, detector, window.keys(), pairs))
              .toList();
      collect(parts, pairs);
      for (KeyParts of : parts) {
        of.finding().contributors[field] = of.list(fields.get(field));
      }
    }
  }

  private void collect(List<KeyParts> all, KeySummary pairs) {
    Map<ByteBuffer, List<KeyParts>> ofKeys = new HashMap<>();
    Map<BitString, List<KeyParts>> ofPrefixes = new HashMap<>();
    // Findings of several kinds can have the same key.
    for (KeyParts parts : all) {
      byte[] key = parts.finding().key;
      if (parts.finding().prefix) {
        ofPrefixes
            .computeIfAbsent(reader.read(key, 0, key.length), place -> new ArrayList<>(1))
            .add(parts);
      } else {
        ofKeys.computeIfAbsent(ByteBuffer.wrap(key), same -> new ArrayList<>(1)).add(parts);
      }
    }
    pairs.forEachCandidate(
        (hash, bytes, offset, length, lower, upper) -> {
          int key = KeyBytes.behindLength(bytes, offset);
          int keyLength = KeyBytes.lengthAt(bytes, offset);
          int value = key + keyLength;
          int valueLength = offset + length - value;
          List<KeyParts> same = ofKeys.get(ByteBuffer.wrap(bytes, key, keyLength));
          if (same != null) {
            same.forEach(parts -> parts.add(hash, bytes, value, valueLength, lower, upper));
          }
          if (!ofPrefixes.isEmpty()) {
            BitString place = reader.read(bytes, key, keyLength);
            ofPrefixes.forEach(
                (prefix, under) -> {
                  if (prefix.holds(place)) {
                    under.forEach(
                        parts -> parts.add(hash, bytes, value, valueLength, lower, upper));
                  }
                });
          }
        });
  }
}
