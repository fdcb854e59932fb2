package dev.atalaya.bench.job;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The rounds of every variant of a benchmark; round {@code i} of all ran one after the other. */
final class Medians<V extends Enum<V>> {

  private final Map<V, List<Round>> rounds;

  Medians(Class<V> variants) {
    rounds = new EnumMap<>(variants);
  }

  void add(V variant, Round round) {
    rounds.computeIfAbsent(variant, unseen -> new ArrayList<>()).add(round);
  }

  double eventsPerSecond(V variant) {
    return median(rounds.get(variant).stream().map(Round::eventsPerSecond).toList());
  }

  double cpuMicrosPerEvent(V variant) {
    return median(
        rounds.get(variant).stream().map(r -> 1e6 * r.cpuSeconds() / r.events()).toList());
  }

  /** The median, over the rounds, of how many times faster one was than the other. */
  double ratio(V variant, V peer) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < rounds.get(variant).size(); i++) {
      ratios.add(
          rounds.get(variant).get(i).eventsPerSecond() / rounds.get(peer).get(i).eventsPerSecond());
    }
    return median(ratios);
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }
}
