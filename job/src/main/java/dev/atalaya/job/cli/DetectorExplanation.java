package dev.atalaya.job.cli;

import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.config.DetectorConfig.Allow;
import dev.atalaya.job.config.DetectorConfig.Also;
import dev.atalaya.job.config.DetectorConfig.BaselineKind;
import dev.atalaya.job.config.DetectorConfig.Changers;
import dev.atalaya.job.config.DetectorConfig.Hitters;
import dev.atalaya.job.config.DetectorConfig.Rollup;
import dev.atalaya.job.config.DetectorConfig.Sensitivity;
import dev.atalaya.job.config.DetectorConfig.Signals;
import dev.atalaya.job.config.DetectorConfig.Spreaders;
import dev.atalaya.job.config.Printable;
import dev.atalaya.job.config.Share;
import dev.atalaya.job.config.TimeConfig;
import dev.atalaya.job.config.Units;
import dev.atalaya.sketch.HeavyKeySketch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What one detector will do, in words: a label and a value a row. */
final class DetectorExplanation {

  /** A key field of middling length, with its length prefix: an IPv4 address and a bit. */
  private static final int TYPICAL_FIELD_BYTES = 17;

  /** A total of which shares are told. */
  private static final long WHOLE = 1_000_000_000_000L;

  private final DetectorConfig detector;
  private final TimeConfig time;
  private final Messages messages;
  private final List<String[]> rows = new ArrayList<>();

  DetectorExplanation(DetectorConfig detector, TimeConfig time, Messages messages) {
    this.detector = detector;
    this.time = time;
    this.messages = messages;
  }

  List<String[]> rows() {
    row("key", fields(detector.key()));
    row("measure", measure(detector.weight(), detector.distinct()));
    detector.filter().forEach(condition -> row("filter", conditionText(condition)));
    row(
        "window",
        text(
            "window.value",
            Units.formatDuration(detector.windowMillis()),
            Units.formatDuration(time.outOfOrdernessMillis()),
            Units.formatDuration(detector.latenessMillis())));
    findings();
    context();
    memory();
    return rows;
  }

  private void findings() {
    if (detector.hitters() != null) {
      row("heavy", heavyText(detector.hitters()));
    }
    if (detector.spreaders() != null) {
      row("spread", spreadText(detector.spreaders()));
    }
    if (detector.changers() != null) {
      row("changed", changedText(detector.changers()));
    }
    if (detector.firstSeen() != null) {
      row(
          "new",
          text(
              "new.value",
              detector.firstSeen().count(),
              Units.formatDuration(detector.firstSeen().rememberMillis())));
    }
    if (detector.signals() != null) {
      row("signals", signalsText(detector.signals()));
    }
    for (Also also : detector.also()) {
      row("also", text("also.value", measure(also.weight(), also.distinct()), also.count()));
    }
  }

  private void context() {
    boolean isLearned = detector.baseline().kind() != BaselineKind.PREVIOUS_WINDOW;
    if (isLearned || detector.signals() != null) {
      row(
          "baseline",
          text(
              "baseline.value",
              text("baseline." + Explanation.kebab(detector.baseline().kind())),
              Units.formatDuration(detector.baseline().halfLifeMillis()),
              detector.baseline().warmUpWindows()));
    }
    if (detector.rollup() != null) {
      row("rollup", rollupText(detector.rollup()));
    }
    if (detector.contributors() != null) {
      row(
          "contributors",
          text(
              "contributors.value",
              detector.contributors().top(),
              fields(detector.contributors().fields())));
    }
    for (Allow allow : detector.allow()) {
      row("allow", text("allow.value", Printable.escape(allow.field()), allow.patterns().size()));
    }
    if (!detector.overrides().isEmpty()) {
      row("overrides", text("overrides.value", detector.overrides().size()));
    }
    if (!detector.sleep().isEmpty()) {
      row("sleep", text("sleep.value", detector.sleep().size()));
    }
    if (detector.episodes() != null) {
      row(
          "episodes",
          text(
              "episodes.value",
              detector.episodes().open(),
              detector.episodes().of(),
              detector.episodes().close()));
    }
  }

