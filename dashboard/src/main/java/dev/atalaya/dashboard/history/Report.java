package dev.atalaya.dashboard.history;

/** The numbers of a window's report. */
record Report(
    long events,
    long total,
    long hitters,
    long changers,
    boolean isExact,
    boolean isWarmup,
    long errorBound,
    long distinctKeys) {

  static Report of(Fields document) throws Stranger {
    return new Report(
        document.count("Atalaya.events"),
        document.count("Atalaya.window_total"),
        found(document, "Atalaya.hitters"),
        found(document, "Atalaya.changers"),
        document.flag("Atalaya.exact"),
        document.flag("Atalaya.warmup"),
        document.count("Atalaya.error_bound"),
        document.count("Atalaya.distinct_keys"));
  }

  /** A detector need not have both rules. */
  private static long found(Fields document, String rule) throws Stranger {
    return document.has(rule) ? document.count(rule + ".found") : 0;
  }
}
