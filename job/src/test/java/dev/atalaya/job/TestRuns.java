package dev.atalaya.job;

import static org.awaitility.Awaitility.await;

import dev.atalaya.job.config.ConfigLoader;
import dev.atalaya.job.config.JobConfig;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
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

  /** A cluster in this process whose workers can be killed. */
  static MiniCluster cluster(int slots) throws Exception {
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(slots)
                .setConfiguration(new Configuration().set(RestOptions.BIND_PORT, "0"))
                .build());
    cluster.start();
    return cluster;
  }

  /** The shipped job for such a cluster, which goes on after any failure. */
  static JobGraph graph(String yaml) {
    JobConfig config = ConfigLoader.parse(yaml, "test.yaml", Map.of());
    Configuration settings = AtalayaJob.settings(config.runtime());
    settings.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, Integer.MAX_VALUE);
    settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(100));
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(settings);
    AtalayaJob.build(env, config);
    return env.getStreamGraph().getJobGraph();
  }

  /** Cancels a job and waits until it is gone. */
  static void cancel(MiniCluster cluster, JobID job) throws Exception {
    cluster.cancelJob(job).get();
    await("cancellation")
        .atMost(Duration.ofSeconds(90))
        .until(() -> cluster.getJobStatus(job).get() == JobStatus.CANCELED);
  }

  private static Configuration noRestarts() {
    return new Configuration().set(RestartStrategyOptions.RESTART_STRATEGY, "none");
  }
}
