package dev.atalaya.job.episode;

import dev.atalaya.job.config.DetectorConfig;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The episodes of one detector, from window to window.
 *
 * <p>Shape: an entry for each key that was found lately, at most {@code Episodes.keys} of them;
 * beyond that the smallest peaks make room. An open episode that has to is closed and told so: what
 * was opened is closed once.
 *
 * <p>Time is that of the windows: one that never came, as the stream was silent, was quiet. Not
 * thread-safe.
 */
public final class Episodes {

  private final TreeMap<ByteBuffer, FollowedKey> followed = new TreeMap<>();

  /**
   * What a window did.
   *
   * @param closed the key, the first kind and the last state of each episode that is over
   */
  public record Outcome(List<Sighting> closed, EpisodeCounts counts) {}

  /**
   * Decides what is told of a window's findings, and closes what has been quiet.
   *
   * @param detector has episodes
   * @param startMillis behind that of the window before
   * @param found in the order of their kinds; told is what gets an episode
   */
  public Outcome window(DetectorConfig detector, long startMillis, List<Sighting> found) {
    EpisodeWindow window = new EpisodeWindow(detector, startMillis);
    TreeMap<ByteBuffer, List<Sighting>> byKey = new TreeMap<>();
    for (Sighting sighting : found) {
      byKey.computeIfAbsent(ByteBuffer.wrap(sighting.key), key -> new ArrayList<>()).add(sighting);
    }
    byKey.forEach(
        (key, sightings) ->
            window.found(
                followed.computeIfAbsent(key, same -> new FollowedKey(sightings.get(0).key)),
                sightings));
    followed
        .entrySet()
        .removeIf(one -> !byKey.containsKey(one.getKey()) && window.isOver(one.getValue()));
    makeRoom(detector.episodes().keys(), window);
    window.counts.open = followed.values().stream().filter(key -> key.isOpen).count();
    return new Outcome(window.closed, window.counts);
  }

  private void makeRoom(int keys, EpisodeWindow window) {
    followed.values().stream()
        .sorted(FollowedKey.BY_WORTH)
        .limit(Math.max(0, followed.size() - keys))
        .toList()
        .forEach(
            key -> {
              if (key.isOpen) {
                window.close(key);
              }
              followed.remove(ByteBuffer.wrap(key.key));
            });
  }

  Episodes copy() {
    Episodes copy = new Episodes();
    followed.forEach((key, one) -> copy.followed.put(key, one.copy()));
    return copy;
  }

  void write(DataOutput target) throws IOException {
    target.writeInt(followed.size());
    for (FollowedKey key : followed.values()) {
      key.write(target);
    }
  }

  static Episodes read(DataInput source) throws IOException {
    Episodes episodes = new Episodes();
    for (int left = source.readInt(); left > 0; left--) {
      FollowedKey key = FollowedKey.read(source);
      episodes.followed.put(ByteBuffer.wrap(key.key), key);
    }
    return episodes;
  }
}
