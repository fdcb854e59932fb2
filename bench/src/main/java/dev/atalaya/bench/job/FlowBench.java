package dev.atalaya.bench.job;

import static dev.atalaya.bench.job.FlowVariant.COUNT;
import static dev.atalaya.bench.job.FlowVariant.SQL;

import java.util.List;
import java.util.Locale;

/** Events from memory: what the engine costs, what a count by key costs, and what Atalaya costs. */
final class FlowBench {

  private static final long EVENTS = 20_000_000;
  private static final long WARM_UP_EVENTS = 5_000_000;
  private static final int ROUNDS = 3;

  /**
   * The slow peer gets fewer events, four windows of them, so that a round does not take minutes.
   */
  private static final long SQL_EVENTS = 8_000_000;

  private static final List<String> JVM = List.of("-Xms3g", "-Xmx3g");

  private FlowBench() {}

  static void quick() throws Exception {
    for (FlowVariant variant : FlowVariant.values()) {
      Progress.say("flow: %s", variant.label);
      FlowRound.run(variant, 100_000);
    }
  }

  static void full(BenchmarksDocument document) {
    Medians<FlowVariant> medians = new Medians<>(FlowVariant.class);
    for (int round = 1; round <= ROUNDS; round++) {
      for (FlowVariant variant : FlowVariant.values()) {
        long events = variant == SQL ? SQL_EVENTS : EVENTS;
        Round measured =
            Round.of(Fork.run(FlowRound.class, JVM, variant.name(), events, WARM_UP_EVENTS));
        medians.add(variant, measured);
        Progress.say(
            "flow, round %d of %d: %s: %.2f million events/s",
            round, ROUNDS, variant.label, measured.eventsPerSecond() / 1e6);
      }
    }
    document.replace("flow", table(medians));
  }

  private static String table(Medians<FlowVariant> medians) {
    StringBuilder table = new StringBuilder();
    table.append("| | million events/s | CPU µs per event | × the count | × SQL |\n");
    table.append("|---|---:|---:|---:|---:|\n");
    for (FlowVariant variant : FlowVariant.values()) {
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %.2f | %.2f | %.1f | %.1f |\n",
              variant.label,
              medians.eventsPerSecond(variant) / 1e6,
              medians.cpuMicrosPerEvent(variant),
              medians.ratio(variant, COUNT),
              medians.ratio(variant, SQL)));
    }
    return table.toString();
  }
}
