package dev.atalaya.bench.job;

import java.util.List;

/** The benchmarks of the whole job, of what feeds it, and of what shows its findings. */
public final class JobBench {

  /** In the order in which they run. */
  public static final List<String> NAMES =
      List.of(
          "flow",
          "kinds",
          "kafka",
          "rabbitmq",
          "search",
          "memory",
          "dashboard",
          "formats",
          "capture");

  private JobBench() {}

  /** Measures, and writes the figures into the document. */
  public static void full(String name, BenchmarksDocument document) throws Exception {
    switch (name) {
      case "flow" -> FlowBench.full(document);
      case "kinds" -> KindBench.full(document);
      case "kafka" -> KafkaBench.full(document);
      case "rabbitmq" -> RabbitMqBench.full(document);
      case "search" -> SearchBench.full(document);
      case "memory" -> MemoryBench.full(document);
      case "dashboard" -> DashboardBench.full(document);
      case "formats" -> FormatBench.full(document);
      case "capture" -> CaptureBench.full(document);
      default -> throw new IllegalArgumentException("no benchmark " + name);
    }
  }

  /** Runs everything once with few events: only what comes out is looked at, not how fast. */
  public static void quick(String name) throws Exception {
    switch (name) {
      case "flow" -> FlowBench.quick();
      case "kinds" -> KindBench.quick();
      case "kafka" -> KafkaBench.quick();
      case "rabbitmq" -> RabbitMqBench.quick();
      case "search" -> SearchBench.quick();
      case "memory" -> MemoryBench.quick();
      case "dashboard" -> DashboardBench.quick();
      case "formats" -> FormatBench.quick();
      case "capture" -> CaptureBench.quick();
      default -> throw new IllegalArgumentException("no benchmark " + name);
    }
  }
}
