package dev.atalaya.job.fold;

import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.decode.DecodedRecord;
import dev.atalaya.job.decode.FieldPlan;
import dev.atalaya.job.decode.Rejection;
import dev.atalaya.job.ledger.LedgerEntry;
import dev.atalaya.job.window.Partial;
import dev.atalaya.job.window.WindowSketch;
import dev.atalaya.sketch.KeyHash;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.util.OutputTag;

/**
 * Folds each event into the partial sketches of its windows, one for each detector, in the heap of
 * the task that decoded it; nothing crosses the network per event.
 *
 * <p>Partials leave when the watermark passes their window's end, when the input falls silent, and
 * before every checkpoint barrier, and are then forgotten. So nothing has to be kept across a
 * checkpoint but the seed of the hashes, and exactly-once, rescaling and state backends are the
 * business of the keyed operator behind. (Flink SQL's local-global aggregation, with sketches.)
 */
public final class FoldOperator extends AbstractStreamOperator<Partial>
    implements OneInputStreamOperator<DecodedRecord, Partial> {

  public static final OutputTag<Rejection> REJECTED = new OutputTag<>("rejected") {};
  public static final OutputTag<LedgerEntry> LEDGER = new OutputTag<>("fold-ledger") {};

  private static final String SEED = "seed";

  private final List<DetectorConfig> detectors;
  private final FieldPlan plan;
  private final long outOfOrdernessMillis;

  /** The seed of a first start; state of an earlier run overrides it. */
  private byte[] seed;

  private transient KeyFold[] folds;
  private transient StreamRecord<Partial> outgoing;
  private transient FoldTally tally;

  /**
   * @param outOfOrdernessMillis of the stream
   * @param seed 16 bytes that key the hashes, the same on all subtasks
   */
  public FoldOperator(
      List<DetectorConfig> detectors, FieldPlan plan, long outOfOrdernessMillis, byte[] seed) {
    this.outOfOrdernessMillis = outOfOrdernessMillis;
    this.detectors = List.copyOf(detectors);
    this.plan = plan;
    this.seed = seed.clone();
    chainingStrategy = ChainingStrategy.ALWAYS;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    // Broadcast, the same on all subtasks: unlike a union list it does not hold up the checkpoints
    // of a bounded input of which some subtasks have already seen the end.
    BroadcastState<String, byte[]> seedState =
        context
            .getOperatorStateStore()
            .getBroadcastState(
                new MapStateDescriptor<>(
                    "hash-seed",
                    Types.STRING,
                    PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
    byte[] restored = seedState.get(SEED);
    if (restored != null) {
      seed = restored;
    }
    seedState.put(SEED, seed);
  }

  @Override
  public void open() throws Exception {
    super.open();
    outgoing = new StreamRecord<>(null);
    tally = new FoldTally(getMetricGroup());
    KeyHash hash = KeyHash.of(seed);
    Map<List<String>, List<DetectorConfig>> byKey = new LinkedHashMap<>();
    for (DetectorConfig detector : detectors) {
      byKey.computeIfAbsent(detector.key(), key -> new ArrayList<>()).add(detector);
    }
    folds =
        byKey.values().stream()
            .map(sameKey -> new KeyFold(sameKey, plan, hash, outOfOrdernessMillis, this::emit))
            .toArray(KeyFold[]::new);
  }

  @Override
  public void processElement(StreamRecord<DecodedRecord> element) {
    DecodedRecord decoded = element.getValue();
    tally.count(decoded);
    switch (decoded.kind()) {
      case EVENT -> {
        for (KeyFold fold : folds) {
          fold.fold(decoded);
        }
      }
      case SKEWED, DUPLICATE -> {}
      case REJECTED -> output.collect(REJECTED, new StreamRecord<>(decoded.rejection()));
    }
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    flush(mark.getTimestamp());
    flushTally();
    super.processWatermark(mark);
  }

  @Override
  public void processWatermarkStatus(WatermarkStatus status) throws Exception {
    if (status.isIdle()) {
      flushAll();
    }
    super.processWatermarkStatus(status);
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    flushAll();
  }

  @Override
  public void finish() throws Exception {
    flushAll();
    super.finish();
  }

  private void flushAll() {
    flush(Long.MAX_VALUE);
    flushTally();
  }

  private void flush(long watermark) {
    for (KeyFold fold : folds) {
      fold.flushUpTo(watermark);
    }
  }

  private void flushTally() {
    tally.drainTo(entry -> output.collect(LEDGER, new StreamRecord<>(entry)));
  }

  private void emit(String detector, int slice, WindowSketch part) {
    // The network behind serializes at once: the sketch may be cleared when collect returns.
    output.collect(outgoing.replace(new Partial(detector, slice, tally.newestMillis(), part)));
  }
}
