package dev.atalaya.bench.job;

import dev.atalaya.connectors.kafka.KafkaSources;
import dev.atalaya.job.AtalayaJob;
import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.config.SourceConfig;
import dev.atalaya.job.decode.DecodedRecord;
import dev.atalaya.job.decode.EventWatermarks;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Reads a topic to its end in this process, once to warm up and once measured. */
final class KafkaRound {

  private KafkaRound() {}

  /** Arguments: variant, servers, topic, its events, topic of the warm-up, its events. */
  public static void main(String[] args) throws Exception {
    KafkaVariant variant = KafkaVariant.valueOf(args[0]);
    run(variant, args[1], args[4], Long.parseLong(args[5]));
    Fork.answer(run(variant, args[1], args[2], Long.parseLong(args[3])).line());
  }

  static Round run(KafkaVariant variant, String servers, String topic, long events)
      throws Exception {
    Path out = Files.createTempDirectory("atalaya-bench-");
    try {
      return run(variant, config(variant, servers, topic, out), events);
    } finally {
      Folder.delete(out);
    }
  }

  private static JobConfig config(KafkaVariant variant, String servers, String topic, Path out) {
    return variant.config(
        """
        source: { kafka: { servers: "%1$s", topics: [%2$s], start: earliest, end: latest } }
        sinks: [ { files: { path: "%3$s/documents" } } ]
        checkpoint: { dir: "%3$s/checkpoints" }
        parallelism: %4$d
        """
            .formatted(servers, topic, out, FlowVariant.PARALLELISM));
  }

  private static Round run(KafkaVariant variant, JobConfig config, long events) throws Exception {
    Probe.reset(0);
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(AtalayaJob.settings(config.runtime()));
    env.setParallelism(config.runtime().parallelism());
    DataStream<DecodedRecord> records = read(env, config);
    if (variant.alerts) {
      Outcome.alerts(records, config);
    } else {
      Outcome.discard(records);
    }
    env.execute(variant.name());
    Round round = Probe.round(events);
    long expected = variant.alerts ? events * variant.detectors : events;
    if (round.counted() != expected) {
      throw new IllegalStateException(
          variant + " counted " + round.counted() + " events, not " + expected);
    }
    return round;
  }

  /** As the job reads. */
  private static DataStream<DecodedRecord> read(StreamExecutionEnvironment env, JobConfig config) {
    TimedDecoder decoder = new TimedDecoder(config);
    Source<DecodedRecord, ?, ?> source =
        KafkaSources.create(((SourceConfig.Kafka) config.source()).settings(), decoder);
    return env.fromSource(source, EventWatermarks.of(config.time()), "read", decoder.producedType())
        .uid("read");
  }
}
