package dev.atalaya.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.fixtures.FlinkCluster;
import dev.atalaya.fixtures.KafkaBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The jar as it is shipped, on a cluster of processes: what {@code docs/operations.md} says to type
 * is typed here, and TaskManagers are killed meanwhile.
 */
class ClusterIT {

  private static final Path JAR = Path.of("target/atalaya-job-0.1.0-cluster.jar").toAbsolutePath();
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final FlowStream flows = new FlowStream(60_000, 180, 7);

  @TempDir Path work;

  @Test
  void killsStopsAndAnotherParallelismDoNotShowInTheOutput() throws Exception {
    try (KafkaBroker broker = KafkaBroker.start();
        FlinkCluster cluster = FlinkCluster.start(2)) {
      flows.produceFirstHalfTo(broker);
      String job = submit(cluster, broker, "disturbed", "start: earliest", "-p", "2");
      broker.awaitCommitted("disturbed", 1, PATIENCE);
      cluster.killTaskManager(cluster.taskManagerOf(job));
      cluster.awaitRestarts(job, 1);
      cluster.startTaskManager();
      broker.awaitCommitted("disturbed", flows.received() / 2, PATIENCE);
      cluster.awaitAllTasksRunning(job);
      assertThat(cluster.flink("list")).contains(job + " : disturbed (RUNNING)");

      Path savepoints = work.resolve("savepoints");
      String stopped = cluster.flink("stop", "--savepointPath", savepoints.toString(), job);
      assertThat(stopped).contains("Savepoint completed. Path: file:" + savepoints);
      cluster.awaitState(job, "FINISHED");

      flows.produceSecondHalfTo(broker);
      job = submit(cluster, broker, "disturbed", "start: earliest", "-p", "3", "-s", path(stopped));
      broker.awaitCommitted("disturbed", flows.received(), PATIENCE);
      String savepoint = cluster.savepoint(job);
      assertThat(cluster.flink("cancel", job)).contains("Cancelled job " + job + ".");
      cluster.awaitState(job, "CANCELED");

      job = submit(cluster, broker, "disturbed", "start: earliest", "-p", "1", "-s", savepoint);
      cluster.drain(job, savepoints);

      String undisturbed = submit(cluster, broker, "undisturbed", "end: latest", "-p", "2");
      cluster.awaitState(undisturbed, "FINISHED");
      Accounts.assertSame(exactLines("disturbed"), exactLines("undisturbed"));
    }
  }

  @Test
  void theJarHoldsWhatAClusterLacksAndNothingOfWhatItHas() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      List<String> entries = jar.stream().map(JarEntry::getName).toList();
      assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class"))
          .isEqualTo("dev.atalaya.job.cli.Main");
      assertThat(entries)
          .contains(
              "dev/atalaya/job/AtalayaJob.class",
              "dev/atalaya/sketch/HeavyKeySketch.class",
              "org/apache/kafka/clients/consumer/KafkaConsumer.class",
              "org/apache/flink/connector/kafka/source/KafkaSource.class",
              "com/fasterxml/jackson/core/JsonFactory.class",
              "com/fasterxml/jackson/dataformat/yaml/YAMLFactory.class",
              "picocli/CommandLine.class")
          .doesNotHaveDuplicates();
      assertThat(entries)
          .noneMatch(entry -> entry.startsWith("org/apache/flink/streaming/api/environment/"))
          .noneMatch(entry -> entry.startsWith("org/apache/flink/runtime/"))
          .noneMatch(entry -> entry.startsWith("org/apache/flink/api/"))
          .noneMatch(entry -> entry.startsWith("org/apache/flink/configuration/"))
          .noneMatch(entry -> entry.startsWith("org/apache/logging/log4j/"))
          .noneMatch(entry -> entry.startsWith("org/slf4j/"))
          .noneMatch(entry -> entry.startsWith("org/junit/"))
          .noneMatch(entry -> entry.startsWith("org/eclipse/jetty/"))
          .noneMatch(entry -> entry.contains("webjars"))
          .noneMatch(entry -> entry.startsWith("dev/atalaya/dashboard/"))
          .noneMatch(entry -> entry.startsWith("dev/atalaya/fixtures/"));
    }
  }

  private String submit(
      FlinkCluster cluster, KafkaBroker broker, String name, String read, String... runOptions)
      throws IOException {
    Path config = work.resolve(name + ".yaml");
    Files.writeString(
        config,
        FlowStream.yaml(
            broker,
            name,
            read,
            work.resolve(name),
            "5m",
            "name: " + name,
            // While the second half is held back, the wall clock must not close a window.
            "time: { field: ts, unit: ms, out-of-orderness: 2s, idle: 1h }",
            "window: 10s",
            "checkpoint: { interval: 500ms, dir: \""
                + work.resolve(name + "-checkpoints")
                + "\" }"));
    return cluster.submit(List.of(runOptions), JAR, "run", config.toString());
  }

  private static String path(String output) {
    return output.substring(output.indexOf("Path: ") + "Path: ".length()).lines().findFirst().get();
  }

  private List<String> exactLines(String name) throws IOException {
    OutputFiles output = OutputFiles.read(work.resolve(name));
    Accounts.assertExact(flows, output);
    return output.sortedLines();
  }
}
