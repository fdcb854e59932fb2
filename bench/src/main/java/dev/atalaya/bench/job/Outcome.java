package dev.atalaya.bench.job;

import dev.atalaya.connectors.Document;
import dev.atalaya.connectors.files.FileSinks;
import dev.atalaya.job.AtalayaTopology;
import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.config.SinkConfig;
import dev.atalaya.job.decode.DecodedRecord;
import java.util.HexFormat;
import org.apache.flink.streaming.api.datastream.DataStream;

/** What becomes of decoded records; either way the {@link Probe} learns how many there were. */
final class Outcome {

  /** Looking at the clock for each event would be a good part of its cost. */
  static final int EVENTS_PER_LOOK = 1000;

  private Outcome() {}

  /** Drops them. */
  static void discard(DataStream<DecodedRecord> records) {
    records
        .sinkTo(
            new TallySink<>(
                record -> record.kind() == DecodedRecord.Kind.EVENT ? 1 : 0, EVENTS_PER_LOOK))
        .setParallelism(records.getParallelism())
        .uid("sink");
  }

  /** The shipped graph behind the source, into files. */
  static void alerts(DataStream<DecodedRecord> records, JobConfig config) {
    byte[] seed = HexFormat.of().parseHex(config.runtime().seed().value());
    DataStream<Document> documents = new AtalayaTopology(config, seed).detect(records);
    documents
        .sinkTo(FileSinks.create(((SinkConfig.Files) config.sinks().get(0)).settings()))
        .uid("files");
    documents.sinkTo(new TallySink<>(Questions::eventsOf, 1)).uid("tally");
  }
}
