package dev.atalaya.bench.job;

import dev.atalaya.job.decode.DecodedRecord;
import dev.atalaya.job.decode.FieldPlan;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;

/**
 * The {@link Flows} in the form each engine likes best; none allocates per event but SQL's time.
 */
final class FlowMakers {

  private FlowMakers() {}

  static final class AsFlow implements EventMaker<Flow> {
    private transient Flows flows;
    private transient String[] sources;
    private transient Flow flow;

    @Override
    public void open() {
      flows = Flows.get();
      sources = flows.sourceStrings();
      flow = new Flow();
    }

    @Override
    public Flow make(long event) {
      flow.millis = Flows.millis(event);
      flow.src = sources[Flows.indexOf(event)];
      flow.srcNumber = flows.source(event);
      flow.dport = flows.port(event);
      flow.bytes = flows.bytes(event);
      return flow;
    }
  }

  /** With the fields of a plan, as decode fills them. */
  static final class AsRecord implements EventMaker<DecodedRecord> {
    private final FieldPlan plan;
    private transient Flows flows;
    private transient DecodedRecord record;
    private transient int src;
    private transient int dst;
    private transient int dport;
    private transient int bytes;

    AsRecord(FieldPlan plan) {
      this.plan = plan;
    }

    @Override
    public void open() {
      flows = Flows.get();
      record = plan.newRecord();
      src = plan.textSlot("src");
      dst = plan.textSlot("dst");
      dport = plan.textSlot("dport");
      bytes = plan.numberSlot("bytes");
    }

    @Override
    public DecodedRecord make(long event) {
      record.clear();
      record.timestampMillis(Flows.millis(event));
      byte[] text = flows.text();
      int start = flows.textStart(event);
      int length = flows.sourceLength(event);
      if (src >= 0) {
        record.text(src, text, start, length);
      }
      start += length;
      length = flows.destinationLength(event);
      if (dst >= 0) {
        record.text(dst, text, start, length);
      }
      if (dport >= 0) {
        start += length;
        record.text(dport, text, start, flows.textEnd(event) - start);
      }
      if (bytes >= 0) {
        record.number(bytes, flows.bytes(event));
      }
      return record;
    }
  }

  /** SQL's own form of a row, so that it need not convert. */
  static final class AsRow implements EventMaker<RowData> {
    private transient Flows flows;
    private transient StringData[] sources;
    private transient GenericRowData row;

    @Override
    public void open() {
      flows = Flows.get();
      sources = new StringData[flows.sources.starts.length - 1];
      for (int i = 0; i < sources.length; i++) {
        int start = flows.sources.starts[i];
        sources[i] = StringData.fromBytes(flows.sources.text, start, flows.sources.length(i));
      }
      row = new GenericRowData(2);
    }

    @Override
    public RowData make(long event) {
      row.setField(0, TimestampData.fromEpochMillis(Flows.millis(event)));
      row.setField(1, sources[flows.source(event)]);
      return row;
    }
  }
}
