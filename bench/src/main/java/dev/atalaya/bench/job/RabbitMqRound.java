package dev.atalaya.bench.job;

import dev.atalaya.connectors.rabbitmq.RabbitMqSources;
import dev.atalaya.job.AtalayaJob;
import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.decode.DecodedRecord;
import dev.atalaya.job.decode.EventWatermarks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Reads queues in this process, once to warm up and once measured, each time until all events are
 * counted.
 */
final class RabbitMqRound {

  private RabbitMqRound() {}

  /** Arguments: variant, broker, queues' name, events, name of the warm-up's, its events. */
  public static void main(String[] args) throws Exception {
    RabbitMqVariant variant = RabbitMqVariant.valueOf(args[0]);
    run(variant, new RabbitMqQueues(args[1], args[4], variant.queues), Long.parseLong(args[5]));
    Round measured =
        run(variant, new RabbitMqQueues(args[1], args[2], variant.queues), Long.parseLong(args[3]));
    Fork.answer(measured.line());
  }

  static Round run(RabbitMqVariant variant, RabbitMqQueues queues, long events) throws Exception {
    Path out = Files.createTempDirectory("atalaya-bench-");
    try {
      return run(variant, queues, config(out), events);
    } finally {
      Folder.delete(out);
    }
  }

  private static JobConfig config(Path out) {
    return Questions.config(
        1,
        "1mb",
        """
        source: { kafka: { servers: "localhost:1", topics: [never-opened] } }
        sinks: [ { files: { path: "%1$s/documents" } } ]
        checkpoint: { interval: 1s, dir: "%1$s/checkpoints" }
        parallelism: %2$d
        """
            .formatted(out, FlowVariant.PARALLELISM));
  }

  private static Round run(
      RabbitMqVariant variant, RabbitMqQueues queues, JobConfig config, long events)
      throws Exception {
    CompletableFuture<Void> counted = Probe.reset(0, events);
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(AtalayaJob.settings(config.runtime()));
    env.setParallelism(config.runtime().parallelism());
    DataStream<DecodedRecord> records =
        RabbitMqSources.read(
            env,
            queues.settings(variant.id),
            new TimedDecoder(config),
            EventWatermarks.of(config.time()));
    if (variant.alerts) {
      Outcome.alerts(records, config);
    } else {
      Outcome.discard(records);
    }
    JobClient job = env.executeAsync(variant.name());
    CompletableFuture<JobExecutionResult> end = job.getJobExecutionResult();
    // The source has no end of its own: an end is a failure.
    CompletableFuture.anyOf(counted, end).get();
    job.cancel().get();
    end.handle((result, cancelled) -> result).get();
    Round round = Probe.round(events);
    if (round.counted() != events) {
      throw new IllegalStateException(
          variant + " counted " + round.counted() + " events, not " + events);
    }
    return round;
  }
}
