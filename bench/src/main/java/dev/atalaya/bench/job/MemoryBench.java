package dev.atalaya.bench.job;

import java.util.List;
import java.util.Locale;

/** Ten million keys in one window: heap, process and checkpoint. */
final class MemoryBench {

  private static final long KEYS = 10_000_000;

  private MemoryBench() {}

  static void quick() throws Exception {
    for (MemoryVariant variant : MemoryVariant.values()) {
      Progress.say("memory: %s", variant.label);
      MemoryRound.run(variant, 50_000);
    }
  }

  static void full(BenchmarksDocument document) {
    StringBuilder table = new StringBuilder();
    table.append("| 10 million keys in the window | heap in use | peak of the process");
    table.append(" | checkpoint |\n|---|---:|---:|---:|\n");
    for (MemoryVariant variant : MemoryVariant.values()) {
      Progress.say("memory: %s", variant.label);
      List<String> jvm = List.of("-Xmx" + variant.heap);
      MemoryRound.Cost cost =
          MemoryRound.Cost.of(Fork.run(MemoryRound.class, jvm, variant.name(), KEYS));
      table.append(
          String.format(
              Locale.ROOT,
              "| %s, `-Xmx%s` | %s | %s | %s |\n",
              variant.label,
              variant.heap,
              megabytes(cost.heapBytes()),
              megabytes(cost.peakResidentBytes()),
              megabytes(cost.checkpointBytes())));
    }
    document.replace("memory", table.toString());
  }

  static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }
}
