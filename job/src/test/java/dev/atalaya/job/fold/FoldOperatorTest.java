package dev.atalaya.job.fold;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.connectors.Payload;
import dev.atalaya.job.Detectors;
import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.config.DetectorConfig.Condition;
import dev.atalaya.job.config.FieldConfig;
import dev.atalaya.job.decode.DecodedRecord;
import dev.atalaya.job.decode.FieldPlan;
import dev.atalaya.job.decode.RejectReason;
import dev.atalaya.job.decode.Rejection;
import dev.atalaya.job.ledger.LedgerEntry;
import dev.atalaya.job.window.Partial;
import dev.atalaya.job.window.PartialSerializer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FoldOperatorTest {

  private static final byte[] SEED = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private List<DetectorConfig> detectors;
  private FieldPlan plan;
  private OneInputStreamOperatorTestHarness<DecodedRecord, Partial> harness;

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  private void start(DetectorConfig... configs) throws Exception {
    start(SEED, null, configs);
  }

  private void start(byte[] seed, OperatorSubtaskState restored, DetectorConfig... configs)
      throws Exception {
    detectors = List.of(configs);
    plan =
        FieldPlan.of(
            detectors,
            Map.of(
                "user",
                new FieldConfig("user", "user", FieldConfig.Type.TEXT, true, false, false)));
    harness = new OneInputStreamOperatorTestHarness<>(new FoldOperator(detectors, plan, 0, seed));
    // The fold uses its sketches again: the copy here is what the network does.
    harness.setup(new PartialSerializer());
    if (restored != null) {
      harness.initializeState(restored);
    }
    harness.open();
  }

  @Test
  void eventsOfAWindowLeaveAsOnePartialWhenTheWatermarkPassesItsEnd() throws Exception {
    start(Detectors.named("d").build());
    event(1, "key", "a");
    event(9, "key", "a");
    event(9, "key", "b");
    harness.processWatermark(8);
    assertThat(partials()).isEmpty();
    harness.processWatermark(9);
    assertThat(partials()).containsExactly("d/0 at 0: events 3, total 3, {a=2, b=1}");
    harness.processWatermark(10);
    assertThat(partials()).isEmpty();
  }

  @Test
  void partialsLeaveBeforeABarrierAndAreForgotten() throws Exception {
    start(Detectors.named("d").build());
    event(1, "key", "a");
    harness.prepareSnapshotPreBarrier(1);
    assertThat(partials()).containsExactly("d/0 at 0: events 1, total 1, {a=1}");
    event(2, "key", "b");
    harness.processWatermark(9);
    assertThat(partials()).containsExactly("d/0 at 0: events 1, total 1, {b=1}");
  }

  @Test
  void partialsLeaveBeforeSilence() throws Exception {
    start(Detectors.named("d").build());
    event(1, "key", "a");
    harness.processWatermarkStatus(WatermarkStatus.IDLE);
    assertThat(partials()).containsExactly("d/0 at 0: events 1, total 1, {a=1}");
  }

  @Test
  void eachDetectorHasItsOwnKeyWeightFilterAndWindow() throws Exception {
    start(
        Detectors.named("count").key("src").build(),
        Detectors.named("bytes").key("src").weight("bytes").window(100).build(),
        Detectors.named("pair").key("src", "dst").build(),
        Detectors.named("web")
            .key("src")
            .filter(
                new Condition("port", Set.of("80", "443"), false),
                new Condition("dst", Set.of("y"), true))
            .build());
    event(1, "src", "a", "dst", "x", "port", "80", 700L);
    event(2, "src", "a", "dst", "y", "port", "80", 50L);
    event(3, "src", "b", "dst", "x", "port", "22", 5L);
    event(4, "src", "b", "dst", "x", 1L);
    harness.processWatermark(99);
    assertThat(partials())
        .containsExactlyInAnyOrder(
            "count/0 at 0: events 4, total 4, {a=2, b=2}",
            "bytes/0 at 0: events 4, total 756, {a=750, b=6}",
            "pair/0 at 0: events 4, total 4, {a|x=1, a|y=1, b|x=2}",
            "web/0 at 0: events 1, filtered 3, total 1, {a=1}");
  }

  @Test
  void anEventWithoutAnOptionalKeyFieldIsPassedOver() throws Exception {
    start(Detectors.named("d").key("user").build());
    event(1, "user", "ana");
    event(2);
    harness.processWatermark(9);
    assertThat(partials()).containsExactly("d/0 at 0: events 1, filtered 1, total 1, {ana=1}");
  }

  @Test
  void everySliceHasItsOwnKeysAndTheTotalsOfAll() throws Exception {
    start(Detectors.named("d").slices(3).build());
    for (int i = 0; i < 60; i++) {
      event(i % 10, "key", "k" + i);
    }
    harness.processWatermark(9);
    List<Partial> parts = values();
    assertThat(parts).extracting(Partial::slice).containsExactly(0, 1, 2);
    assertThat(parts).allSatisfy(part -> assertThat(part.window().events).isEqualTo(60));
    assertThat(parts).allSatisfy(part -> assertThat(part.window().total).isEqualTo(60));
    assertThat(parts.stream().mapToLong(part -> part.window().keys.distinctKeys()).sum())
        .isEqualTo(60);
    assertThat(parts)
        .allSatisfy(part -> assertThat(part.window().keys.distinctKeys()).isPositive());
  }

  @Test
  void aStreamOfManyWindowsAtOnceIsHeldInBoundedMemory() throws Exception {
    start(Detectors.named("d").build());
    for (int window = 0; window < 20; window++) {
      event(window * 10L, "key", "a");
    }
    assertThat(partials()).hasSize(16);
    event(0, "key", "a");
    harness.processWatermark(Long.MAX_VALUE);
    assertThat(partials()).hasSize(5).contains("d/0 at 0: events 1, total 1, {a=1}");
  }

  @Test
  void everyRecordIsEnteredInTheLedgerByWhatBecameOfIt() throws Exception {
    start(Detectors.named("d").build());
    event(7, "key", "a");
    DecodedRecord skewed = record(1_000_000, "key", "a");
    skewed.markSkewed();
    harness.processElement(new StreamRecord<>(skewed));
    reject(RejectReason.SYNTAX);
    reject(RejectReason.SYNTAX);
    reject(RejectReason.NO_KEY);
    for (int i = 0; i < 4; i++) {
      DecodedRecord duplicate = record(7, "key", "a");
      duplicate.markDuplicate();
      harness.processElement(new StreamRecord<>(duplicate));
    }
    harness.prepareSnapshotPreBarrier(1);
    assertThat(ledger())
        .containsExactlyInAnyOrder(
            "received 9", "skewed 1", "duplicate 4", "rejected.syntax 2", "rejected.no-key 1");
    harness.prepareSnapshotPreBarrier(2);
    assertThat(ledger()).isEmpty();
    assertThat(harness.getSideOutput(FoldOperator.REJECTED)).hasSize(3);
    assertThat(partials()).containsExactly("d/0 at 0: events 1, total 1, {a=1}");
  }

  @Test
  void theSeedOfTheFirstStartSurvivesARestart() throws Exception {
    start(Detectors.named("d").build());
    event(1, "key", "a");
    harness.prepareSnapshotPreBarrier(1);
    long hash = onlyHash();
    OperatorSubtaskState state = harness.snapshot(1, 1);
    harness.close();

    start("another seed 123".getBytes(StandardCharsets.US_ASCII), state, detectors.get(0));
    event(1, "key", "a");
    harness.prepareSnapshotPreBarrier(2);
    assertThat(onlyHash()).isEqualTo(hash);
  }

  private long onlyHash() {
    List<Long> hashes = new ArrayList<>();
    values()
        .get(0)
        .window()
        .keys
        .forEachCandidate((hash, keys, offset, length, lower, upper) -> hashes.add(hash));
    harness.getOutput().clear();
    return hashes.get(0);
  }

  /** Fields as name and value in turn; a last odd one is the weight. */
  private void event(long time, Object... fields) throws Exception {
    harness.processElement(new StreamRecord<>(record(time, fields)));
  }

  private DecodedRecord record(long time, Object... fields) {
    DecodedRecord record = plan.newRecord();
    record.timestampMillis(time);
    for (int i = 0; i + 1 < fields.length; i += 2) {
      byte[] value = ((String) fields[i + 1]).getBytes(StandardCharsets.UTF_8);
      int slot = plan.textSlot((String) fields[i]);
      if (slot >= 0) {
        record.text(slot, value, 0, value.length);
      }
    }
    if (fields.length % 2 == 1) {
      record.number(plan.numberSlot("bytes"), (long) fields[fields.length - 1]);
    }
    return record;
  }

  private void reject(RejectReason reason) throws Exception {
    DecodedRecord record = plan.newRecord();
    record.reject(new Rejection(reason, "", "", 0, "test", Payload.NO_TIMESTAMP));
    harness.processElement(new StreamRecord<>(record));
  }

  private List<Partial> values() {
    return harness.extractOutputValues();
  }

  /** The partials emitted since the last call. */
  private List<String> partials() {
    List<String> partials = new ArrayList<>();
    for (Partial partial : values()) {
      String detector = partial.detector().substring(0, partial.detector().indexOf('@'));
      int fields =
          detectors.stream().filter(d -> d.name().equals(detector)).findFirst().get().key().size();
      TreeMap<String, Long> keys = new TreeMap<>();
      partial
          .window()
          .keys
          .forEachCandidate(
              (hash, bytes, offset, length, lower, upper) ->
                  keys.put(
                      String.join(
                          "|",
                          CompositeKey.split(
                              Arrays.copyOfRange(bytes, offset, offset + length), fields)),
                      lower));
      String filtered =
          partial.window().filtered == 0 ? "" : ", filtered " + partial.window().filtered;
      partials.add(
          String.format(
              "%s/%d at %d: events %d%s, total %d, %s",
              detector,
              partial.slice(),
              partial.window().startMillis,
              partial.window().events,
              filtered,
              partial.window().total,
              keys));
    }
    harness.getOutput().clear();
    return partials;
  }

  /** The entries made since the last call. */
  private List<String> ledger() {
    var entries = harness.getSideOutput(FoldOperator.LEDGER);
    List<String> ledger = new ArrayList<>();
    if (entries != null) {
      for (StreamRecord<LedgerEntry> entry : entries) {
        ledger.add(entry.getValue().term + " " + entry.getValue().count);
      }
      entries.clear();
    }
    return ledger;
  }
}
