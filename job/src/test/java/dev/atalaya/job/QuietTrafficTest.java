package dev.atalaya.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atalaya.fixtures.SharedData;
import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.config.DetectorConfig.Baseline;
import dev.atalaya.job.config.DetectorConfig.BaselineKind;
import dev.atalaya.job.config.DetectorConfig.Changers;
import dev.atalaya.job.config.DetectorConfig.Sensitivity;
import dev.atalaya.job.config.DetectorConfig.Signals;
import dev.atalaya.job.detect.Finding;
import dev.atalaya.job.detect.Gather;
import dev.atalaya.job.detect.KindFindings;
import dev.atalaya.job.detect.SliceFindings;
import dev.atalaya.job.detect.WindowFindings;
import dev.atalaya.job.window.MergeAndDiff;
import dev.atalaya.job.window.Partial;
import dev.atalaya.job.window.WindowSketch;
import dev.atalaya.sketch.HeavyKeySketch;
import dev.atalaya.sketch.KeyHash;
import dev.atalaya.sketch.WeightSummary;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/**
 * How often learned thresholds raise an alarm where nothing is known to have happened: a day of a
 * busy web server of 1995, by client and by path, with the usual settings.
 */
class QuietTrafficTest {

  private static final KeyHash HASH = new KeyHash(1, 2);
  private static final long MINUTE = 60_000;

  /**
   * What the documentation promises of quiet traffic at medium sensitivity: no more alerts than
   * this in a thousand windows, about keys and in all.
   */
  private static final int KEYS_IN_A_THOUSAND_WINDOWS = 5;

  private static final int ALERTS_IN_A_THOUSAND_WINDOWS = 20;

  @Test
  void quietTrafficRaisesNoMoreAlarmsThanTheDocumentationSays() throws Exception {
    List<String> table = new ArrayList<>();
    long windows = 0;
    long keys = 0;
    long alerts = 0;
    for (String field : List.of("src", "path")) {
      for (long window : new long[] {MINUTE, 10 * MINUTE}) {
        for (Sensitivity sensitivity : Sensitivity.values()) {
          List<WindowFindings> found = run(detector(field, window, sensitivity));
          Map<Finding.Kind, Long> counts = count(found);
          table.add(
              String.join(
                  " ",
                  field,
                  window / MINUTE + "m",
                  sensitivity.name().toLowerCase(Locale.ROOT),
                  found.size() + " windows:",
                  String.join(
                      ", ",
                      counts.get(Finding.Kind.HEAVY_CHANGER) + " changers",
                      counts.get(Finding.Kind.UNUSUAL_TOTAL) + " totals",
                      counts.get(Finding.Kind.UNUSUAL_DISTINCT) + " distinct",
                      counts.get(Finding.Kind.UNUSUAL_ENTROPY) + " entropies",
                      counts.get(Finding.Kind.SILENCE) + " silences")));
          if (sensitivity == Sensitivity.MEDIUM) {
            windows += found.size();
            keys += counts.get(Finding.Kind.HEAVY_CHANGER);
            alerts += counts.values().stream().mapToLong(Long::longValue).sum();
          }
        }
      }
    }
    assertThat(table)
        .containsExactly(
            "src 1m low 768 windows: 0 changers, 1 totals, 0 distinct, 0 entropies, 2 silences",
            "src 1m medium 768 windows: 1 changers, 1 totals, 0 distinct, 0 entropies, 2 silences",
            "src 1m high 768 windows: 4 changers, 4 totals, 0 distinct, 0 entropies, 2 silences",
            "src 10m low 78 windows: 0 changers, 0 totals, 0 distinct, 1 entropies, 0 silences",
            "src 10m medium 78 windows: 0 changers, 6 totals, 0 distinct, 1 entropies, 0 silences",
            "src 10m high 78 windows: 0 changers, 19 totals, 1 distinct, 5 entropies, 0 silences",
            "path 1m low 768 windows: 0 changers, 1 totals, 0 distinct, 0 entropies, 2 silences",
            "path 1m medium 768 windows: 1 changers, 1 totals, 0 distinct, 0 entropies, 2 silences",
            "path 1m high 768 windows: 1 changers, 4 totals, 0 distinct, 0 entropies, 2 silences",
            "path 10m low 78 windows: 0 changers, 0 totals, 0 distinct, 1 entropies, 0 silences",
            "path 10m medium 78 windows: 2 changers, 6 totals, 1 distinct, 2 entropies, 0 silences",
            "path 10m high 78 windows: 20 changers, 19 totals, 4 distinct, 2 entropies, 0 silences");
    assertThat(List.of(keys, alerts, windows)).containsExactly(4L, 26L, 1_692L);
    assertThat(keys * 1_000).isLessThanOrEqualTo(KEYS_IN_A_THOUSAND_WINDOWS * windows);
    assertThat(alerts * 1_000).isLessThanOrEqualTo(ALERTS_IN_A_THOUSAND_WINDOWS * windows);
  }

