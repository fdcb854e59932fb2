package dev.atalaya.bench.job;

import java.util.List;
import java.util.Locale;

/** The dashboard over a full history: memory, the first view, and live updates. */
final class DashboardBench {

  private static final int WINDOWS = 10_000;
  private static final int ALERTS = 1_000;
  private static final List<String> JVM = List.of("-Xmx128m");

  private DashboardBench() {}

  static void quick() throws Exception {
    Progress.say("dashboard");
    DashboardRound.run(100, 40);
  }

  static void full(BenchmarksDocument document) {
    Progress.say("dashboard");
    DashboardCost cost = DashboardCost.of(Fork.run(DashboardRound.class, JVM, WINDOWS, ALERTS));
    document.replace("dashboard", table(cost));
  }

  private static String table(DashboardCost cost) {
    StringBuilder table = new StringBuilder();
    table.append("| 10,000 windows, 1,000 alerts in each of the newest | | to reach |\n");
    table.append("|---|---:|---:|\n");
    row(table, "heap in use", MemoryBench.megabytes(cost.heapBytes()), "256 MB");
    row(
        table,
        "peak of the process, the client in it, `-Xmx128m`",
        MemoryBench.megabytes(cost.peakResidentBytes()),
        "");
    row(table, "first view, requests", Long.toString(cost.viewRequests()), "");
    row(table, "first view, transferred", kilobytes(cost.viewBytes()), "300 KB");
    row(table, "first view, the first time", millis(cost.coldMicros()), "1,000 ms");
    row(table, "first view, later", millis(cost.warmMicros()), "");
    row(table, "a window with all its documents", kilobytes(cost.windowBytes()), "");
    row(table, "the same", millis(cost.windowMicros()), "");
    row(table, "`/heavykeys?count=30`", millis(cost.pollMicros()), "");
    row(
        table,
        "until a client is told of one of 20 windows a second",
        millis(cost.delayMicros()),
        "");
    row(table, "the same, the longest", millis(cost.longestDelayMicros()), "");
    row(
        table,
        "windows told per second",
        String.format(Locale.ROOT, "%,d", cost.windowsPerSecond()),
        "20");
    return table.toString();
  }

  private static void row(StringBuilder table, String what, String measured, String toReach) {
    table.append("| ").append(what).append(" | ").append(measured).append(" | ");
    table.append(toReach).append(toReach.isEmpty() ? "|\n" : " |\n");
  }

  private static String kilobytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f KB", bytes / 1e3);
  }

  private static String millis(long micros) {
    return String.format(Locale.ROOT, "%.1f ms", micros / 1e3);
  }
}
