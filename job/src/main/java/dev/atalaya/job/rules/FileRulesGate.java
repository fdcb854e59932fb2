package dev.atalaya.job.rules;

import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.ledger.LedgerEntry;
import dev.atalaya.job.window.Partial;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** A gate for rules of files. */
final class FileRulesGate extends RulesGate
    implements OneInputStreamOperator<LedgerEntry, Partial> {

  FileRulesGate(JobConfig config, long beyondMillis) {
    super(config, beyondMillis);
  }

  @Override
  public void processElement(StreamRecord<LedgerEntry> element) {
    see(element.getValue().newestMillis);
  }
}