  private static DetectorConfig detector(String field, long window, Sensitivity sensitivity) {
    return Detectors.named(field)
        .key(field)
        .window(window)
        .memory(1 << 22)
        .baseline(new Baseline(BaselineKind.MOVING_AVERAGE, 12 * window, 10_000, 12))
        .hitters(null)
        .changers(new Changers(0, null, 0, sensitivity, 10))
        .signals(new Signals(sensitivity, sensitivity, sensitivity, 100, true))
        .build();
  }

  private static Map<Finding.Kind, Long> count(List<WindowFindings> windows) {
    Map<Finding.Kind, Long> counts = new EnumMap<>(Finding.Kind.class);
    for (WindowFindings window : windows) {
      for (KindFindings found : window.summary.kinds) {
        counts.merge(found.kind, found.count, Long::sum);
      }
    }
    return counts;
  }

  private static List<WindowFindings> run(DetectorConfig detector) throws Exception {
    var merge =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new KeyedProcessOperator<>(new MergeAndDiff(List.of(detector), false)),
            (Partial partial) -> Tuple2.of(partial.detector(), partial.slice()),
            Types.TUPLE(Types.STRING, Types.INT));
    merge.open();
    for (WindowSketch window : windows(detector)) {
      merge.processElement(
          new StreamRecord<>(new Partial(detector.stateId(), 0, window.startMillis, window)));
      merge.processWatermark(window.startMillis - 1);
    }
    merge.processWatermark(Long.MAX_VALUE);
    var gather =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new KeyedProcessOperator<>(new Gather(List.of(detector))),
            (SliceFindings findings) -> findings.detector,
            Types.STRING);
    gather.open();
    for (SliceFindings findings : merge.extractOutputValues()) {
      gather.processElement(new StreamRecord<>(findings));
      gather.processWatermark(findings.endMillis - 1);
    }
    List<WindowFindings> windows = gather.extractOutputValues();
    merge.close();
    gather.close();
    return windows;
  }

  private static List<WindowSketch> windows(DetectorConfig detector) throws IOException {
    TreeMap<Long, WindowSketch> windows = new TreeMap<>();
    ObjectMapper json = new ObjectMapper();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    Files.newInputStream(
                        SharedData.path("nasa-19950801/events/nasa_19950801.jsonl.gz"))),
                StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode event = json.readTree(line);
        long start =
            Math.floorDiv(event.get("ts").asLong(), detector.windowMillis())
                * detector.windowMillis();
        WindowSketch window =
            windows.computeIfAbsent(
                start, millis -> new WindowSketch(millis, HeavyKeySketch.create(1 << 22, HASH)));
        byte[] key = event.get(detector.key().get(0)).asText().getBytes(StandardCharsets.UTF_8);
        ((WeightSummary) window.keys).update(HASH, key, 1);
        window.events++;
        window.total++;
      }
    }
    return List.copyOf(windows.values());
  }
}
