package dev.atalaya.job.detect;

import dev.atalaya.job.config.DetectorConfig.BaselineKind;
import dev.atalaya.sketch.KeySummary;

/** Expects of each key what it was in the window before. Not thread-safe. */
public final class PreviousWindow implements Expectation {

  private final KeySummary window;

  public PreviousWindow(KeySummary window) {
    this.window = window;
  }

  @Override
  public BaselineKind kind() {
    return BaselineKind.PREVIOUS_WINDOW;
  }

  @Override
  public boolean isWarm() {
    return true;
  }

  @Override
  public long expected(long hash) {
    return window.estimate(hash);
  }

  @Override
  public long lower(long hash) {
    return window.lower(hash);
  }

  @Override
  public long upper(long hash) {
    return window.upper(hash);
  }

  /** That of independent events: one window says nothing else of how much a key varies. */
  @Override
  public double deviation(long hash) {
    return Math.max(1, Math.sqrt((double) Saturating.abs(window.estimate(hash))));
  }

  @Override
  public long errorBound() {
    return window.errorBound();
  }

  @Override
  public boolean overflowed() {
    return window.overflowed();
  }

  @Override
  public void forEachCandidate(KeySummary.CandidateVisitor visitor) {
    window.forEachCandidate(visitor);
  }
}
