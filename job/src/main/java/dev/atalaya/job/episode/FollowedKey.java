package dev.atalaya.job.episode;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A key that was found lately: on the way to an episode, in one, or just behind one. Not
 * thread-safe.
 */
final class FollowedKey {

  /** Those in no episode first, then the smallest; ties by key. */
  static final Comparator<FollowedKey> BY_WORTH =
      Comparator.comparing((FollowedKey followed) -> followed.isOpen)
          .thenComparingLong(followed -> followed.peak)
          .thenComparing((a, b) -> Arrays.compareUnsigned(a.key, b.key));

  final byte[] key;

  /** Whether it is in an episode. */
  boolean isOpen;

  /** On the way to an episode: the windows in which it was found, and the value in each. */
  final TreeMap<Long, Long> found = new TreeMap<>();

  /** Until when no episode opens. */
  long coolUntilMillis = Long.MIN_VALUE;

  /** What it was found as first, and in which measure. */
  String kind = "";

  String measure = "";

  /** The first and the last window of the episode. */
  long startMillis;

  long lastMillis;

  /** The largest value in that measure and its window; how much of it has been told. */
  long peak;

  long peakMillis;
  long toldPeak;

  /** As what it has been told. */
  final Set<String> kinds = new TreeSet<>();

  FollowedKey(byte[] key) {
    this.key = key;
  }

  void grow(long value, long millis) {
    if (value > peak) {
      peak = value;
      peakMillis = millis;
    }
  }

  /** Takes the episode, or what may become one, to begin with the first of the windows found. */
  void beginWithFound() {
    startMillis = found.firstKey();
    peak = -1;
    found.forEach((millis, value) -> grow(value, millis));
  }

  FollowedKey copy() {
    FollowedKey copy = new FollowedKey(key);
    copy.isOpen = isOpen;
    copy.found.putAll(found);
    copy.coolUntilMillis = coolUntilMillis;
    copy.kind = kind;
    copy.measure = measure;
    copy.startMillis = startMillis;
    copy.lastMillis = lastMillis;
    copy.peak = peak;
    copy.peakMillis = peakMillis;
    copy.toldPeak = toldPeak;
    copy.kinds.addAll(kinds);
    return copy;
  }

  void write(DataOutput target) throws IOException {
    target.writeInt(key.length);
    target.write(key);
    target.writeBoolean(isOpen);
    target.writeInt(found.size());
    for (Map.Entry<Long, Long> value : found.entrySet()) {
      target.writeLong(value.getKey());
      target.writeLong(value.getValue());
    }
    target.writeLong(coolUntilMillis);
    target.writeUTF(kind);
    target.writeUTF(measure);
    target.writeLong(startMillis);
    target.writeLong(lastMillis);
    target.writeLong(peak);
    target.writeLong(peakMillis);
    target.writeLong(toldPeak);
    target.writeInt(kinds.size());
    for (String told : kinds) {
      target.writeUTF(told);
    }
  }

  static FollowedKey read(DataInput source) throws IOException {
    byte[] key = new byte[source.readInt()];
    source.readFully(key);
    FollowedKey followed = new FollowedKey(key);
    followed.isOpen = source.readBoolean();
    for (int left = source.readInt(); left > 0; left--) {
      followed.found.put(source.readLong(), source.readLong());
    }
    followed.coolUntilMillis = source.readLong();
    followed.kind = source.readUTF();
    followed.measure = source.readUTF();
    followed.startMillis = source.readLong();
    followed.lastMillis = source.readLong();
    followed.peak = source.readLong();
    followed.peakMillis = source.readLong();
    followed.toldPeak = source.readLong();
    for (int left = source.readInt(); left > 0; left--) {
      followed.kinds.add(source.readUTF());
    }
    return followed;
  }
}
