package dev.atalaya.job.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class LedgerTest {

  private KeyedOneInputStreamOperatorTestHarness<String, LedgerEntry, LedgerState> harness;

  @Test
  void entriesAddUpAcrossARestore() throws Exception {
    start(null);
    enter("received", 3, 100);
    OperatorSubtaskState state = harness.snapshot(1, 1);
    harness.close();
    start(state);
    enter("received", 4, 90);
    enter("late.d", 1, 90);
    harness.processWatermark(Long.MAX_VALUE);
    List<LedgerState> accounts = harness.extractOutputValues();
    assertThat(accounts).hasSize(1);
    assertThat(accounts.get(0).byTerm()).isEqualTo(Map.of("received", 7L, "late.d", 1L));
    assertThat(accounts.get(0).newestMillis).isEqualTo(100);
    harness.close();
  }

  @Test
  void anAccountIsPublishedOncePerPeriodInWhichSomethingWasEntered() throws Exception {
    start(null);
    harness.processWatermark(12);
    enter("received", 1, 12);
    enter("received", 1, 13);
    harness.processWatermark(19);
    assertThat(harness.extractOutputValues()).isEmpty();
    harness.processWatermark(20);
    harness.processWatermark(50);
    assertThat(harness.extractOutputValues()).hasSize(1);
    enter("received", 1, 51);
    harness.processWatermark(60);
    assertThat(harness.extractOutputValues()).hasSize(2);
    harness.close();
  }

  @Test
  void whatCameBeforeAnyWatermarkIsPublishedWithTheFirst() throws Exception {
    start(null);
    enter("received", 2, 12);
    harness.processWatermark(5);
    assertThat(harness.extractOutputValues())
        .singleElement()
        .satisfies(account -> assertThat(account.byTerm()).isEqualTo(Map.of("received", 2L)));
    harness.close();
  }

  private void start(OperatorSubtaskState state) throws Exception {
    harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new KeyedProcessOperator<>(new Ledger(10)), entry -> "kafka", Types.STRING);
    harness.setup();
    if (state != null) {
      harness.initializeState(state);
    }
    harness.open();
  }

  private void enter(String term, long count, long newest) throws Exception {
    harness.processElement(new StreamRecord<>(new LedgerEntry(term, count, newest)));
  }
}
