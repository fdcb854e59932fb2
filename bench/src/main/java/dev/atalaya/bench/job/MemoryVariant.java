package dev.atalaya.bench.job;

import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.decode.DecodedRecord;
import dev.atalaya.job.decode.FieldPlan;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Who holds a window of very many keys, and the heap it is given for that. */
enum MemoryVariant {
  COUNT("`keyBy(String)`, tumbling count, on heap", "10g", null),
  ATALAYA_1MB("Atalaya, 1 detector, `memory: 1mb`", "1g", "1mb"),
  ATALAYA_16MB("Atalaya, 1 detector, `memory: 16mb`", "1g", "16mb");

  final String label;
  final String heap;
  private final String memory;

  MemoryVariant(String label, String heap, String memory) {
    this.label = label;
    this.heap = heap;
    this.memory = memory;
  }

  void build(StreamExecutionEnvironment env, long keys) {
    FlowVariant.Size size = new FlowVariant.Size(2 * keys, memory, true);
    if (this == COUNT) {
      FlowVariant.count(
          FlowVariant.flows(env, size, new DistinctFlows(keys), Types.POJO(Flow.class))
              .map(flow -> flow.src)
              .returns(Types.STRING),
          Types.STRING);
    } else {
      JobConfig config = FlowVariant.config(1, memory);
      FlowVariant.atalaya(env, size, config, new DistinctRecords(FieldPlan.of(config), keys));
    }
  }

  /** Two windows, and in each every key once. */
  private static String key(long event, long keys) {
    return Flows.address((int) (0x0a000000 + event % keys));
  }

  private static long millis(long event, long keys) {
    // The last event comes two milliseconds before its window ends, so that none ever closes it.
    return Flows.START_MILLIS + event / keys * 10_000 + event % keys * 9_998 / keys;
  }

  private static final class DistinctFlows implements EventMaker<Flow> {
    private final long keys;
    private final Flow flow = new Flow();

    DistinctFlows(long keys) {
      this.keys = keys;
    }

    @Override
    public Flow make(long event) {
      flow.millis = millis(event, keys);
      flow.src = key(event, keys);
      return flow;
    }
  }

  private static final class DistinctRecords implements EventMaker<DecodedRecord> {
    private final FieldPlan plan;
    private final long keys;
    private transient DecodedRecord record;

    DistinctRecords(FieldPlan plan, long keys) {
      this.plan = plan;
      this.keys = keys;
    }

    @Override
    public void open() {
      record = plan.newRecord();
    }

    @Override
    public DecodedRecord make(long event) {
      byte[] key = key(event, keys).getBytes(StandardCharsets.US_ASCII);
      record.clear();
      record.timestampMillis(millis(event, keys));
      record.text(0, key, 0, key.length);
      return record;
    }
  }
}
