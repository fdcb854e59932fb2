package dev.atalaya.job.window;

import dev.atalaya.job.baseline.KeyBaselines;
import dev.atalaya.job.baseline.KeyBaselinesSerializer;
import dev.atalaya.job.baseline.Learning;
import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.config.DetectorConfig.BaselineKind;
import dev.atalaya.job.detect.Expectation;
import dev.atalaya.job.detect.KeyRule;
import dev.atalaya.job.detect.LearnedExpectation;
import dev.atalaya.job.detect.PreviousWindow;
import dev.atalaya.job.detect.SliceFindings;
import dev.atalaya.job.detect.SummaryPlan;
import dev.atalaya.job.detect.WindowComparison;
import dev.atalaya.job.detect.WindowSummaries;
import dev.atalaya.sketch.KeySummary;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;

/**
 * What a slice remembers beside the window before: what is usual of its keys and prefixes, and
 * which keys it has seen. Nothing for a detector that asks for neither. Keyed state; a job that was
 * stopped by a release without it starts with none.
 */
final class SliceMemory {

  private final ValueState<KeyBaselines> keys;
  private final ValueState<KeyBaselines> prefixes;
  private final ValueState<SeenBefore> seen;

  SliceMemory(RuntimeContext context) {
    keys =
        context.getState(new ValueStateDescriptor<>("learned-keys", KeyBaselinesSerializer.TYPE));
    prefixes =
        context.getState(
            new ValueStateDescriptor<>("learned-prefixes", KeyBaselinesSerializer.TYPE));
    seen = context.getState(new ValueStateDescriptor<>("seen-keys", SeenBeforeSerializer.TYPE));
  }

  void clear() {
    keys.clear();
    prefixes.clear();
    seen.clear();
  }

  /**
   * Judges a window by all that is remembered, then learns from it.
   *
   * @param before the window before, or null when there is none
   * @param result whose totals and times are set
   */
  void judge(
      DetectorConfig detector, WindowSummaries window, WindowSummaries before, SliceFindings result)
      throws IOException {
    SummaryPlan plan = SummaryPlan.of(detector);
    KeySummary prefixSummary = plan.prefixes(window.more());
    boolean learns = detector.baseline().kind() != BaselineKind.PREVIOUS_WINDOW;
    KeyBaselines usual = learns ? learned(keys, detector, result) : null;
    KeyBaselines usualPrefixes =
        learns && prefixSummary != null ? learned(prefixes, detector, result) : null;
    SeenBefore known = detector.firstSeen() == null ? null : seen(detector, window.keys());

    new WindowComparison(detector)
        .compare(
            window,
            expectation(usual, before == null ? null : before.keys(), result),
            expectation(
                usualPrefixes, before == null ? null : plan.prefixes(before.more()), result),
            known == null ? List.of() : rules(known, detector, result),
            result);

    learn(keys, usual, window.keys(), result);
    learn(prefixes, usualPrefixes, prefixSummary, result);
    if (known != null) {
      known.add(result.startMillis, window.keys(), detector.firstSeen());
      if (prefixSummary != null) {
        known.add(result.startMillis, prefixSummary, detector.firstSeen());
      }
      seen.update(known);
    } else {
      // Should rules ask for it again, it has missed some windows.
      seen.clear();
    }
  }

  private static KeyBaselines learned(
      ValueState<KeyBaselines> state, DetectorConfig detector, SliceFindings result)
      throws IOException {
    KeyBaselines usual = state.value();
    Learning learning = Learning.of(detector);
    if (usual == null) {
      usual = new KeyBaselines(learning, detector.baseline().keys());
    }
    usual.learnAs(learning, detector.baseline().keys());
    usual.skipTo(result.startMillis);
    return usual;
  }

  private static void learn(
      ValueState<KeyBaselines> state, KeyBaselines usual, KeySummary window, SliceFindings result)
      throws IOException {
    if (usual != null) {
      usual.add(result.startMillis, window);
      state.update(usual);
    }
  }

  private static Expectation expectation(
      KeyBaselines usual, KeySummary before, SliceFindings result) {
    if (usual != null) {
      return new LearnedExpectation(usual, result.startMillis);
    }
    return before == null ? null : new PreviousWindow(before);
  }

  private SeenBefore seen(DetectorConfig detector, KeySummary window) throws IOException {
    SeenBefore known = seen.value();
    return known == null
        ? SeenBefore.nothing(detector.firstSeen(), window.seedFingerprint())
        : known;
  }

  private static List<KeyRule> rules(
      SeenBefore known, DetectorConfig detector, SliceFindings result) {
    return List.of(known.ruleAt(result.startMillis, detector.firstSeen()));
  }
}
