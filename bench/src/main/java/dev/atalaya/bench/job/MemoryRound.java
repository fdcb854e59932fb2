package dev.atalaya.bench.job;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Fills a window, and measures the process while it is full. */
final class MemoryRound {

  /**
   * What a full window costs.
   *
   * @param heapBytes in use after a garbage collection
   * @param peakResidentBytes of the whole process; 0 where the system does not tell
   */
  record Cost(long heapBytes, long checkpointBytes, long peakResidentBytes) {

    String line() {
      return heapBytes + " " + checkpointBytes + " " + peakResidentBytes;
    }

    static Cost of(String line) {
      String[] words = line.split(" ");
      return new Cost(Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]));
    }
  }

  private MemoryRound() {}

  /** Arguments: variant, keys. */
  public static void main(String[] args) throws Exception {
    Fork.answer(run(MemoryVariant.valueOf(args[0]), Long.parseLong(args[1])).line());
  }

  static Cost run(MemoryVariant variant, long keys) throws Exception {
    Path checkpoints = Files.createTempDirectory("atalaya-bench-");
    Configuration settings = new Configuration();
    settings.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
    settings.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
    Probe.reset(FlowVariant.PARALLELISM);
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(settings)
                .setNumSlotsPerTaskManager(FlowVariant.PARALLELISM)
                .build());
    try {
      cluster.start();
      return measure(cluster, graph(variant, keys, settings), checkpoints, keys);
    } finally {
      cluster.close();
      Folder.delete(checkpoints);
    }
  }

  private static Cost measure(MiniCluster cluster, JobGraph graph, Path checkpoints, long keys)
      throws Exception {
    cluster.submitJob(graph).get();
    Probe.awaitEnds();
    awaitRunning(cluster, graph);
    long heap = heapAfterCollection();
    cluster.triggerCheckpoint(graph.getJobID()).get();
    Cost cost = new Cost(heap, Folder.bytes(checkpoints), peakResidentBytes());
    Probe.release();
    cluster.requestJobResult(graph.getJobID()).get();
    long counted = Probe.round(2 * keys).counted();
    if (counted != 2 * keys) {
      throw new IllegalStateException("counted " + counted + " events, not " + 2 * keys);
    }
    return cost;
  }

  /** Sources may reach their end before the last task behind them has started. */
  private static void awaitRunning(MiniCluster cluster, JobGraph graph) throws Exception {
    while (!allRunning(cluster.getExecutionGraph(graph.getJobID()).get())) {
      Thread.sleep(20);
    }
  }

  private static boolean allRunning(AccessExecutionGraph job) {
    for (AccessExecutionVertex task : job.getAllExecutionVertices()) {
      if (task.getExecutionState() != ExecutionState.RUNNING) {
        return false;
      }
    }
    return true;
  }

  private static JobGraph graph(MemoryVariant variant, long keys, Configuration settings) {
    StreamExecutionEnvironment env = FlowVariant.environment();
    env.configure(settings);
    // Only for a coordinator that can be asked; no checkpoint comes by itself in that time.
    env.enableCheckpointing(86_400_000);
    variant.build(env, keys);
    return env.getStreamGraph().getJobGraph();
  }

  static long heapAfterCollection() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  static long peakResidentBytes() throws Exception {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElse(0);
  }
}
