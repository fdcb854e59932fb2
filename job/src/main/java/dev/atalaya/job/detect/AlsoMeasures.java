package dev.atalaya.job.detect;

import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.sketch.KeySummary;
import java.util.List;

/** The further measures of the keys of one window, all of which a finding must reach. */
final class AlsoMeasures {

  private final List<DetectorConfig.Also> rules;
  private final KeySummary[] summaries;

  AlsoMeasures(DetectorConfig detector, WindowSummaries window) {
    SummaryPlan plan = SummaryPlan.of(detector);
    rules = detector.also();
    summaries = new KeySummary[rules.size()];
    for (int i = 0; i < summaries.length; i++) {
      summaries[i] = plan.also(window.more(), i);
    }
  }

  int count() {
    return summaries.length;
  }

  KeySummary summary(int index) {
    return summaries[index];
  }

  DetectorConfig.Also rule(int index) {
    return rules.get(index);
  }

  /** Whether the bounds of a key allow every measure to be reached. */
  boolean mayHold(long hash) {
    for (int i = 0; i < summaries.length; i++) {
      if (summaries[i].upper(hash) < rules.get(i).count()) {
        return false;
      }
    }
    return true;
  }

  Finding.Also[] of(long hash) {
    Finding.Also[] values = new Finding.Also[summaries.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = of(i, hash);
    }
    return values;
  }

  Finding.Also of(int index, long hash) {
    Finding.Also value = new Finding.Also();
    value.value = summaries[index].estimate(hash);
    value.lower = summaries[index].lower(hash);
    value.upper = summaries[index].upper(hash);
    value.threshold = rules.get(index).count();
    return value;
  }

  static boolean mayHold(Finding.Also[] values) {
    for (Finding.Also value : values) {
      if (value.upper < value.threshold) {
        return false;
      }
    }
    return true;
  }

  static boolean areCertain(Finding.Also[] values) {
    for (Finding.Also value : values) {
      if (value.lower < value.threshold) {
        return false;
      }
    }
    return true;
  }
}
