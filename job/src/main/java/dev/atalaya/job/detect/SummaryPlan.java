package dev.atalaya.job.detect;

import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.sketch.HeavyKeySketch;
import dev.atalaya.sketch.KeySummary;
import dev.atalaya.sketch.SignedHeavyKeySketch;
import dev.atalaya.sketch.SpreadSketch;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which summaries a window of a detector holds beside that of its keys, and where each is found.
 *
 * <p>Shape of the further summaries, in this order: with a roll-up one of the prefixes, by the
 * measure of the keys; for each further measure one of keys and prefixes; for each contributor
 * field one of keys and values together. Each takes the detector's memory.
 *
 * <p>Immutable, thread-safe.
 */
public final class SummaryPlan {

  private final DetectorConfig detector;
  private final int firstAlso;
  private final int firstContributor;
  private final int size;

  private SummaryPlan(DetectorConfig detector) {
    this.detector = detector;
    firstAlso = detector.rollup() == null ? 0 : 1;
    firstContributor = firstAlso + detector.also().size();
    size =
        firstContributor
            + (detector.contributors() == null ? 0 : detector.contributors().fields().size());
  }

  public static SummaryPlan of(DetectorConfig detector) {
    return new SummaryPlan(detector);
  }

  /** How many further summaries there are. */
  public int size() {
    return size;
  }

  /** How many of the first are kept of a closed window, to compare the next with. */
  public int kept() {
    return firstAlso;
  }

  /** The summary of the prefixes among the further ones of a window, or null without roll-up. */
  public KeySummary prefixes(List<KeySummary> more) {
    return firstAlso == 0 ? null : more.get(0);
  }

  /** The summary of the detector's further measure {@code index}. */
  public KeySummary also(List<KeySummary> more, int index) {
    return more.get(firstAlso + index);
  }

  /** The summary of the detector's contributor field {@code index}. */
  public KeySummary contributors(List<KeySummary> more, int index) {
    return more.get(firstContributor + index);
  }

  /** An empty summary of the keys. */
  public KeySummary newKeys(long seedFingerprint) {
    return newSummary(!detector.distinct().isEmpty(), seedFingerprint);
  }

  /** The further summaries, empty. */
  public List<KeySummary> newMore(long seedFingerprint) {
    return IntStream.range(0, size)
        .mapToObj(index -> newSummary(countsPeers(index), seedFingerprint))
        .toList();
  }

  private boolean countsPeers(int index) {
    if (index >= firstContributor) {
      return false;
    }
    return index < firstAlso
        ? !detector.distinct().isEmpty()
        : !detector.also().get(index - firstAlso).distinct().isEmpty();
  }

  private KeySummary newSummary(boolean ofPeers, long seedFingerprint) {
    long memory = detector.memoryBytes();
    if (ofPeers) {
      return SpreadSketch.create(memory, seedFingerprint);
    }
    return detector.signed()
        ? SignedHeavyKeySketch.create(memory, seedFingerprint)
        : HeavyKeySketch.create(memory, seedFingerprint);
  }
}
