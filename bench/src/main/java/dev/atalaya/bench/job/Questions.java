package dev.atalaya.bench.job;

import dev.atalaya.connectors.Document;
import dev.atalaya.job.config.ConfigLoader;
import dev.atalaya.job.config.JobConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** What Atalaya is asked in the benchmarks: one detector, or four with four different keys. */
final class Questions {

  private static final String ONE =
      """
      detectors:
        - name: sources
          key: [src]
          memory: %1$s
          hitters: { share: 0.1%% }
          changers: { share: 0.1%% }
      """;

  private static final String THREE_MORE =
      """
        - name: destinations
          key: [dst]
          weight: bytes
          memory: %1$s
          hitters: { share: 0.1%% }
          changers: { share: 0.1%% }
        - name: services
          key: [dst, dport]
          memory: %1$s
          hitters: { share: 0.1%% }
          changers: { share: 0.1%% }
        - name: pairs
          key: [src, dst]
          weight: bytes
          memory: %1$s
          hitters: { share: 0.1%% }
          changers: { share: 0.1%% }
      """;

  private Questions() {}

  /**
   * @param detectors 1 or 4
   * @param memory of a sketch, such as {@code 1mb}
   * @param sourceAndSinks the rest of the configuration, in YAML
   */
  static JobConfig config(int detectors, String memory, String sourceAndSinks) {
    String yaml = ONE + (detectors == 1 ? "" : THREE_MORE);
    return config("format: { json: {} }\n" + yaml.formatted(memory) + sourceAndSinks);
  }

  /**
   * @param rest all but windows, times and the seed, in YAML
   */
  static JobConfig config(String rest) {
    return ConfigLoader.parse(
        "window: 10s\n"
            + "time: { field: ts, unit: ms, out-of-orderness: 2s }\n"
            + "seed: 00112233445566778899aabbccddeeff\n"
            + rest,
        "bench.yaml",
        Map.of());
  }

  /** How many events a document of a run speaks of: those of the reports, each detector's. */
  static long eventsOf(Document document) {
    if (document.kind() != Document.Kind.REPORT) {
      return 0;
    }
    try {
      return Json.MAPPER.readTree(document.json()).at("/Atalaya/events").asLong();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
