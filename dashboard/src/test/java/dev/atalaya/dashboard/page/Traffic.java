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

  /**
   * Windows 0 to 3 of one detector: in window 1 a key that met many, a network with all that an
   * alert can say of it, and a total that is unusual; in window 3 the network is as usual again.
   */
  static History everyKind() {
    History history = history();
    ObjectNode spreader = alert(1, "superspreader", "192.0.2.7", 1, 182, 0);
    spreader.withObjectProperty("Atalaya").put("threshold", 100).put("measure", "distinct dport");
    ObjectNode network = episode(hitter(1, "203.0.113.0/24", 1, 9_000, 0), "opened");
    network.withObjectProperty("rule").put("version", "2");
    ObjectNode own = network.withObjectProperty("Atalaya").put("prefix", "203.0.113.0/24");
    own.putArray("also_measures").add("distinct src");
    own.putArray("also_values").add(1_200);
    own.putArray("also_lower").add(1_100);
    own.putArray("also_upper").add(1_300);
    own.putArray("also_thresholds").add(1_000);
    own.putArray("contributor_fields").add("sport").add("sport");
    own.putArray("contributor_values").add("53").add("<b>123</b>");
    own.putArray("contributor_amounts").add(6_000).add(2_000);
    own.putArray("contributor_lower").add(6_000).add(1_900);
    own.putArray("contributor_upper").add(6_000).add(2_100);
    own.putArray("contributor_shares").add(0.666667).add(0.222222);
    own.putArray("contributor_remainder_fields").add("sport");
    own.putArray("contributor_remainders").add(1_000);
    own.putArray("contributor_remainders_upper").add(1_100);
    ObjectNode total = changer(1, "", 1, 4_000, 10_000);
    total.withObjectProperty("event").put("action", "unusual_total").put("id", "total-1");
    total
        .withObjectProperty("Atalaya")
        .put("expected_lower", 3_000)
        .put("expected_upper", 5_000)
        .put("expected_kind", "same_hour_yesterday")
        .put("deviations", 12.5)
        .put("threshold", 1_000)
        .remove(List.of("key", "key_fields", "key_values", "share"));
    ObjectNode end = episode(alert(3, "recovered", "203.0.113.0/24", 1, 0, 0), "closed");
    end.withObjectProperty("Atalaya")
        .remove(List.of("actual", "actual_lower", "actual_upper", "share", "certainty", "rank"));
    history.add(List.of(spreader, network, total, end));
    for (int window = 0; window < 4; window++) {
      ObjectNode report = Documents.report(DETECTOR, window, window == 1 ? 1 : 0, 0);
      own = report.withObjectProperty("Atalaya");
      own.remove("changers");
      own.withObjectProperty("hitters").put("threshold", 5_000).put("certified", true);
      own.putObject("spreaders")
          .put("threshold", 100)
          .put("certified", true)
          .put("found", window == 1 ? 1 : 0);
      own.putObject("signals")
          .putObject("total")
          .put("actual", 10_000)
          .put("expected", 4_000)
          .put("threshold", 1_000);
      own.put("allowed", 2).putObject("episodes").put("open", 1).put("suppressed", 0);
      history.add(report);
    }
    return history;
  }

  private static ObjectNode episode(ObjectNode alert, String state) {
    alert
        .withObjectProperty("Atalaya")
        .put("episode_id", "e-1")
        .put("episode_state", state)
        .put("episode_start", "2025-01-15T10:00:10.000Z")
        .put("episode_windows", 2)
        .put("episode_duration", 20_000_000_000L)
        .put("episode_peak", 9_500)
        .put("episode_peak_time", "2025-01-15T10:00:20.000Z");
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
