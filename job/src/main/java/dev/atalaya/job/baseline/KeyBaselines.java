package dev.atalaya.job.baseline;

import dev.atalaya.sketch.KeySummary;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * What is usual of the largest keys of one slice, and of keys that nobody knows.
 *
 * <p>Shape: a {@link Series} and the bytes of each of at most {@code capacity} keys, and a series
 * of the largest value that any unknown key had in a window. Each known key learns from every
 * window, 0 where it was absent. When there are more keys than room, those of which most is
 * expected stay; a key of which next to nothing is expected is forgotten.
 *
 * <p>An unknown key is expected to bring nothing, but unknown keys come all the time: so it strays
 * as far as the largest of them usually does, and so does a known key of which less is expected
 * than that. In 773 windows of a minute of a quiet web server, 201 clients with 10 requests or more
 * were unusual for themselves, and one in the light of what clients bring that come for the first
 * time.
 *
 * <p>The same windows make the same state, whatever the order of keys in a summary. Not
 * thread-safe.
 */
public final class KeyBaselines {

  /** A key that is expected to bring less to a window is not worth its room. */
  private static final double NEGLIGIBLE = 0.01;

  private final Map<Long, KnownKey> known = new HashMap<>();
  private Learning learning;
  private int capacity;
  private Series unknown;
  private long windows;

  /** The start of the window behind the last. */
  private long nextMillis;

  public KeyBaselines(Learning learning, int capacity) {
    this.learning = learning;
    this.capacity = capacity;
    unknown = new Series(learning);
  }

  KeyBaselines copy() {
    KeyBaselines copy = new KeyBaselines(learning, capacity);
    known.forEach((hash, key) -> copy.known.put(hash, key.copy()));
    copy.unknown = unknown.copy();
    copy.windows = windows;
    copy.nextMillis = nextMillis;
    return copy;
  }

  /**
   * Goes on as the configuration now says: what has been learned stays, and how fast more is, from
   * when on it is told and for how many keys may be another.
   *
   * @param other of the same kind and window
   */
  public void learnAs(Learning other, int keys) {
    capacity = keys;
    if (!other.equals(learning)) {
      learning = learning.changedTo(other);
      unknown.learnAs(other);
      known.values().forEach(key -> key.series.learnAs(other));
    }
  }

  public Learning learning() {
    return learning;
  }

  /** Whether enough windows were seen to tell what is unusual. */
  public boolean isWarm() {
    return learning.isWarm(windows);
  }

  int size() {
    return known.size();
  }

  /** What a key is expected to bring to a window that starts then; 0 for one that is not known. */
  public double expected(long hash, long startMillis) {
    KnownKey key = known.get(hash);
    return key == null ? 0 : key.series.expected(startMillis);
  }

  /** The standard deviation of a key's value around {@link #expected}; at least 1. */
  public double deviation(long hash, long startMillis) {
    KnownKey key = known.get(hash);
    double own = key == null ? 1 : key.series.deviation(startMillis);
    double distance = unknown.expected(startMillis) - Math.abs(expected(hash, startMillis));
    if (distance <= 0) {
      return own;
    }
    double strays = unknown.deviation(startMillis);
    return Math.max(own, Math.sqrt(strays * strays + distance * distance));
  }

  /** Visits every known key once, with what is expected of it, in no particular order. */
  public void forEachKey(long startMillis, KeySummary.CandidateVisitor visitor) {
    for (KnownKey key : known.values()) {
      long expected = Math.round(key.series.expected(startMillis));
      visitor.visit(key.hash, key.bytes, 0, key.bytes.length, expected, expected);
    }
  }

  /**
   * Makes up for the windows since the last that were never closed, as nothing came: to be called
   * before anything is asked of a window that starts then.
   */
  public void skipTo(long startMillis) {
    long skipped = windows == 0 ? 0 : (startMillis - nextMillis) / learning.windowMillis();
    if (skipped > 0) {
      known.values().forEach(key -> key.series.addZeros(nextMillis, skipped));
      unknown.addZeros(nextMillis, skipped);
      windows += skipped;
      nextMillis = startMillis;
    }
  }

  /** Learns from a closed window, no earlier than those before. */
  public void add(long startMillis, KeySummary window) {
    skipTo(startMillis);
    PriorityQueue<KnownKey> newcomers = newcomers(window);
    known.values().forEach(key -> key.series.add(startMillis, (double) window.estimate(key.hash)));
    double largest = 0;
    for (KnownKey key : newcomers) {
      largest = Math.max(largest, key.size);
      key.series.addFirst(startMillis, (double) window.estimate(key.hash));
      known.put(key.hash, key);
    }
    if (windows > 0) {
      // To the first window every key is unknown, also those that are always there.
      unknown.add(startMillis, largest);
    }
    forget();
    windows++;
    nextMillis = startMillis + learning.windowMillis();
  }

  /** The largest unknown keys of a window, as many as there can be room for. */
  private PriorityQueue<KnownKey> newcomers(KeySummary window) {
    PriorityQueue<KnownKey> largest = new PriorityQueue<>(KnownKey.BY_SIZE);
    window.forEachCandidate(
        (hash, keys, offset, length, lower, upper) -> {
          double size = Math.abs((double) window.estimate(hash));
          boolean isFull = largest.size() == capacity;
          if (known.containsKey(hash) || (isFull && size < largest.peek().size)) {
            return;
          }
          byte[] bytes = Arrays.copyOfRange(keys, offset, offset + length);
          KnownKey key = new KnownKey(hash, bytes, new Series(learning, windows));
          key.size = size;
          largest.add(key);
          if (isFull) {
            largest.poll();
          }
        });
    return largest;
  }

  /** What is negligible, and what there is no room for. */
  private void forget() {
    known.values().removeIf(key -> key.series.level() < NEGLIGIBLE);
    int tooMany = known.size() - capacity;
    if (tooMany > 0) {
      known.values().forEach(key -> key.size = key.series.level());
      known.values().stream()
          .sorted(KnownKey.BY_SIZE)
          .limit(tooMany)
          .toList()
          .forEach(key -> known.remove(key.hash));
    }
  }

  void write(DataOutput target) throws IOException {
    learning.write(target);
    target.writeInt(capacity);
    target.writeLong(windows);
    target.writeLong(nextMillis);
    unknown.write(target);
    List<KnownKey> sorted =
        known.values().stream()
            .sorted(Comparator.comparingLong((KnownKey key) -> key.hash))
            .toList();
    target.writeInt(sorted.size());
    for (KnownKey key : sorted) {
      key.write(target);
    }
  }

  static KeyBaselines read(DataInput source) throws IOException {
    Learning learning = Learning.read(source);
    KeyBaselines baselines = new KeyBaselines(learning, source.readInt());
    baselines.windows = source.readLong();
    baselines.nextMillis = source.readLong();
    baselines.unknown = Series.read(source, learning);
    int size = source.readInt();
    for (int i = 0; i < size; i++) {
      KnownKey key = KnownKey.read(source, learning);
      baselines.known.put(key.hash, key);
    }
    return baselines;
  }
}
