package dev.atalaya.dashboard.page;

import static dev.atalaya.dashboard.Documents.CHANGER;
import static dev.atalaya.dashboard.Documents.HITTER;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atalaya.dashboard.Documents;
import dev.atalaya.dashboard.history.History;
import java.util.ArrayList;
import java.util.List;

/** Documents with all their numbers, as the page shows them. */
final class Traffic {

  static final String DETECTOR = "floods";

  private Traffic() {}

  static History history() {
    return new History(12_000, 64 << 20);
  }

  /**
   * Windows 0 to 39 of one detector and three of another: in window 30 one hitter that may be one,
   * in window 31 the same key as certain hitter and as changer, in window 32 the key is gone; and
   * two dead letters.
   */
  static History quietBut() {
    History history = history();
    for (int window = 0; window < 40; window++) {
      window(history, window, List.of());
    }
    window(history, 30, List.of(hitter(30, "192.0.2.9", 1, 3_000, 600)));
    window(
        history,
        31,
        List.of(hitter(31, "192.0.2.9", 1, 5_000, 0), changer(31, "192.0.2.9", 1, 3_000, 5_000)));
    window(history, 32, List.of(changer(32, "192.0.2.9", 1, 5_000, 0)));
    for (int window = 0; window < 3; window++) {
      history.add(Documents.report("paths", window, 0, 0));
    }
    ObjectNode ledger = Documents.ledger(DETECTOR, "2025-01-15T10:06:40.000Z", 3);
    ledger
        .withObjectProperty("Atalaya")
        .put("received", 4_007)
        .put("counted", 4_000)
        .put("late", 4)
        .put("skewed", 1)
        .put("rejected", 2)
        .put("duplicate", 0)
        .put("pending", 0);
    history.add(ledger);
    for (int i = 1; i <= 2; i++) {
      ObjectNode letter = Documents.deadLetter("dead_letter-" + i, i == 1 ? "syntax" : "no-time");
      letter
          .withObjectProperty("Atalaya")
          .put("detail", "at byte 4")
          .put("origin", "kafka:flows/0@" + i)
          .put("raw_base64", "eyJhIjriEjQ=")
          .put("raw_length", 7);
      history.add(letter);
    }
    return history;
  }

  /** A window with these alerts and the report that counts them. */
  static void window(History history, int window, List<ObjectNode> alerts) {
    alerts.forEach(history::add);
    int hitters =
        (int) alerts.stream().filter(a -> a.at("/event/action").textValue().equals(HITTER)).count();
    ObjectNode report = Documents.report(DETECTOR, window, hitters, alerts.size() - hitters);
    ObjectNode own = report.withObjectProperty("Atalaya");
    own.withObjectProperty("hitters").put("threshold", 2_500).put("certified", true);
    own.withObjectProperty("changers").put("threshold", 2_000).put("certified", true);
    history.add(report);
  }

  static ObjectNode hitter(int window, String key, int rank, long value, long width) {
    ObjectNode alert = alert(window, HITTER, key, rank, value, width);
    alert.withObjectProperty("Atalaya").put("threshold", value - width / 4);
    return alert;
  }

  static ObjectNode changer(int window, String key, int rank, long before, long now) {
    ObjectNode alert = alert(window, CHANGER, key, rank, now, 0);
    long delta = Math.abs(now - before);
    alert
        .withObjectProperty("Atalaya")
        .put("expected", before)
        .put("expected_lower", before)
        .put("expected_upper", before)
        .put("delta", delta)
        .put("delta_lower", delta)
        .put("delta_upper", delta)
        .put("direction", now >= before ? "up" : "down")
        .put("threshold", 2_000);
    return alert;
  }

  private static ObjectNode alert(
      int window, String action, String key, int rank, long value, long width) {
    // Ids hold a hash of the key, never the key itself.
    String hash = Integer.toHexString(key.hashCode());
    ObjectNode alert = Documents.alert(DETECTOR, window, action, hash, rank);
    ObjectNode own = alert.withObjectProperty("Atalaya");
    own.put("key", key)
        .put("actual", value)
        .put("actual_lower", value - width / 2)
        .put("actual_upper", value + width / 2)
        .put("share", value / 10_000.0)
        .put("certainty", width == 0 ? "certain" : "possible")
        .put("config_hash", "ccc7482ba20b");
    own.putArray("key_fields").add("dst");
    own.putArray("key_values").add(key);
    alert.withObjectProperty("event").put("risk_score_norm", 50);
    alert.putObject("labels").put("site", "test");
    return alert;
  }

  /** As many hitters in one window. */
  static List<ObjectNode> hitters(int window, List<String> keys) {
    List<ObjectNode> alerts = new ArrayList<>();
    for (String key : keys) {
      alerts.add(hitter(window, key, alerts.size() + 1, 5_000 - alerts.size(), 0));
    }
    return alerts;
  }
}
