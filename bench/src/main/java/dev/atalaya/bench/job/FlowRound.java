package dev.atalaya.bench.job;

import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Runs one variant in this process, once to warm up and once measured. */
final class FlowRound {

  private FlowRound() {}

  /** Arguments: variant, events, events of the warm-up. */
  public static void main(String[] args) throws Exception {
    FlowVariant variant = FlowVariant.valueOf(args[0]);
    Flows.get();
    long warmUp = Long.parseLong(args[2]);
    if (warmUp > 0) {
      run(variant, warmUp);
    }
    Fork.answer(run(variant, Long.parseLong(args[1])).line());
  }

  static Round run(FlowVariant variant, long events) throws Exception {
    Probe.reset(FlowVariant.PARALLELISM);
    StreamExecutionEnvironment env = FlowVariant.environment();
    variant.build(env, new FlowVariant.Size(events, "1mb", false));
    env.execute(variant.name());
    Round round = Probe.round(events);
    // SQL answers with the first hundred only.
    long expected = events * variant.timesCounted();
    if (variant == FlowVariant.SQL ? round.counted() == 0 : round.counted() != expected) {
      throw new IllegalStateException(
          variant + " counted " + round.counted() + " events, not " + expected);
    }
    return round;
  }
}
