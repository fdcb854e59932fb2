package dev.atalaya.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atalaya.connectors.rabbitmq.RabbitMqSources;
import dev.atalaya.fixtures.RabbitMqBroker;
import dev.atalaya.fixtures.RabbitMqBroker.Message;
import dev.atalaya.job.config.ConfigLoader;
import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.config.SourceConfig;
import dev.atalaya.job.decode.DecodedRecord;
import dev.atalaya.job.decode.FieldPlan;
import dev.atalaya.job.decode.RecordDecoder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.core.execution.CheckpointType;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.CommonTestUtils;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nothing but undecodable messages for longer than the prefetch, and how long those behind them
 * wait: checkpoints are taken by hand, so that they can be counted.
 */
@SuppressWarnings(
    "try") // closing a MiniCluster may be interrupted, and then the test is over anyway
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class UndecodableFloodIT {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String QUEUE = "flood";
  private static final int PREFETCH = 200;
  private static final int BAD_PREFETCHES = 5;
  private static final int GOOD = 10;

  private static final Queue<DecodedRecord.Kind> SEEN = new ConcurrentLinkedQueue<>();

  @TempDir Path work;

  @Test
  void goodMessagesBehindThemComeWithTheNextCheckpoint() throws Exception {
    try (RabbitMqBroker broker = RabbitMqBroker.start();
        MiniCluster cluster = TestRuns.cluster(1)) {
      broker.declareQueue(QUEUE, Map.of());
      publish(broker, BAD_PREFETCHES * PREFETCH, "{\"ts\":17");
      publish(broker, GOOD, "{\"ts\":1714557600000,\"src\":\"10.0.0.1\"}");
      JobID job = start(cluster, broker);
      CommonTestUtils.waitForAllTaskRunning(cluster, job, false);

      for (int batch = 1; batch <= BAD_PREFETCHES; batch++) {
        awaitSeen(batch * PREFETCH);
        // The broker gives no more than the prefetch.
        assertThat(SEEN).hasSize(batch * PREFETCH).containsOnly(DecodedRecord.Kind.REJECTED);
        cluster.triggerCheckpoint(job, CheckpointType.FULL).get();
      }
      // One checkpoint lies between the last bad message and the first good one.
      awaitSeen(BAD_PREFETCHES * PREFETCH + GOOD);
      assertThat(SEEN.stream().filter(DecodedRecord.Kind.EVENT::equals)).hasSize(GOOD);
      cluster.triggerCheckpoint(job, CheckpointType.FULL).get();
      await("acknowledgement")
          .atMost(PATIENCE)
          .until(() -> broker.ready(QUEUE) == 0 && broker.unacked(QUEUE) == 0);
      TestRuns.cancel(cluster, job);
    }
  }

  private static void publish(RabbitMqBroker broker, int count, String body) {
    broker.publish(QUEUE, Collections.nCopies(count, Message.withoutId(body)));
  }

  private static void awaitSeen(int count) {
    await(count + " messages").atMost(PATIENCE).until(() -> SEEN.size() >= count);
  }

  /** The source with the shipped decoder; no checkpoint comes by itself before the test's end. */
  private JobID start(MiniCluster cluster, RabbitMqBroker broker) throws Exception {
    JobConfig config =
        ConfigLoader.parse(
            """
            source:
              rabbitmq: { servers: "127.0.0.1:%d", username: %s, password: %s, queues: [%s], prefetch: %d }
            format: { json: {} }
            time: { field: ts, unit: ms }
            checkpoint: { interval: 14m, dir: "%s" }
            detectors:
              - { name: sources, key: [src], hitters: { count: 1 } }
            """
                .formatted(
                    broker.port(),
                    broker.username(),
                    broker.password(),
                    QUEUE,
                    PREFETCH,
                    work.resolve("checkpoints")),
            "test.yaml",
            Map.of());
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(AtalayaJob.settings(config.runtime()));
    env.setParallelism(1);
    RabbitMqSources.read(
            env,
            ((SourceConfig.RabbitMq) config.source()).settings(),
            new RecordDecoder(config.format(), config.time(), FieldPlan.of(config)),
            WatermarkStrategy.noWatermarks())
        .map(
            record -> {
              SEEN.add(record.kind());
              return record.kind().name();
            })
        .returns(Types.STRING)
        .uid("note")
        .sinkTo(new DiscardingSink<>())
        .uid("discard");
    return cluster.submitJob(env.getStreamGraph().getJobGraph()).get().getJobID();
  }
}
