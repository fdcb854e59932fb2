package dev.atalaya.job.detect;

import dev.atalaya.job.config.DetectorConfig.BaselineKind;
import dev.atalaya.sketch.KeySummary;

/**
 * What is expected of the keys of a window, by their hashes. Values are in the detector's measure.
 *
 * <p>Error: what a key would have to be in the window if nothing had changed lies in [{@link
 * #lower}, {@link #upper}] for certain; for a learned expectation, which is a guess whatever its
 * precision, both are {@link #expected}, unless the key is not known.
 *
 * <p>Not thread-safe.
 */
public interface Expectation {

  BaselineKind kind();

  /** Whether enough is known that a change can be told. */
  boolean isWarm();

  /** The best single guess; 0 for a key that is not known. */
  long expected(long hash);

  long lower(long hash);

  long upper(long hash);

  /** The standard deviation of a key's value around what was expected of it, above 0. */
  double deviation(long hash);

  /** The largest {@link #upper} of a key that is not visited; 0 when all are. */
  long errorBound();

  /** Whether a sum has saturated. */
  boolean overflowed();

  /** Visits every key of which something is expected, so that one that vanished is found. */
  void forEachCandidate(KeySummary.CandidateVisitor visitor);
}
