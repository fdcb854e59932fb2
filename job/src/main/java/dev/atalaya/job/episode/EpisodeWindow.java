package dev.atalaya.job.episode;

import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.sketch.KeyId;
import java.util.ArrayList;
import java.util.List;

/**
 * One window of a detector with episodes: what it makes of each key that is followed.
 *
 * <p>An episode opens with the window in which the key was found for the {@code open}th time within
 * {@code of}, at once with what is found but once; it is told again when a value reaches {@code
 * growth} times what was told, and when the key is found as something else; it closes with the
 * {@code close}th window in a row in which the key was not found. Not thread-safe.
 */
final class EpisodeWindow {

  final List<Sighting> closed = new ArrayList<>();
  final EpisodeCounts counts = new EpisodeCounts();

  private final String detector;
  private final DetectorConfig.Episodes rule;
  private final long startMillis;
  private final long windowMillis;

  EpisodeWindow(DetectorConfig detector, long startMillis) {
    this.detector = detector.name();
    rule = detector.episodes();
    this.startMillis = startMillis;
    windowMillis = detector.windowMillis();
  }

  /**
   * Decides what is told.
   *
   * @param sightings all of this key
   */
  void found(FollowedKey key, List<Sighting> sightings) {
    if (key.isOpen && quietWindows(key, startMillis) >= rule.close()) {
      close(key);
    }
    boolean opens = !key.isOpen && opens(key, sightings);
    if (opens) {
      key.isOpen = true;
      counts.opened++;
    }
    long told = key.toldPeak;
    key.lastMillis = startMillis;
    for (Sighting sighting : sightings) {
      if (key.isOpen && sighting.measure.equals(key.measure)) {
        key.grow(sighting.value, startMillis);
      }
      Episode.State state = opens ? Episode.State.OPENED : state(key, sighting, told);
      if (state == null) {
        counts.suppressed++;
      } else {
        key.kinds.add(sighting.kind);
        if (state != Episode.State.ONGOING) {
          key.toldPeak = key.peak;
        }
        sighting.tell(episode(key, state));
      }
    }
  }

  /** Takes note of the window, and says whether there are now enough. */
  private boolean opens(FollowedKey key, List<Sighting> sightings) {
    if (startMillis < key.coolUntilMillis) {
      return false;
    }
    forgetOld(key);
    if (key.found.isEmpty()) {
      key.kind = sightings.get(0).kind;
      key.measure = sightings.get(0).measure;
      key.kinds.clear();
    }
    long largest = 0;
    for (Sighting sighting : sightings) {
      if (sighting.measure.equals(key.measure)) {
        largest = Math.max(largest, sighting.value);
      }
    }
    key.found.put(startMillis, largest);
    key.beginWithFound();
    return key.found.size() >= rule.open() || sightings.stream().anyMatch(found -> found.once);
  }

  /** Null when there is nothing to tell. */
  private Episode.State state(FollowedKey key, Sighting sighting, long told) {
    if (!key.isOpen) {
      return null;
    }
    if (rule.growth() > 0
        && sighting.measure.equals(key.measure)
        && sighting.value > told
        && sighting.value >= rule.growth() * told) {
      return Episode.State.GREW;
    }
    boolean isNew = !key.kinds.contains(sighting.kind);
    return isNew || rule.everyWindow() ? Episode.State.ONGOING : null;
  }

  /** Of a key that was not found: whether nothing is left to remember. */
  boolean isOver(FollowedKey key) {
    long end = startMillis + windowMillis;
    if (key.isOpen) {
      if (quietWindows(key, end) < rule.close()) {
        return false;
      }
      close(key);
    }
    forgetOld(key);
    return key.found.isEmpty() && end >= key.coolUntilMillis;
  }

  private void forgetOld(FollowedKey key) {
    key.found.headMap(startMillis - (rule.of() - 1) * windowMillis).clear();
  }

  private long quietWindows(FollowedKey key, long untilMillis) {
    return (untilMillis - key.lastMillis) / windowMillis - 1;
  }

  void close(FollowedKey key) {
    closed.add(
        new Sighting(key.key, key.kind, key.measure, key.peak, false)
            .tell(episode(key, Episode.State.CLOSED)));
    counts.closed++;
    key.isOpen = false;
    key.found.clear();
    // When its quiet windows were over, also when they never came.
    long closedMillis = key.lastMillis + (1 + rule.close()) * windowMillis;
    key.coolUntilMillis = closedMillis + rule.cooldownMillis();
  }

  private Episode episode(FollowedKey key, Episode.State state) {
    Episode episode = new Episode();
    String id = KeyId.hex128(key.key, 0, key.key.length);
    episode.id = key.startMillis + "-" + detector + "-" + id;
    episode.state = state;
    episode.startMillis = key.startMillis;
    episode.windows = (key.lastMillis - key.startMillis) / windowMillis + 1;
    episode.peak = key.peak;
    episode.peakMillis = key.peakMillis;
    return episode;
  }
}
