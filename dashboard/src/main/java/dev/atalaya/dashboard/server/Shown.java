package dev.atalaya.dashboard.server;

import dev.atalaya.dashboard.history.Detector;
import dev.atalaya.dashboard.history.History;
import dev.atalaya.dashboard.history.Window;
import java.util.List;
import java.util.Optional;

/** The detector that is shown where none is named, and how fast its events come. */
final class Shown {

  private final History history;
  private final String name;

  /**
   * @param name null for the first one seen
   */
  Shown(History history, String name) {
    this.history = history;
    this.name = name;
  }

  /** Empty before its first document. */
  Optional<Detector> detector() {
    return name == null ? history.detectors().stream().findFirst() : history.detector(name);
  }

  /** Of event time, over the last two complete windows. */
  long eventsPerSecond() {
    return detector().map(this::eventsPerSecond).orElse(0L);
  }

  /** The newest remembered window. */
  Optional<Window> newest() {
    return detector()
        .flatMap(d -> history.windows(d.name(), d.lastEpoch(), d.lastEpoch()).stream().findFirst());
  }

  private long eventsPerSecond(Detector detector) {
    long last = detector.lastEpoch();
    List<Window> windows = history.windows(detector.name(), last - 2, last);
    int to = windows.size();
    // Alerts may come before the report that says how many events there were.
    if (to > 0 && !windows.get(to - 1).isReported()) {
      to--;
    }
    List<Window> complete = windows.subList(Math.max(0, to - 2), to);
    long events = complete.stream().mapToLong(Window::events).sum();
    long millis = complete.size() * detector.windowMillis();
    return millis == 0 ? 0 : Math.round(1_000.0 * events / millis);
  }
}
