package dev.atalaya.bench.job;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atalaya.connectors.kafka.KafkaSources;
import dev.atalaya.job.AtalayaJob;
import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.config.SourceConfig;
import dev.atalaya.job.decode.DecodedRecord;
import dev.atalaya.job.decode.EventWatermarks;
import dev.atalaya.job.decode.FieldPlan;
import dev.atalaya.job.decode.RecordDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.flink.api.connector.source.Source;
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
      return run(variant, config(variant, servers, topic, out), out, events);
    } finally {
      Folder.delete(out);
    }
  }

  private static JobConfig config(KafkaVariant variant, String servers, String topic, Path out) {
    return Questions.config(
        variant.detectors,
        "1mb",
        "source: { kafka: { servers: \"%s\", topics: [%s], start: earliest, end: latest } }\n"
                .formatted(servers, topic)
            + "sinks: [ { files: { path: \"%s\" } } ]\n".formatted(out)
            + "parallelism: %d\n".formatted(FlowVariant.PARALLELISM));
  }

  private static Round run(KafkaVariant variant, JobConfig config, Path out, long events)
      throws Exception {
    Probe.reset(0);
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(AtalayaJob.settings(config.runtime()));
    if (variant.alerts) {
      AtalayaJob.build(env, config);
    } else {
      discard(env, config);
    }
    // The end of a topic is asked for when the job starts, so its start is part of the run.
    Probe.started();
    env.execute(variant.name());
    long counted =
        variant.alerts ? eventsInReports(out) / variant.detectors : Probe.round(events).counted();
    if (counted != events) {
      throw new IllegalStateException(variant + " counted " + counted + " events of " + events);
    }
    return Probe.round(events);
  }

  private static void discard(StreamExecutionEnvironment env, JobConfig config) {
    env.setParallelism(config.runtime().parallelism());
    RecordDecoder decoder = new RecordDecoder(config.format(), config.time(), FieldPlan.of(config));
    Source<DecodedRecord, ?, ?> source =
        KafkaSources.create(((SourceConfig.Kafka) config.source()).settings(), decoder);
    env.fromSource(source, EventWatermarks.of(config.time()), "read", decoder.producedType())
        .uid("read")
        .sinkTo(new TallySink<>(record -> record.kind() == DecodedRecord.Kind.EVENT ? 1 : 0))
        .uid("sink");
  }

  private static long eventsInReports(Path out) throws IOException {
    long events = 0;
    try (Stream<Path> files = Files.walk(out.resolve("reports"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        for (String line : Files.readAllLines(file)) {
          JsonNode report = Json.MAPPER.readTree(line);
          if (!report.at("/rule/id").isMissingNode() || report.has("rule.id")) {
            events += report.at("/Atalaya/events").asLong();
          }
        }
      }
    }
    return events;
  }
}
