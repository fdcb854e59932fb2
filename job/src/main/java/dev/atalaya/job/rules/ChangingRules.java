package dev.atalaya.job.rules;

import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.decode.Rejection;
import dev.atalaya.job.ledger.LedgerEntry;
import dev.atalaya.job.window.Partial;
import dev.atalaya.job.window.PartialSerializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SideOutputDataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/** The part of the job that brings new rules to the slices. */
public final class ChangingRules {

  private final SingleOutputStreamOperator<Partial> gate;

  /**
   * @param entries what the folds enter into the ledger, for its time
   * @param beyondMillis how far silence brings time, the same as for the slices
   */
  public ChangingRules(JobConfig config, DataStream<LedgerEntry> entries, long beyondMillis) {
    DataStream<GateInput> inputs =
        entries
            .map(entry -> GateInput.time(entry.newestMillis))
            .returns(GateInput.class)
            .setParallelism(entries.getParallelism())
            .uid("rules-time")
            .name("rules time");
    if (config.rules().kafka() != null) {
      inputs =
          inputs.union(RulesTopic.read(entries.getExecutionEnvironment(), config.rules().kafka()));
    }
    gate =
        inputs
            .transform("rules", PartialSerializer.TYPE, new RulesGate(config, beyondMillis))
            .forceNonParallel()
            .uid("rules")
            .name("rules");
  }

  /** To be sent to the slices together with the partials. */
  public DataStream<Partial> versions() {
    return gate;
  }

  /** Documents that hold no rules for this job. */
  public SideOutputDataStream<Rejection> refused() {
    return gate.getSideOutput(RulesGate.REFUSED);
  }
}
