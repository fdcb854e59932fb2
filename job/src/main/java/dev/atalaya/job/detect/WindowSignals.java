package dev.atalaya.job.detect;

import dev.atalaya.job.baseline.Series;
import dev.atalaya.job.baseline.SignalBaselines;
import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.config.DetectorConfig.BaselineKind;
import dev.atalaya.job.config.DetectorConfig.Sensitivity;
import dev.atalaya.sketch.EntropyBounds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The signals of one window as a whole: its total, its distinct keys and the entropy of its keys
 * against what is usual, and silence. All slices together, so the same however many there are.
 *
 * <p>Error: total is exact, but of peers an estimate; distinct keys are exact while the window is,
 * else an estimate; entropy lies within bounds. Not thread-safe.
 *
 * <p>Source of the entropy: Lakhina, Crovella and Diot, Mining Anomalies Using Traffic Feature
 * Distributions (SIGCOMM 2005).
 */
final class WindowSignals {

  /** Thousandths, as values are whole numbers. */
  private static final double MILLIBITS = 1_000;

  private static final double ROUNDING = 1e-3;

  private final DetectorConfig detector;
  private final SignalBaselines usual;
  private final WindowFindings window;
  private final SliceFindings summary;
  private final List<KindFindings> kinds = new ArrayList<>();
  private final List<SignalValue> values = new ArrayList<>();

  /**
   * @param detector watches signals
   * @param usual has learned from all windows before
   */
  WindowSignals(DetectorConfig detector, SignalBaselines usual, WindowFindings window) {
    this.detector = detector;
    this.usual = usual;
    this.window = window;
    summary = window.summary;
  }

  /** Adds values and findings to the window, then learns from it. */
  void judge() {
    DetectorConfig.Signals rule = detector.signals();
    Measured total = exact(summary.total);
    Measured keys = exact(summary.distinctKeys);
    Measured entropy = new Measured();
    if (summary.entropy != null) {
      EntropyBounds bits = summary.entropy.bounds();
      // Sums of doubles differ in their last digits with the order in which partials came.
      entropy.lower = (long) Math.floor(bits.lowerBits() * MILLIBITS + ROUNDING);
      entropy.upper = (long) Math.ceil(bits.upperBits() * MILLIBITS - ROUNDING);
      entropy.value = (entropy.lower + entropy.upper) / 2;
    }

    usual.skipTo(summary.startMillis);
    double expectedEvents = usual.events.expected(summary.startMillis);
    boolean isLarge = Math.max((double) summary.events, expectedEvents) >= rule.minEvents();
    add(Finding.Kind.UNUSUAL_TOTAL, rule.total(), total, usual.total, isLarge);
    add(Finding.Kind.UNUSUAL_DISTINCT, rule.distinctKeys(), keys, usual.distinctKeys, isLarge);
    if (summary.entropy != null) {
      boolean hasEntropy = isLarge && summary.events > 0;
      add(Finding.Kind.UNUSUAL_ENTROPY, rule.entropy(), entropy, usual.entropy, hasEntropy);
    }
    if (rule.silence()) {
      addSilence();
    }
    window.signals = values.toArray(SignalValue[]::new);
    int own = summary.kinds.length;
    summary.kinds = Arrays.copyOf(summary.kinds, own + kinds.size());
    for (int i = 0; i < kinds.size(); i++) {
      summary.kinds[own + i] = kinds.get(i);
    }
    usual.add(
        summary.startMillis, summary.events, summary.total, summary.distinctKeys, entropy.value);
  }

  private static Measured exact(long value) {
    Measured measured = new Measured();
    measured.value = value;
    measured.lower = value;
    measured.upper = value;
    return measured;
  }

  private void add(
      Finding.Kind kind, Sensitivity sensitivity, Measured signal, Series series, boolean isTold) {
    if (sensitivity == null) {
      return;
    }
    SignalValue value = new SignalValue();
    value.kind = kind;
    value.actual = signal.value;
    value.lower = signal.lower;
    value.upper = signal.upper;
    values.add(value);
    KindFindings found = new KindFindings(kind, 0);
    kinds.add(found);
    if (!series.isWarm()) {
      return;
    }
    signal.expected = Math.round(series.expected(summary.startMillis));
    signal.expectedLower = signal.expected;
    signal.expectedUpper = signal.expected;
    signal.deviation = series.deviation(summary.startMillis);
    Band band = Band.of(sensitivity);
    found.threshold = band.threshold(signal);
    value.expected = signal.expected;
    value.threshold = found.threshold;
    if (isTold && (band.mayBeAbove(signal) || band.mayBeBelow(signal))) {
      boolean certain = band.isAbove(signal) || band.isBelow(signal);
      Finding finding = finding(kind, signal, usual.learning().kind(), certain);
      finding.threshold = found.threshold;
      band.describe(signal, finding);
      // A total, a number of keys, an entropy: none is ever below 0.
      finding.expectedLower = Math.max(0, finding.expectedLower);
      tell(found, finding);
    }
  }

  private void addSilence() {
    KindFindings found = new KindFindings(Finding.Kind.SILENCE, 1);
    kinds.add(found);
    long before = usual.eventsBefore(summary.startMillis);
    if (summary.events == 0 && before > 0) {
      Measured events = exact(0);
      events.expected = before;
      events.expectedLower = before;
      events.expectedUpper = before;
      Finding finding = finding(Finding.Kind.SILENCE, events, BaselineKind.PREVIOUS_WINDOW, true);
      finding.threshold = found.threshold;
      tell(found, finding);
    }
  }

  private static Finding finding(
      Finding.Kind kind, Measured signal, BaselineKind expected, boolean certain) {
    Finding finding = new Finding();
    finding.kind = kind;
    finding.key = new byte[0];
    finding.expectedKind = expected;
    finding.certain = certain;
    signal.describe(finding);
    signal.describeChange(finding);
    finding.magnitude = finding.delta;
    return finding;
  }

  private void tell(KindFindings found, Finding finding) {
    if (!summary.asleep) {
      finding.rank = 1;
      found.count = 1;
      found.weight = finding.magnitude;
      found.listed = new Finding[] {finding};
    }
  }
}
