package dev.atalaya.job;

import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.config.LocalPath;
import dev.atalaya.job.config.RuntimeConfig;
import dev.atalaya.job.config.SinkConfig;
import dev.atalaya.job.window.MergeAndDiff;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.OptionalLong;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.streaming.api.environment.LocalStreamEnvironment;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Runs a configuration: on the cluster when the jar was handed to {@code flink run}, else on a
 * cluster inside this process.
 */
public final class AtalayaJob {

  private static final int SEED_BYTES = 16;

  /** In a row: at Flink's 5 min of {@code flink-conf}, more than three days. */
  private static final int TOLERABLE_CHECKPOINT_FAILURES = 1_000;

  private AtalayaJob() {}

  /**
   * Builds the job and waits for its end; an unbounded source has none.
   *
   * @param restoreFrom a finished checkpoint or savepoint, or null to begin anew
   * @return how many records were counted, added up over the detectors; empty on a cluster
   */
  public static OptionalLong execute(JobConfig config, Path restoreFrom) throws Exception {
    Configuration settings = settings(config.runtime());
    if (restoreFrom != null) {
      settings.set(StateRecoveryOptions.SAVEPOINT_PATH, restoreFrom.toUri().toString());
    }
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(settings);
    if (!(env instanceof LocalStreamEnvironment)) {
      build(env, config);
      env.execute(config.name());
      return OptionalLong.empty();
    }
    try (TemporaryFolder folder = TemporaryFolder.create()) {
      env.configure(localSettings(config.runtime(), folder.path()));
      build(env, config);
      Long counted = env.execute(config.name()).getAccumulatorResult(MergeAndDiff.EVENTS_COUNTED);
      return counted == null ? OptionalLong.empty() : OptionalLong.of(counted);
    }
  }

  /** What a cluster has its own policy for. */
  private static Configuration localSettings(RuntimeConfig runtime, Path folder) {
    Configuration settings = new Configuration();
    // Nobody watches a local run: a fault that comes back ends it. But a broker may be restarted
    // every month.
    settings.set(RestartStrategyOptions.RESTART_STRATEGY, "failure-rate");
    settings.set(RestartStrategyOptions.RESTART_STRATEGY_FAILURE_RATE_MAX_FAILURES_PER_INTERVAL, 3);
    settings.set(
        RestartStrategyOptions.RESTART_STRATEGY_FAILURE_RATE_FAILURE_RATE_INTERVAL,
        Duration.ofMinutes(10));
    settings.set(RestartStrategyOptions.RESTART_STRATEGY_FAILURE_RATE_DELAY, Duration.ofSeconds(1));
    if (runtime.checkpointDir() == null) {
      // In memory Flink takes 5 MB of state at most, and a few sketches are more.
      settings.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
      settings.set(
          CheckpointingOptions.CHECKPOINTS_DIRECTORY,
          folder.resolve("checkpoints").toUri().toString());
    }
    settings.set(CoreOptions.TMP_DIRS, folder.toString());
    settings.set(WebOptions.TMP_DIR, folder.toString());
    return settings;
  }

  /** Puts the whole job into an environment made with {@link #settings}. */
  public static void build(StreamExecutionEnvironment env, JobConfig config) {
    if (config.runtime().parallelism() > 0) {
      env.setParallelism(config.runtime().parallelism());
    }
    if (config.sinks().stream().anyMatch(SinkConfig.Search.class::isInstance)
        && env.getConfiguration()
            .getOptional(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER)
            .isEmpty()) {
      // While a store is away, back-pressure can hold checkpoints up until they time out. That is
      // waiting, not failure; a job that cannot checkpoint for days is something else.
      env.getCheckpointConfig().setTolerableCheckpointFailureNumber(TOLERABLE_CHECKPOINT_FAILURES);
    }
    new AtalayaTopology(config, seed(config.runtime())).build(env);
  }

  /** What Flink must know of a configuration, and what keeps the job honest about its state. */
  public static Configuration settings(RuntimeConfig runtime) {
    Configuration settings = new Configuration();
    settings.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
    settings.set(PipelineOptions.GENERIC_TYPES, false);
    // Decode, fold and what is chained to them hand on one record object again and again.
    settings.set(PipelineOptions.OBJECT_REUSE, true);
    settings.set(
        CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(runtime.checkpointMillis()));
    if (runtime.checkpointDir() != null) {
      // Flink refuses one without a scheme.
      settings.set(
          CheckpointingOptions.CHECKPOINTS_DIRECTORY, LocalPath.absolute(runtime.checkpointDir()));
      settings.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
      settings.set(
          CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
          ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    }
    return settings;
  }

  /** Drawn here, on the client, so that all subtasks have the same. */
  private static byte[] seed(RuntimeConfig runtime) {
    if (runtime.seed() != null) {
      return HexFormat.of().parseHex(runtime.seed().value());
    }
    byte[] seed = new byte[SEED_BYTES];
    new SecureRandom().nextBytes(seed);
    return seed;
  }
}
