package dev.atalaya.job.detect;

import dev.atalaya.job.baseline.KeyBaselines;
import dev.atalaya.job.config.DetectorConfig.BaselineKind;
import dev.atalaya.sketch.KeySummary;

/** Expects of each key what it usually is; of one that is not known, nothing. Not thread-safe. */
public final class LearnedExpectation implements Expectation {

  private final KeyBaselines baselines;
  private final long startMillis;

  /**
   * @param baselines that have learned from all windows before
   * @param startMillis of the window of which something is expected
   */
  public LearnedExpectation(KeyBaselines baselines, long startMillis) {
    this.baselines = baselines;
    this.startMillis = startMillis;
  }

  @Override
  public BaselineKind kind() {
    return baselines.learning().kind();
  }

  @Override
  public boolean isWarm() {
    return baselines.isWarm();
  }

  @Override
  public long expected(long hash) {
    return Math.round(baselines.expected(hash, startMillis));
  }

  @Override
  public long lower(long hash) {
    return expected(hash);
  }

  @Override
  public long upper(long hash) {
    return expected(hash);
  }

  @Override
  public double deviation(long hash) {
    return baselines.deviation(hash, startMillis);
  }

  /** Nothing is expected of a key that is not known. */
  @Override
  public long errorBound() {
    return 0;
  }

  @Override
  public boolean overflowed() {
    return false;
  }

  @Override
  public void forEachCandidate(KeySummary.CandidateVisitor visitor) {
    baselines.forEachKey(startMillis, visitor);
  }
}
