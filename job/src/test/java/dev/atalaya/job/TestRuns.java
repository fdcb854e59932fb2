package dev.atalaya.job;

import dev.atalaya.job.config.ConfigLoader;
import dev.atalaya.job.config.JobConfig;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Runs the shipped job in this process. */
final class TestRuns {

  private TestRuns() {}

  /** Runs a bounded configuration to its end; any failure of the job fails the test. */
  static void run(String yaml) throws Exception {
    JobConfig config = ConfigLoader.parse(yaml, "test.yaml", Map.of());
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(AtalayaJob.settings(config.runtime()));
    env.configure(noRestarts());
    AtalayaJob.build(env, config);
    env.execute(config.name());
  }

  private static Configuration noRestarts() {
    return new Configuration().set(RestartStrategyOptions.RESTART_STRATEGY, "none");
  }
}