  private void memory() {
    int keyBytes = detector.key().size() * TYPICAL_FIELD_BYTES;
    // A signed detector has a sketch of each sign, of half the memory.
    long memory = detector.signed() ? detector.memoryBytes() / 2 : detector.memoryBytes();
    long exactKeys = HeavyKeySketch.exactCapacity(memory, keyBytes);
    double errorShare = HeavyKeySketch.expectedErrorBound(memory, keyBytes, WHOLE) / (double) WHOLE;
    row(
        "memory",
        text(
            "memory.value",
            Units.formatSize(detector.memoryBytes()),
            detector.slices(),
            exactKeys,
            keyBytes));
    row("missed", text("missed.value", exactKeys, errorShare));
  }

  private String measure(String weight, List<String> distinct) {
    if (!distinct.isEmpty()) {
      return text("measure.distinct", fields(distinct));
    }
    String what = weight == null ? text("measure.events") : Printable.escape(weight);
    return detector.signed() ? what + " " + text("measure.signed") : what;
  }

  private String conditionText(DetectorConfig.Condition condition) {
    String values = String.join(", ", condition.values().stream().sorted().toList());
    return text(
        condition.negated() ? "filter.not" : "filter.is",
        Printable.escape(condition.field()),
        Printable.escape(values));
  }

  private String heavyText(Hitters hitters) {
    return joined(share("heavy.share", hitters.share()), count("heavy.count", hitters.count()));
  }

  private String spreadText(Spreaders spreaders) {
    return joined(
        count("spread.count", spreaders.count()),
        ratio("spread.ratio", spreaders.ratio()),
        sensitivity(spreaders.sensitivity()),
        count("min", spreaders.min()));
  }

  private String changedText(Changers changers) {
    return joined(
        share("changed.share", changers.share()),
        count("changed.delta", changers.delta()),
        ratio("changed.ratio", changers.ratio()),
        sensitivity(changers.sensitivity()),
        count("min", changers.min()));
  }

  private String signalsText(Signals signals) {
    return Stream.of(
            signal("signals.total", signals.total()),
            signal("signals.distinct-keys", signals.distinctKeys()),
            signal("signals.entropy", signals.entropy()),
            signals.silence() ? text("signals.silence") : null)
        .filter(part -> part != null)
        .reduce((a, b) -> a + ", " + b)
        .orElse("");
  }

  private String signal(String key, Sensitivity level) {
    return level == null ? null : text(key) + " (" + text(levelKey(level)) + ")";
  }

  private String rollupText(Rollup rollup) {
    return rollup.path() > 0
        ? text("rollup.path", rollup.path())
        : text("rollup.address", prefixes(rollup.ipv4()), prefixes(rollup.ipv6()));
  }

  private static String prefixes(List<Integer> lengths) {
    return String.join(", ", lengths.stream().map(length -> "/" + length).toList());
  }

  private String share(String key, Share share) {
    return share == null ? null : text(key, messages.percent(share.fraction()));
  }

  private String count(String key, long count) {
    return count == 0 ? null : text(key, count);
  }

  private String ratio(String key, double ratio) {
    return ratio == 0 ? null : text(key, ratio);
  }

  private String sensitivity(Sensitivity level) {
    return level == null ? null : text("learned", text(levelKey(level)));
  }

  private static String levelKey(Sensitivity level) {
    return "sensitivity." + Explanation.kebab(level);
  }

  private String joined(String... conditions) {
    return Stream.of(conditions)
        .filter(condition -> condition != null)
        .reduce((a, b) -> a + " " + text("and") + " " + b)
        .orElse("");
  }

  private static String fields(List<String> names) {
    return Printable.escape(String.join(" + ", names));
  }

  private String text(String key, Object... arguments) {
    return messages.text("validate." + key, arguments);
  }

  private void row(String label, String value) {
    rows.add(new String[] {text(label), value});
  }
}
