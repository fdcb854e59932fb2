package dev.atalaya.job.fold;

import dev.atalaya.sketch.KeySummary;
import java.util.Arrays;

/**
 * The way of updates to the summaries of one slice in the window at hand, in batches. Not
 * thread-safe.
 */
final class SliceFold {

  // Apart from the others: most detectors have none, and through an array an event took some per
  // cent
  // longer.
  private final KeyBatch keys = new KeyBatch();
  private final KeyBatch[] more;
  private final Runnable emptyWindow;
  private KeySummary[] summaries;

  /**
   * @param more how many summaries there are beside that of the keys
   * @param emptyWindow sends on what the window at hand holds, and leaves its summaries empty
   */
  SliceFold(int more, Runnable emptyWindow) {
    this.more = new KeyBatch[more];
    Arrays.setAll(this.more, i -> new KeyBatch());
    this.emptyWindow = emptyWindow;
  }

  /**
   * Turns to a window, after {@link #drain}.
   *
   * @param ofWindow the summary of the keys, then the further ones
   */
  void switchTo(KeySummary[] ofWindow) {
    summaries = ofWindow;
  }

  /**
   * @param value a weight, or the hash of a peer
   */
  void addKey(long hash, CompositeKey key, long value) {
    if (keys.add(hash, key.bytes(), key.offset(), key.length(), value)) {
      keys.drainTo(summaries[0], emptyWindow);
    }
  }

  /** Adds to the further summary {@code index}. */
  void add(int index, long hash, byte[] key, int offset, int length, long value) {
    if (more[index].add(hash, key, offset, length, value)) {
      more[index].drainTo(summaries[1 + index], emptyWindow);
    }
  }

  /** Gives the summaries all they have not got yet. */
  void drain() {
    keys.drainTo(summaries[0], emptyWindow);
    for (int i = 0; i < more.length; i++) {
      more[i].drainTo(summaries[1 + i], emptyWindow);
    }
  }
}
