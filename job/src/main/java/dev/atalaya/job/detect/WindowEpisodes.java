package dev.atalaya.job.detect;

import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.episode.Episodes;
import dev.atalaya.job.episode.Sighting;
import java.util.ArrayList;
import java.util.List;

/** What the episodes of a detector make of the listed findings of one window. Not thread-safe. */
final class WindowEpisodes {

  private final DetectorConfig detector;
  private final WindowFindings window;

  /**
   * @param detector has episodes
   */
  WindowEpisodes(DetectorConfig detector, WindowFindings window) {
    this.detector = detector;
    this.window = window;
  }

  /** Leaves those findings listed that are told, with their episode, and adds what is over. */
  void follow(Episodes episodes) {
    List<Sighting> sightings = new ArrayList<>();
    for (KindFindings found : window.summary.kinds) {
      for (Finding finding : found.listed) {
        sightings.add(
            new Sighting(
                finding.key,
                finding.kind.name(),
                measure(finding),
                Saturating.abs(finding.actual),
                finding.kind.isOnce()));
      }
    }
    Episodes.Outcome outcome = episodes.window(detector, window.summary.startMillis, sightings);
    int next = 0;
    for (KindFindings found : window.summary.kinds) {
      List<Finding> told = new ArrayList<>();
      for (Finding finding : found.listed) {
        finding.episode = sightings.get(next++).episode();
        if (finding.episode != null) {
          told.add(finding);
        }
      }
      found.listed = told.toArray(Finding[]::new);
    }
    window.episodes = outcome.counts();
    window.recovered =
        outcome.closed().stream().map(WindowEpisodes::recovered).toArray(Finding[]::new);
  }

  /** Keys are all found in the detector's; each signal has its own. */
  private static String measure(Finding finding) {
    return finding.kind.isOfKey() ? "" : finding.kind.name();
  }

  private static Finding recovered(Sighting closed) {
    Finding finding = new Finding();
    finding.kind = Finding.Kind.valueOf(closed.kind());
    finding.key = closed.key();
    finding.prefix = closed.key().length > 0 && closed.key()[0] == KeyBytes.PREFIX_MARK;
    finding.episode = closed.episode();
    return finding;
  }
}
