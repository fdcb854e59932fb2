package dev.atalaya.bench.job;

import static dev.atalaya.bench.job.KindVariant.HITTERS_CHANGERS;

import java.util.List;
import java.util.Locale;

/** What each kind of finding costs: the events of {@link FlowBench} through one detector. */
final class KindBench {

  private static final long EVENTS = 10_000_000;
  private static final long WARM_UP_EVENTS = 5_000_000;
  private static final int ROUNDS = 3;
  private static final List<String> JVM = List.of("-Xms3g", "-Xmx3g");

  private KindBench() {}

  static void quick() throws Exception {
    for (KindVariant variant : KindVariant.values()) {
      Progress.say("kinds: %s", variant.label);
      KindRound.run(variant, 100_000);
    }
  }

  static void full(BenchmarksDocument document) throws Exception {
    Medians<KindVariant> medians = new Medians<>(KindVariant.class);
    for (int round = 1; round <= ROUNDS; round++) {
      for (KindVariant variant : KindVariant.values()) {
        Round measured =
            Round.of(Fork.run(KindRound.class, JVM, variant.name(), EVENTS, WARM_UP_EVENTS));
        medians.add(variant, measured);
        Progress.say(
            "kinds, round %d of %d: %s: %.2f million events/s",
            round, ROUNDS, variant.label, measured.eventsPerSecond() / 1e6);
      }
    }
    document.replace("kinds", table(medians) + rows(KafkaBench.measure(KafkaVariant.OF_KINDS)));
  }

  private static String rows(Medians<KafkaVariant> medians) {
    StringBuilder rows = new StringBuilder();
    for (KafkaVariant variant : KafkaVariant.OF_KINDS) {
      rows.append(
          row(
              variant.label,
              medians.eventsPerSecond(variant),
              medians.ratio(variant, KafkaVariant.HITTERS_CHANGERS)));
    }
    return rows.toString();
  }

  private static String table(Medians<KindVariant> medians) {
    StringBuilder table = new StringBuilder();
    table.append("| | million events/s | × hitters and changers |\n");
    table.append("|---|---:|---:|\n");
    for (KindVariant variant : KindVariant.values()) {
      table.append(
          row(
              variant.label,
              medians.eventsPerSecond(variant),
              medians.ratio(variant, HITTERS_CHANGERS)));
    }
    return table.toString();
  }

  private static String row(String label, double eventsPerSecond, double ratio) {
    return String.format(
        Locale.ROOT, "| %s | %.2f | %.2f |\n", label, eventsPerSecond / 1e6, ratio);
  }
}
