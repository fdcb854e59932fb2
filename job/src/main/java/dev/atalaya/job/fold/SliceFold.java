package dev.atalaya.job.fold;

import dev.atalaya.sketch.KeySummary;
import java.util.Arrays;

/**
 * The way of updates to the summaries of one slice in the window at hand, in batches: to that of
 * the keys, which is number 0, and to the further ones behind it. Not thread-safe.
 */
final class SliceFold {

  private final KeyBatch[] batches;
  private final Runnable emptyWindow;
  private KeySummary[] summaries;

  /**
   * @param emptyWindow sends on what the window at hand holds, and leaves its summaries empty
   */
  SliceFold(int summaries, Runnable emptyWindow) {
    this.emptyWindow = emptyWindow;
    batches = new KeyBatch[summaries];
    Arrays.setAll(batches, i -> new KeyBatch());
  }

  /** Turns to a window, after {@link #drain}. */
  void switchTo(KeySummary[] ofWindow) {
    summaries = ofWindow;
  }

  void add(int summary, long hash, byte[] key, int offset, int length, long value) {
    KeyBatch batch = batches[summary];
    if (batch.add(hash, key, offset, length, value)) {
      batch.drainTo(summaries[summary], emptyWindow);
    }
  }

  /** Gives the summaries all they have not got yet. */
  void drain() {
    for (int i = 0; i < batches.length; i++) {
      batches[i].drainTo(summaries[i], emptyWindow);
    }
  }
}
