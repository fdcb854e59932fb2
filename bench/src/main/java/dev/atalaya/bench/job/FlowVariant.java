package dev.atalaya.bench.job;

import dev.atalaya.job.AtalayaTopology;
import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.decode.DecodedRecord;
import dev.atalaya.job.decode.DecodedRecordSerializer;
import dev.atalaya.job.decode.EventWatermarks;
import dev.atalaya.job.decode.FieldPlan;
import java.time.Duration;
import java.util.HexFormat;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.logical.RowType;

/** The same flow events, from the same source, into one consumer or another. */
enum FlowVariant {
  DISCARD("generator → discard") {
    @Override
    void build(StreamExecutionEnvironment env, Size size) {
      flows(env, size, new FlowMakers.AsFlow(), Types.POJO(Flow.class))
          .sinkTo(new TallySink<>(flow -> flow.src == null ? 0 : 1))
          .uid("sink");
    }
  },
  COUNT("`keyBy(String)`, tumbling count") {
    @Override
    void build(StreamExecutionEnvironment env, Size size) {
      count(
          flows(env, size, new FlowMakers.AsFlow(), Types.POJO(Flow.class))
              .map(flow -> flow.src)
              .returns(Types.STRING),
          Types.STRING);
    }
  },
  COUNT_NUMBERS("`keyBy(long)`, tumbling count") {
    @Override
    void build(StreamExecutionEnvironment env, Size size) {
      count(
          flows(env, size, new FlowMakers.AsFlow(), Types.POJO(Flow.class))
              .map(flow -> flow.srcNumber)
              .returns(Types.LONG),
          Types.LONG);
    }
  },
  SQL("Flink SQL, tumbling top 100") {
    @Override
    void build(StreamExecutionEnvironment env, Size size) {
      sql(env, size);
    }
  },
  ATALAYA_1("Atalaya, 1 detector") {
    @Override
    void build(StreamExecutionEnvironment env, Size size) {
      atalaya(env, size, 1);
    }
  },
  ATALAYA_4("Atalaya, 4 detectors") {
    @Override
    void build(StreamExecutionEnvironment env, Size size) {
      atalaya(env, size, 4);
    }

    @Override
    int timesCounted() {
      return 4;
    }
  };

  static final int PARALLELISM = 2;

  /**
   * How much a run is.
   *
   * @param memory of a sketch
   */
  record Size(long events, String memory, boolean holds) {}

  /** A source and sinks that are never opened. */
  static final String NOWHERE =
      """
      source: { kafka: { servers: "localhost:1", topics: [flows] } }
      sinks: [ { console: {} } ]
      """;

  private static final Duration OUT_OF_ORDERNESS = Duration.ofSeconds(2);
  private static final Duration WINDOW = Duration.ofSeconds(10);

  final String label;

  FlowVariant(String label) {
    this.label = label;
  }

  abstract void build(StreamExecutionEnvironment env, Size size);

  /** How many results speak of one event. */
  int timesCounted() {
    return 1;
  }

  /** Settings in favour of all: no copies between chained operators, memory for SQL's operators. */
  static StreamExecutionEnvironment environment() {
    Configuration settings = new Configuration();
    settings.set(PipelineOptions.OBJECT_REUSE, true);
    settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(512));
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(PARALLELISM, settings);
    return env;
  }

  private static <T> SingleOutputStreamOperator<T> source(
      StreamExecutionEnvironment env,
      Size size,
      EventMaker<T> maker,
      WatermarkStrategy<T> watermarks,
      TypeInformation<T> type) {
    return env.fromSource(
            new GeneratorSource<>(size.events(), maker, size.holds()), watermarks, "generate", type)
        .uid("generate");
  }

  static SingleOutputStreamOperator<Flow> flows(
      StreamExecutionEnvironment env,
      Size size,
      EventMaker<Flow> maker,
      TypeInformation<Flow> type) {
    return source(
        env,
        size,
        maker,
        WatermarkStrategy.<Flow>forBoundedOutOfOrderness(OUT_OF_ORDERNESS)
            .withTimestampAssigner((flow, before) -> flow.millis),
        type);
  }

  /** Only the key crosses the network, and only a number is kept for it. */
  static <K> void count(DataStream<K> keys, TypeInformation<K> type) {
    keys.keyBy(key -> key, type)
        .window(TumblingEventTimeWindows.of(WINDOW))
        .aggregate(new Count<>(), Types.LONG, Types.LONG)
        .uid("count")
        .sinkTo(new TallySink<>(count -> count))
        .uid("sink");
  }

  private static final class Count<K> implements AggregateFunction<K, Long, Long> {
    @Override
    public Long createAccumulator() {
      return 0L;
    }

    @Override
    public Long add(K key, Long count) {
      return count + 1;
    }

    @Override
    public Long getResult(Long count) {
      return count;
    }

    @Override
    public Long merge(Long count, Long other) {
      return count + other;
    }
  }

  static void atalaya(
      StreamExecutionEnvironment env,
      Size size,
      JobConfig config,
      EventMaker<DecodedRecord> maker) {
    DataStream<DecodedRecord> records =
        source(env, size, maker, EventWatermarks.of(config.time()), DecodedRecordSerializer.TYPE);
    byte[] seed = HexFormat.of().parseHex(config.runtime().seed().value());
    new AtalayaTopology(config, seed)
        .detect(records)
        .sinkTo(new TallySink<>(Questions::eventsOf))
        .uid("sink");
  }

  /** The graph is the shipped one behind the source. */
  static void atalaya(StreamExecutionEnvironment env, Size size, int detectors) {
    JobConfig config = config(detectors, size.memory());
    atalaya(env, size, config, new FlowMakers.AsRecord(FieldPlan.of(config)));
  }

  static JobConfig config(int detectors, String memory) {
    return Questions.config(detectors, memory, NOWHERE);
  }

  static void sql(StreamExecutionEnvironment env, Size size) {
    StreamTableEnvironment tables = StreamTableEnvironment.create(env);
    RowType row =
        (RowType)
            DataTypes.ROW(
                    DataTypes.FIELD("ts", DataTypes.TIMESTAMP_LTZ(3)),
                    DataTypes.FIELD("src", DataTypes.STRING()))
                .getLogicalType();
    DataStream<RowData> rows =
        source(
            env,
            size,
            new FlowMakers.AsRow(),
            WatermarkStrategy.<RowData>forBoundedOutOfOrderness(OUT_OF_ORDERNESS)
                .withTimestampAssigner((flow, before) -> flow.getTimestamp(0, 3).getMillisecond()),
            InternalTypeInfo.of(row));
    tables.createTemporaryView(
        "flows",
        rows,
        Schema.newBuilder()
            .column("ts", DataTypes.TIMESTAMP_LTZ(3))
            .column("src", DataTypes.STRING())
            .watermark("ts", "SOURCE_WATERMARK()")
            .build());
    tables
        .toDataStream(
            tables.sqlQuery(
                """
                SELECT src, events, top FROM (
                  SELECT *, ROW_NUMBER() OVER (
                      PARTITION BY window_start, window_end ORDER BY events DESC) AS top
                  FROM (
                    SELECT window_start, window_end, src, COUNT(*) AS events
                    FROM TABLE(TUMBLE(TABLE flows, DESCRIPTOR(ts), INTERVAL '10' SECOND))
                    GROUP BY window_start, window_end, src))
                WHERE top <= 100
                """))
        .sinkTo(new TallySink<>(top -> (Long) top.getField(1)))
        .uid("sink");
  }
}
