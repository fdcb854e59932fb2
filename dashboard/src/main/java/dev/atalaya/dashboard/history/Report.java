package dev.atalaya.dashboard.history;

import java.util.Map;

/** The numbers of a window's report. */
record Report(
    long events,
    long total,
    long hitters,
    long changers,
    long spreaders,
    long firstSeen,
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
        found(document, "Atalaya.spreaders"),
        found(document, "Atalaya.first_seen"),
        document.flag("Atalaya.exact"),
        document.flag("Atalaya.warmup"),
        document.count("Atalaya.error_bound"),
        document.count("Atalaya.distinct_keys"));
  }

  /** The alerts of a window by kind, with those that no alert tells of. */
  Map<String, Long> others(Map<String, Long> alerts) {
    Map<String, Long> all = withFound(alerts, Finding.SPREADER, spreaders);
    return withFound(all, Finding.FIRST_SEEN, firstSeen);
  }

  private static Map<String, Long> withFound(Map<String, Long> counts, String kind, long found) {
    return Counts.plus(counts, kind, found - counts.getOrDefault(kind, 0L));
  }

  /** A detector need not have all rules. */
  private static long found(Fields document, String rule) throws Stranger {
    return document.has(rule) ? document.count(rule + ".found") : 0;
  }
}
