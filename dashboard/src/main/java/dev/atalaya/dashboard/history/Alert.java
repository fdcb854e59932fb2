package dev.atalaya.dashboard.history;

/** An alert in memory: what it is found by, and its document. */
final class Alert {

  /** Objects, references and the place in a map, about. */
  private static final int OVERHEAD_BYTES = 250;

  final Finding finding;
  final long windowTotal;
  final long errorBound;
  final boolean isWarmup;

  /** Where it is kept; null before. */
  WindowEntry window;

  private final Packed document;

  private Alert(
      Finding finding, long windowTotal, long errorBound, boolean isWarmup, Packed document) {
    this.finding = finding;
    this.windowTotal = windowTotal;
    this.errorBound = errorBound;
    this.isWarmup = isWarmup;
    this.document = document;
  }

  static Alert of(Fields fields, Packed document) throws Stranger {
    String action = action(fields.name("event.action"));
    // That something is over has no value in the window, and is never doubtful.
    boolean isRecovery = action.equals(Finding.RECOVERED);
    Finding finding =
        new Finding(
            fields.text("event.id"),
            action,
            fields.has("Atalaya.key") ? fields.text("Atalaya.key") : "",
            isRecovery ? 0 : fields.number("Atalaya.actual"),
            isRecovery ? 0 : fields.count("Atalaya.rank"),
            isRecovery || fields.text("Atalaya.certainty").equals("certain"));
    return new Alert(
        finding,
        fields.count("Atalaya.window_total"),
        isRecovery ? 0 : fields.count("Atalaya.error_bound"),
        fields.flag("Atalaya.warmup"),
        document);
  }

  /** One object for all alerts of an action. */
  private static String action(String action) {
    int known = Finding.ACTIONS.indexOf(action);
    return known < 0 ? action : Finding.ACTIONS.get(known);
  }

  Packed document() {
    return document;
  }

  /** What it takes of memory, about. */
  long bytes() {
    return (long) OVERHEAD_BYTES
        + document.bytes()
        + finding.id().length()
        + finding.key().length();
  }
}
