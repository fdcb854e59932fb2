package dev.atalaya.dashboard.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atalaya.dashboard.follow.Follower;
import dev.atalaya.dashboard.history.Detector;
import dev.atalaya.dashboard.history.Finding;
import dev.atalaya.dashboard.history.History;
import dev.atalaya.dashboard.history.Window;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Prometheus's text, version 0.0.4. */
final class Metrics {

  private final History history;
  private final Shown shown;
  private final Health health;

  Metrics(History history, Shown shown, Health health) {
    this.history = history;
    this.shown = shown;
    this.health = health;
  }

  void addTo(Router router) {
    router.route(
        "/metrics", call -> Answer.text("text/plain; version=0.0.4; charset=utf-8", text()));
  }

  private String text() {
    Page page = new Page();
    thesis(page);
    page.family("atalaya_documents_total", "counter", "Documents taken.");
    page.value(history.documents());
    page.family("atalaya_foreign_documents_total", "counter", "Documents left out.");
    page.value(history.strangers());
    page.family("atalaya_late_documents_total", "counter", "Documents of forgotten windows.");
    page.value(history.late());
    page.family("atalaya_follower_healthy", "gauge", "Whether the sink could be read last time.");
    for (Follower.State state : health.states()) {
      page.value(state.isHealthy() ? 1 : 0, "what", state.what(), "where", state.where());
    }
    page.family("atalaya_dead_letters_total", "counter", "Dead letters seen, by reason.");
    for (Map.Entry<String, Long> reason : history.deadLetterReasons().entrySet()) {
      page.value(reason.getValue(), "reason", reason.getKey());
    }
    detectors(page, history.detectors());
    return page.text.toString();
  }

  /** Those that the thesis's users have in their dashboards, of the shown detector. */
  private void thesis(Page page) {
    Optional<Window> newest = shown.newest();
    page.family("processed_events_per_second", "gauge", "Of the last two complete windows.");
    page.value(shown.eventsPerSecond());
    page.family("detected_heavy_hitters_per_epoch", "gauge", "Of the newest window.");
    page.value(newest.map(Window::hitters).orElse(0L));
    page.family("detected_heavy_changers_per_epoch", "gauge", "Of the newest window.");
    page.value(newest.map(Window::changers).orElse(0L));
  }

  private void detectors(Page page, List<Detector> detectors) {
    page.family("atalaya_events", "gauge", "Terms of the newest ledger.");
    for (Detector detector : detectors) {
      Optional<JsonNode> ledger = history.ledger(detector.name());
      if (ledger.isPresent()) {
        for (String term : StatusDocument.TERMS) {
          long value = ledger.get().at("/Atalaya").path(term).asLong();
          page.value(value, "detector", detector.name(), "term", term);
        }
      }
    }
    page.family("atalaya_window_events_total", "counter", "Events of all windows seen.");
    for (Detector detector : detectors) {
      page.value(detector.events(), "detector", detector.name());
    }
    page.family("atalaya_windows", "gauge", "Windows remembered.");
    for (Detector detector : detectors) {
      page.value(detector.lastEpoch() - detector.firstEpoch() + 1, "detector", detector.name());
    }
    page.family("atalaya_alerts_total", "counter", "Found in all windows seen, listed or not.");
    for (Detector detector : detectors) {
      page.value(detector.hitters(), "detector", detector.name(), "kind", Finding.HITTER);
      page.value(detector.changers(), "detector", detector.name(), "kind", Finding.CHANGER);
      detector
          .others()
          .forEach((kind, count) -> page.value(count, "detector", detector.name(), "kind", kind));
    }
    page.family(
        "atalaya_lag_seconds", "gauge", "From the end of the newest window to the wall clock.");
    long now = System.currentTimeMillis();
    for (Detector detector : detectors) {
      history
          .windows(detector.name(), detector.lastEpoch(), detector.lastEpoch())
          .forEach(
              newest ->
                  page.value((now - newest.endMillis()) / 1_000.0, "detector", detector.name()));
    }
  }

  private static final class Page {
    private final StringBuilder text = new StringBuilder();
    private String name;

    void family(String name, String type, String help) {
      this.name = name;
      text.append("# HELP ").append(name).append(' ').append(help).append('\n');
      text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    void value(long value, String... labels) {
      line(Long.toString(value), labels);
    }

    void value(double value, String... labels) {
      line(String.format(Locale.ROOT, "%.3f", value), labels);
    }

    /**
     * @param labels name, value, name, value …
     */
    private void line(String value, String... labels) {
      text.append(name);
      for (int i = 0; i < labels.length; i += 2) {
        text.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"");
        text.append(escape(labels[i + 1])).append(i + 2 == labels.length ? "\"}" : "\"");
      }
      text.append(' ').append(value).append('\n');
    }

    private static String escape(String label) {
      return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
  }
}
