package dev.atalaya.job;

import dev.atalaya.capture.pcap.PcapLines;
import dev.atalaya.connectors.Document;
import dev.atalaya.connectors.DocumentSerializer;
import dev.atalaya.connectors.files.FileSinks;
import dev.atalaya.connectors.files.FileSourceSettings;
import dev.atalaya.connectors.files.FileSources;
import dev.atalaya.connectors.kafka.KafkaSinkSettings;
import dev.atalaya.connectors.kafka.KafkaSinks;
import dev.atalaya.connectors.kafka.KafkaSources;
import dev.atalaya.connectors.rabbitmq.RabbitMqSources;
import dev.atalaya.connectors.search.SearchSettings;
import dev.atalaya.connectors.search.SearchSinks;
import dev.atalaya.job.capture.CaptureSource;
import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.config.FormatConfig;
import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.config.SinkConfig;
import dev.atalaya.job.config.SourceConfig;
import dev.atalaya.job.decode.DecodedRecord;
import dev.atalaya.job.decode.EventWatermarks;
import dev.atalaya.job.decode.FieldPlan;
import dev.atalaya.job.decode.FolderWatermarks;
import dev.atalaya.job.decode.RecordDecoder;
import dev.atalaya.job.decode.Rejection;
import dev.atalaya.job.detect.Gather;
import dev.atalaya.job.detect.SliceFindings;
import dev.atalaya.job.detect.WindowFindings;
import dev.atalaya.job.fold.FoldOperator;
import dev.atalaya.job.ledger.Ledger;
import dev.atalaya.job.ledger.LedgerEntry;
import dev.atalaya.job.ledger.LedgerState;
import dev.atalaya.job.publish.ConsolePrinter;
import dev.atalaya.job.publish.Publisher;
import dev.atalaya.job.rules.ChangingRules;
import dev.atalaya.job.window.MergeAndDiff;
import dev.atalaya.job.window.Partial;
import dev.atalaya.job.window.PartialSerializer;
import dev.atalaya.job.window.SilenceAwareProcessOperator;
import dev.atalaya.sketch.KeyId;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.LocalStreamEnvironment;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * The job, top to bottom as the data flows. Every operator has a uid that never changes: state is
 * found by it.
 */
public final class AtalayaTopology {

  private final JobConfig config;
  private final byte[] seed;

  /**
   * @param seed 16 bytes that key the hashes of a first start
   */
  public AtalayaTopology(JobConfig config, byte[] seed) {
    this.config = config;
    this.seed = seed.clone();
  }

  /** The whole job, from the configured source to the configured sinks. */
  public void build(StreamExecutionEnvironment env) {
    DataStream<Document> documents = detect(read(env));
    boolean local = env instanceof LocalStreamEnvironment;
    for (SinkConfig sink : config.sinks()) {
      write(documents, sink, local && config.sinks().size() == 1);
    }
  }

  /** Source and decode in one: watermarks are of each partition, before partitions mix. */
  private DataStream<DecodedRecord> read(StreamExecutionEnvironment env) {
    RecordDecoder decoder = new RecordDecoder(config.format(), config.time(), FieldPlan.of(config));
    EventWatermarks watermarks = EventWatermarks.of(config.time());
    if (config.source() instanceof SourceConfig.RabbitMq rabbitMq) {
      return RabbitMqSources.read(env, rabbitMq.settings(), decoder, watermarks);
    }
    if (config.source() instanceof SourceConfig.Capture capture) {
      // What listens is in one process, and so there is one of it.
      return env.fromSource(
              new CaptureSource<>(capture, decoder), watermarks, "read", decoder.producedType())
          .setParallelism(1)
          .uid("read-capture")
          .name("read capture");
    }
    boolean isWatched = config.source() instanceof SourceConfig.Files && !config.source().bounded();
    return env.fromSource(
            source(decoder),
            isWatched ? new FolderWatermarks(watermarks) : watermarks,
            "read",
            decoder.producedType())
        .uid("read-" + config.source().system())
        .name("read " + config.source().system());
  }

  private Source<DecodedRecord, ?, ?> source(RecordDecoder decoder) {
    if (config.source() instanceof SourceConfig.Kafka kafka) {
      return KafkaSources.create(kafka.settings(), decoder);
    }
    FormatConfig format = config.format();
    if (config.source() instanceof SourceConfig.Packets packets) {
      return FileSources.create(
          new FileSourceSettings(
              packets.paths(),
              0,
              format.limits().maxBytes(),
              false,
              (file, name) -> new PcapLines(file)),
          decoder);
    }
    SourceConfig.Files files = (SourceConfig.Files) config.source();
    boolean quotedLines = format.kind() == FormatConfig.Kind.CSV && format.csv().multiline();
    return FileSources.create(
        new FileSourceSettings(
            files.path(), files.watchMillis(), format.limits().maxBytes(), quotedLines),
        decoder);
  }

