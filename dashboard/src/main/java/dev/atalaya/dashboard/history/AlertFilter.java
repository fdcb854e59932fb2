package dev.atalaya.dashboard.history;

import java.util.function.Predicate;

/** Whether an alert is what a query asks for. */
final class AlertFilter implements Predicate<Alert> {

  private final AlertQuery query;

  AlertFilter(AlertQuery query) {
    this.query = query;
  }

  /** Whether a window may hold such alerts. */
  boolean test(WindowEntry window) {
    long end = window.endMillis();
    return (query.detector() == null || query.detector().equals(window.detector.name))
        && (query.fromMillis() == null || end > query.fromMillis())
        && (query.toMillis() == null || end - window.detector.lengthMillis < query.toMillis());
  }

  @Override
  public boolean test(Alert alert) {
    Finding finding = alert.finding;
    return (query.kind() == null || query.kind().equals(finding.action()))
        && (query.certainty() == null
            || query.certainty().equals(finding.isCertain() ? "certain" : "possible"))
        && (query.key() == null || contains(finding.key(), query.key()));
  }

  /** In any case; without copies, as this runs over all that is remembered. */
  private static boolean contains(String text, String part) {
    for (int i = 0; i + part.length() <= text.length(); i++) {
      if (text.regionMatches(true, i, part, 0, part.length())) {
        return true;
      }
    }
    return false;
  }
}
