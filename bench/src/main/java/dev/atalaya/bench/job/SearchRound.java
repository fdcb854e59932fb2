package dev.atalaya.bench.job;

import dev.atalaya.connectors.DocumentSerializer;
import dev.atalaya.connectors.search.SearchSettings;
import dev.atalaya.connectors.search.SearchSinks;
import dev.atalaya.job.AtalayaJob;
import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.config.SinkConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Writes alerts from this process into a store, once to warm up and once measured. */
final class SearchRound {

  private SearchRound() {}

  /** Arguments: variant, product, its address, alerts, alerts of the warm-up. */
  public static void main(String[] args) throws Exception {
    SearchVariant variant = SearchVariant.valueOf(args[0]);
    long alerts = Long.parseLong(args[3]);
    run(variant, args[1], args[2], alerts, Long.parseLong(args[4]));
    Fork.answer(run(variant, args[1], args[2], 0, alerts).line());
  }

  /** All that has its default has it. */
  static JobConfig config(SearchVariant variant, String product, String url, Path checkpoints) {
    return Questions.config(
        1,
        "1mb",
        """
        source: { kafka: { servers: "localhost:1", topics: [never-opened] } }
        ecs: { src: source.ip }
        sinks: [ { %s: { url: "%s" } } ]
        checkpoint: { dir: "%s" }
        parallelism: %d
        """
            .formatted(product, url, checkpoints, variant.writers));
  }

  static SearchSettings settings(JobConfig config) {
    return ((SinkConfig.Search) config.sinks().get(0)).settings();
  }

  /** Stores {@code alerts} alerts, the first of them number {@code first}. */
  static SearchCost run(SearchVariant variant, String product, String url, long first, long alerts)
      throws Exception {
    Path checkpoints = Files.createTempDirectory("atalaya-bench-");
    try {
      JobConfig config = config(variant, product, url, checkpoints);
      Probe.reset(0);
      return variant.isSink
          ? sink(config, new AlertMaker(config, first, variant.writers), alerts)
          : loop(variant, config, first, alerts);
    } finally {
      Folder.delete(checkpoints);
    }
  }

  private static SearchCost sink(JobConfig config, AlertMaker maker, long alerts) throws Exception {
    Configuration settings = AtalayaJob.settings(config.runtime());
    SinkCounters.reset(settings);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(settings);
    env.setParallelism(config.runtime().parallelism());
    env.fromSource(
            new GeneratorSource<>(alerts, maker, false),
            WatermarkStrategy.noWatermarks(),
            "alerts",
            DocumentSerializer.TYPE)
        .uid("alerts")
        .sinkTo(SearchSinks.create(settings(config)))
        .uid("store")
        .name(SinkCounters.SINK);
    JobClient job = env.executeAsync();
    CompletableFuture<?> end = job.getJobExecutionResult();
    SearchCost cost = SearchCost.of(end, SinkCounters::taken, SinkCounters::stored, alerts);
    // It would end by itself, with its next checkpoint.
    job.cancel().handle((cancelled, failure) -> null).get();
    end.handle((result, cancelled) -> result).get();
    return cost;
  }

  private static SearchCost loop(SearchVariant variant, JobConfig config, long first, long alerts)
      throws Exception {
    SearchSettings settings = settings(config);
    BulkLoop loop = new BulkLoop(settings.urls().get(0), settings.alerts());
    Probe.started();
    List<CompletableFuture<Void>> writers = new ArrayList<>();
    for (int writer = 0; writer < variant.writers; writer++) {
      long own = writer;
      AlertMaker maker = new AlertMaker(config, first, variant.writers);
      writers.add(
          CompletableFuture.runAsync(() -> loop.write(maker, own, variant.writers, alerts)));
    }
    CompletableFuture<Void> end =
        CompletableFuture.allOf(writers.toArray(CompletableFuture<?>[]::new));
    SearchCost cost = SearchCost.of(end, loop.made::sum, loop.answered::sum, alerts);
    end.join();
    return cost;
  }
}
