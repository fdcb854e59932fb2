package dev.atalaya.bench.job;

import dev.atalaya.connectors.search.SearchSettings;
import dev.atalaya.connectors.search.SearchSetup;
import dev.atalaya.fixtures.SearchStore;
import dev.atalaya.job.config.JobConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Alerts into a real store on the same cores, as {@code setup-search} prepares it: what the sink
 * costs, and what the store can take from the simplest of writers.
 */
final class SearchBench {

  private static final long ALERTS = 150_000;
  private static final long WARM_UP_ALERTS = 50_000;
  private static final long QUICK_ALERTS = 2_000;
  private static final int ROUNDS = 3;
  private static final List<String> JVM = List.of("-Xms1g", "-Xmx1g");

  private final String product;
  private final SearchStore store;
  private final SearchSettings settings;

  private SearchBench(String product, SearchStore store) {
    this.product = product;
    this.store = store;
    JobConfig config =
        SearchRound.config(SearchVariant.SINK_1, product, store.url(), Path.of("never-written"));
    settings = SearchRound.settings(config);
    SearchSetup.run(
        settings, config.ecsFields().values(), new SearchSetup.Retention(36_500, 36_500));
  }

  static void quick() throws Exception {
    try (SearchStore store = SearchStore.opensearch()) {
      SearchBench bench = new SearchBench("opensearch", store);
      for (SearchVariant variant : SearchVariant.values()) {
        Progress.say("search: %s", variant.label);
        SearchRound.run(variant, bench.product, store.url(), 0, QUICK_ALERTS);
        bench.empty(QUICK_ALERTS);
      }
    }
  }

  static void full(BenchmarksDocument document) {
    StringBuilder table = new StringBuilder();
    table.append("| | alerts/s | × as many plain loops | CPU µs per alert | most held");
    table.append(" | heap in use after 25 % | 50 % | 75 % | 100 % |\n");
    table.append("|---|---:|---:|---:|---:|---:|---:|---:|---:|\n");
    try (SearchStore store = SearchStore.fastElasticsearch()) {
      new SearchBench("elasticsearch", store).measure(table);
    }
    try (SearchStore store = SearchStore.fastOpensearch()) {
      new SearchBench("opensearch", store).measure(table);
    }
    document.replace("search", table.toString());
  }

  private void measure(StringBuilder table) {
    Medians<SearchVariant> medians = new Medians<>(SearchVariant.class);
    Map<SearchVariant, List<SearchCost>> costs = new EnumMap<>(SearchVariant.class);
    for (int round = 1; round <= ROUNDS; round++) {
      for (SearchVariant variant : SearchVariant.values()) {
        SearchCost cost =
            SearchCost.of(
                Fork.run(
                    SearchRound.class,
                    JVM,
                    variant.name(),
                    product,
                    store.url(),
                    ALERTS,
                    WARM_UP_ALERTS));
        empty(ALERTS + WARM_UP_ALERTS);
        medians.add(variant, cost.round());
        costs.computeIfAbsent(variant, unseen -> new ArrayList<>()).add(cost);
        Progress.say(
            "search, round %d of %d: %s, %s: %.0f alerts/s",
            round, ROUNDS, product, variant.label, cost.round().eventsPerSecond());
      }
    }
    for (SearchVariant variant : SearchVariant.values()) {
      table.append(row(variant, medians, costs.get(variant)));
    }
  }

  private String row(
      SearchVariant variant, Medians<SearchVariant> medians, List<SearchCost> costs) {
    StringBuilder row = new StringBuilder();
    row.append(
        String.format(
            Locale.ROOT,
            "| %s, %s | %,.0f | %.2f | %.1f | %,d |",
            product,
            variant.label,
            medians.eventsPerSecond(variant),
            medians.ratio(variant, variant.loop()),
            medians.cpuMicrosPerEvent(variant),
            costs.stream().mapToLong(SearchCost::mostHeld).max().orElseThrow()));
    for (int quarter = 0; quarter < SearchCost.QUARTERS; quarter++) {
      int index = quarter;
      long heap = costs.stream().mapToLong(cost -> cost.heapBytes().get(index)).max().orElseThrow();
      row.append(' ').append(MemoryBench.megabytes(heap)).append(" |");
    }
    return row.append('\n').toString();
  }

  /** Fails unless the store has exactly so many alerts. */
  private void empty(long alerts) {
    long stored = store.count(settings.alerts());
    if (stored != alerts) {
      throw new IllegalStateException(product + " has " + stored + " alerts, not " + alerts);
    }
    store.request("DELETE", "/" + settings.alerts() + "-*", "");
  }
}
