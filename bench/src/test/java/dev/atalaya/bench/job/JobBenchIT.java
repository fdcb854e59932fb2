package dev.atalaya.bench.job;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every benchmark still runs, and every engine in it still counts every event. */
class JobBenchIT {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "flow",
        "kafka",
        "rabbitmq",
        "search",
        "memory",
        "dashboard",
        "formats",
        "capture"
      })
  void quickRunCountsEveryEvent(String name) throws Exception {
    JobBench.quick(name);
  }
}
