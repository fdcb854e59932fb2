package dev.atalaya.bench.job;

import dev.atalaya.bench.job.Turns.Pass;
import dev.atalaya.bench.job.Turns.Size;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** One format and its peers in this process, which has met no other format. */
final class FormatRound {

  /** Those of which a format that is JSON has all. */
  static final List<FormatWork> PEERS =
      List.of(FormatWork.SPLIT, FormatWork.STREAM, FormatWork.TREE);

  private FormatRound() {}

  /** Argument: variant. */
  public static void main(String[] args) throws IOException {
    Fork.answer(run(FormatVariant.valueOf(args[0]), Size.FULL).line());
  }

  static Rates run(FormatVariant variant, Size size) throws IOException {
    Flows flows = Flows.get();
    int[] starts = new int[size.records() + 1];
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < size.records(); i++) {
      all.writeBytes(variant.line(flows, i));
      starts[i + 1] = all.size();
    }
    byte[] bytes = all.toByteArray();
    Map<FormatWork, Pass> passes = new EnumMap<>(FormatWork.class);
    for (FormatWork work : FormatWork.values()) {
      if (work.isFor(variant)) {
        FormatWork.Worker worker = work.worker(variant);
        passes.put(
            work,
            () -> {
              long sum = 0;
              for (int i = 0; i < starts.length - 1; i++) {
                sum += worker.work(bytes, starts[i], starts[i + 1] - starts[i]);
              }
              return sum;
            });
      }
    }
    return Rates.of(
        (double) bytes.length / size.records(),
        Turns.measure(FormatWork.class, passes, size),
        FormatWork.DECODE,
        PEERS.stream().filter(peer -> peer.isFor(variant)).toList());
  }
}
