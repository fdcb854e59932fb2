package dev.atalaya.dashboard.server;

import static dev.atalaya.dashboard.Documents.CHANGER;
import static dev.atalaya.dashboard.Documents.HITTER;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atalaya.dashboard.Documents;
import dev.atalaya.dashboard.history.History;

/**
 * A small history: four windows of one detector, the third without a report; and another detector
 * with one.
 */
final class Floods {

  static final String NAME = "floods";

  private Floods() {}

  static History history() {
    History history = new History(1_000, 1 << 20);
    history.add(report(0, 1, 0));
    history.add(alert(0, HITTER, "192.0.2.1", 1, 900));
    history.add(report(1, 2, 1));
    history.add(alert(1, HITTER, "192.0.2.1", 1, 1_900));
    history.add(alert(1, HITTER, "192.0.2.2", 2, 800));
    history.add(alert(1, CHANGER, "192.0.2.2", 1, 800));
    history.add(report(3, 0, 1));
    history.add(alert(3, CHANGER, "192.0.2.1", 1, 0));
    history.add(Documents.report("paths", 3, 0, 0));
    history.add(Documents.ledger(NAME, "2025-01-15T10:00:40.000Z", 3));
    history.add(Documents.deadLetter("dead_letter-1", "syntax"));
    history.add(Documents.deadLetter("dead_letter-2", "syntax"));
    history.add(Documents.deadLetter("dead_letter-3", "no-time"));
    return history;
  }

  static ObjectNode alert(int window, String action, String key, int rank, long actual) {
    ObjectNode alert = Documents.alert(NAME, window, action, key, rank);
    alert.withObjectProperty("Atalaya").put("actual", actual);
    return alert;
  }

  private static ObjectNode report(int window, int hitters, int changers) {
    ObjectNode report = Documents.report(NAME, window, hitters, changers);
    ObjectNode own = report.withObjectProperty("Atalaya");
    own.withObjectProperty("hitters").put("threshold", 700);
    own.withObjectProperty("changers").put("threshold", 500);
    return report;
  }
}
