package dev.atalaya.dashboard.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** A window in memory: its numbers, which stay, and its documents, which may have to go. */
final class WindowEntry {

  static final Comparator<WindowEntry> OLDEST_FIRST =
      Comparator.comparingLong(WindowEntry::endMillis)
          .thenComparing(window -> window.detector.name);

  static final Comparator<WindowEntry> NEWEST_FIRST =
      Comparator.comparingLong(WindowEntry::endMillis)
          .reversed()
          .thenComparing(window -> window.detector.name);

  static final Comparator<Alert> BY_ACTION_AND_RANK =
      Comparator.comparing((Alert alert) -> alert.finding.action())
          .thenComparingLong(alert -> alert.finding.rank())
          .thenComparing(alert -> alert.finding.id());

  final DetectorEntry detector;
  final long index;

  private List<Alert> alerts = new ArrayList<>();
  private boolean isSorted = true;
  private Report report;
  private Packed reportDocument;
  private boolean isTrimmed;

  private long hitters;
  private long changers;
  private Map<String, Long> others = Map.of();
  private long possible;
  private long windowTotal;
  private long errorBound;
  private boolean isWarmup;

  WindowEntry(DetectorEntry detector, long index) {
    this.detector = detector;
    this.index = index;
  }

  long endMillis() {
    return (index + 1) * detector.lengthMillis;
  }

  boolean isTrimmed() {
    return isTrimmed;
  }

  Report report() {
    return report;
  }

  Packed reportDocument() {
    return reportDocument;
  }

  void setReport(Report report) {
    this.report = report;
  }

  void setReportDocument(Packed document) {
    reportDocument = document;
  }

  /** By action and rank. */
  List<Alert> alerts() {
    if (!isSorted) {
      alerts.sort(BY_ACTION_AND_RANK);
      isSorted = true;
    }
    return alerts;
  }

  void add(Alert alert) {
    alerts.add(alert);
    isSorted = alerts.size() == 1;
    switch (alert.finding.action()) {
      case Finding.HITTER -> hitters++;
      case Finding.CHANGER -> changers++;
      default -> others = Counts.plus(others, kind(alert.finding.action()), 1);
    }
    if (!alert.finding.isCertain()) {
      possible++;
    }
    windowTotal = alert.windowTotal;
    errorBound = alert.errorBound;
    isWarmup = alert.isWarmup;
  }

  /** A job of another release may find what is not known here. */
  private static String kind(String action) {
    return Finding.ACTIONS.contains(action) ? action : "other";
  }

  /** Forgets the documents for good, with the room they took; the numbers stay. */
  void trim() {
    alerts = List.of();
    isSorted = true;
    reportDocument = null;
    isTrimmed = true;
  }

  /** In numbers; those of the report, once it is there. */
  Window numbers() {
    boolean isReported = report != null;
    return new Window(
        index - detector.firstIndexSeen(),
        index * detector.lengthMillis,
        endMillis(),
        isReported ? report.events() : 0,
        isReported ? report.total() : windowTotal,
        isReported ? report.hitters() : hitters,
        isReported ? report.changers() : changers,
        isReported ? report.others(others) : others,
        possible,
        isReported ? report.isExact() : errorBound == 0,
        isReported ? report.isWarmup() : isWarmup,
        isReported ? report.errorBound() : errorBound,
        isReported ? report.distinctKeys() : 0,
        isReported);
  }
}
