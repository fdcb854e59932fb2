package dev.atalaya.bench.job;

import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.decode.FieldPlan;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Runs one variant in this process, once to warm up and once measured. */
final class KindRound {

  private KindRound() {}

  /** Arguments: variant, events, events of the warm-up. */
  public static void main(String[] args) throws Exception {
    KindVariant variant = KindVariant.valueOf(args[0]);
    Flows.get();
    run(variant, Long.parseLong(args[2]));
    Fork.answer(run(variant, Long.parseLong(args[1])).line());
  }

  static Round run(KindVariant variant, long events) throws Exception {
    Probe.reset(FlowVariant.PARALLELISM);
    StreamExecutionEnvironment env = FlowVariant.environment();
    JobConfig config = Questions.config(variant.detector() + FlowVariant.NOWHERE);
    FlowVariant.atalaya(
        env,
        new FlowVariant.Size(events, "1mb", false),
        config,
        new FlowMakers.AsRecord(FieldPlan.of(config)));
    env.execute(variant.name());
    Round round = Probe.round(events);
    if (round.counted() != events) {
      throw new IllegalStateException(
          variant + " counted " + round.counted() + " events, not " + events);
    }
    return round;
  }
}
