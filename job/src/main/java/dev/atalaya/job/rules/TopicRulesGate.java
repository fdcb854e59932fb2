package dev.atalaya.job.rules;

import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.ledger.LedgerEntry;
import dev.atalaya.job.window.Partial;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** A gate for rules of a topic; the lists that they name may be files all the same. */
final class TopicRulesGate extends RulesGate
    implements TwoInputStreamOperator<LedgerEntry, RulesRecord, Partial> {

  TopicRulesGate(JobConfig config, long beyondMillis) {
    super(config, beyondMillis);
  }

  @Override
  public void processElement1(StreamRecord<LedgerEntry> element) {
    see(element.getValue().newestMillis);
  }

  @Override
  public void processElement2(StreamRecord<RulesRecord> element) {
    RulesRecord rules = element.getValue();
    take(rules.document, rules.origin, rules.timestampMillis);
  }

  @Override
  public void processWatermark1(Watermark mark) throws Exception {
    processWatermark(mark);
  }

  /** Rules have no part in event time. */
  @Override
  public void processWatermark2(Watermark mark) {}
}