  /**
   * From records to documents; public so that tests and benchmarks run the shipped graph.
   *
   * <p>The fold is as parallel as what it reads. So it is chained to a source of partitions, and to
   * the one reader of a single queue. Of several queues, each has its own reader, and one fold
   * reads them all: a queue gives some ten thousand messages a second, of which a fold takes a
   * million, and more folds would only mean more partials to merge. It takes the smallest watermark
   * of the queues that are not idle, as of partitions. And it is one operator however many queues
   * there are, so a queue that is added to a running job finds the seed of the hashes in its state.
   */
  public DataStream<Document> detect(DataStream<DecodedRecord> records) {
    SingleOutputStreamOperator<Partial> folded =
        records
            .transform(
                "fold",
                PartialSerializer.TYPE,
                new FoldOperator(
                    config.detectors(),
                    FieldPlan.of(config),
                    config.time().outOfOrdernessMillis(),
                    seed))
            .setParallelism(records.getParallelism())
            .uid("fold");

    DataStream<LedgerEntry> entries = folded.getSideOutput(FoldOperator.LEDGER);
    DataStream<Rejection> rejected = folded.getSideOutput(FoldOperator.REJECTED);
    DataStream<Partial> toSlices = folded;
    if (config.rules() != null) {
      ChangingRules rules = new ChangingRules(config, entries, untilSilenceIsSeen());
      toSlices = folded.union(rules.versions());
      rejected = rejected.union(rules.refused());
    }

    SingleOutputStreamOperator<SliceFindings> compared =
        toSlices
            .keyBy(
                partial -> Tuple2.of(partial.detector(), partial.slice()),
                Types.TUPLE(Types.STRING, Types.INT))
            .transform(
                "merge and diff",
                TypeInformation.of(SliceFindings.class),
                new SilenceAwareProcessOperator<>(
                    new MergeAndDiff(config.detectors(), config.rules() != null),
                    Partial::newestMillis,
                    untilSilenceIsSeen()))
            .uid("merge-and-diff");

    SingleOutputStreamOperator<WindowFindings> gathered =
        compared
            .keyBy(findings -> findings.detector, Types.STRING)
            .process(new Gather(config.detectors()))
            .returns(WindowFindings.class)
            .uid("gather")
            .name("gather");

    String source = config.source().system();
    SingleOutputStreamOperator<LedgerState> ledger =
        entries
            .union(compared.getSideOutput(MergeAndDiff.LEDGER))
            .keyBy(entry -> source, Types.STRING)
            .process(new Ledger(shortestWindow()))
            .returns(LedgerState.class)
            .setParallelism(1)
            .uid("ledger")
            .name("ledger");

    Publisher publisher = new Publisher(config);
    DataStream<Document> findings =
        gathered
            .<Document>flatMap(publisher::publish)
            .returns(DocumentSerializer.TYPE)
            .uid("publish-findings")
            .name("publish findings");
    DataStream<Document> accounts =
        ledger
            .<Document>flatMap(publisher::publish)
            .returns(DocumentSerializer.TYPE)
            .setParallelism(1)
            .uid("publish-ledger")
            .name("publish ledger");
    DataStream<Document> deadLetters =
        rejected
            .<Document>flatMap(publisher::publish)
            .returns(DocumentSerializer.TYPE)
            .uid("publish-dead-letters")
            .name("publish dead letters");
    return findings.union(accounts, deadLetters);
  }

  /** From the newest event to the end of the empty window behind its own. */
  private long untilSilenceIsSeen() {
    return config.detectors().stream()
        .mapToLong(detector -> 2 * detector.windowMillis() + detector.latenessMillis())
        .max()
        .orElseThrow();
  }

  private long shortestWindow() {
    return config.detectors().stream().mapToLong(DetectorConfig::windowMillis).min().orElseThrow();
  }

  private static void write(DataStream<Document> documents, SinkConfig sink, boolean needed) {
    if (sink instanceof SinkConfig.Files files) {
      documents
          .sinkTo(FileSinks.create(files.settings()))
          // By where it writes: the state of one sink must never go to another.
          .uid("sink-files-" + digest(files.settings().path()))
          .name("write files");
      return;
    }
    if (sink instanceof SinkConfig.Kafka kafka) {
      documents
          .sinkTo(KafkaSinks.create(kafka.settings()))
          .uid("sink-kafka-" + digest(identity(kafka.settings())))
          .name("write kafka");
      return;
    }
    if (sink instanceof SinkConfig.Search search) {
      documents
          .sinkTo(SearchSinks.create(search.settings()))
          .uid("sink-search-" + digest(identity(search.settings())))
          .name("write " + search.system());
      return;
    }
    documents
        .process(new ConsolePrinter((SinkConfig.Console) sink, needed))
        .returns(DocumentSerializer.TYPE)
        .setParallelism(1)
        .uid("sink-console-print")
        .name("print")
        .sinkTo(new DiscardingSink<>())
        .setParallelism(1)
        .uid("sink-console")
        .name("printed");
  }

  /** Of the open transactions in its state; brokers may move, so their names are no part of it. */
  private static String identity(KafkaSinkSettings settings) {
    return settings.transactionPrefix() != null
        ? settings.transactionPrefix()
        : String.join(" ", settings.alerts(), settings.reports(), settings.deadLetters());
  }

  /** Of the documents in its state; stores may move. */
  private static String identity(SearchSettings settings) {
    return String.join(" ", settings.alerts(), settings.reports(), settings.deadLetters());
  }

  private static String digest(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return KeyId.hex128(bytes, 0, bytes.length).substring(0, 8);
  }
}
