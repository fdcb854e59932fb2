package dev.atalaya.job.ledger;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Adds up the entries of one source in keyed state, so that the account survives failures exactly,
 * and publishes it once per period of event time in which something was entered, and at the end.
 * Keyed by source.
 */
public final class Ledger extends KeyedProcessFunction<String, LedgerEntry, LedgerState> {

  private final long periodMillis;

  private transient ValueState<LedgerState> account;

  public Ledger(long periodMillis) {
    this.periodMillis = periodMillis;
  }

  @Override
  public void open(OpenContext context) {
    account =
        getRuntimeContext()
            .getState(new ValueStateDescriptor<>("account", TypeInformation.of(LedgerState.class)));
  }

  @Override
  public void processElement(LedgerEntry entry, Context context, Collector<LedgerState> out)
      throws Exception {
    LedgerState state = account.value();
    if (state == null) {
      state = new LedgerState();
      state.source = context.getCurrentKey();
    }
    state.add(entry);
    account.update(state);
    context.timerService().registerEventTimeTimer(Long.MAX_VALUE);
    context.timerService().registerEventTimeTimer(due(context.timerService().currentWatermark()));
  }

  /** The end of the running period; of what came before any watermark, the first one. */
  private long due(long watermark) {
    if (watermark == Long.MIN_VALUE) {
      return Long.MIN_VALUE + 1;
    }
    return watermark > Long.MAX_VALUE - periodMillis
        ? Long.MAX_VALUE
        : Math.floorDiv(watermark, periodMillis) * periodMillis + periodMillis;
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<LedgerState> out)
      throws Exception {
    LedgerState state = account.value();
    if (!state.changed) {
      return;
    }
    out.collect(state);
    state.changed = false;
    state.revision++;
    account.update(state);
  }
}
