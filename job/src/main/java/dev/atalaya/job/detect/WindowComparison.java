package dev.atalaya.job.detect;

import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.config.DetectorConfig.KeyGroup;
import dev.atalaya.sketch.KeySummary;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The rules of one detector, applied to one closed window of one slice and what is expected of it.
 *
 * <p>Error: a value lies in [lower, upper] for certain, so a change between two windows lies in
 * {@code upper = max(upper2 - lower1, upper1 - lower2)} and {@code lower = max(0, lower2 - upper1)}
 * upwards, {@code max(0, lower1 - upper2)} downwards. A finding is certain when its lower bound
 * crosses the threshold, possible when only the upper one does. No key whose true value crosses a
 * threshold above the error bound is missed.
 *
 * <p>Not thread-safe.
 *
 * <p>Source: Huang and Lee, LD-Sketch (INFOCOM 2014), section IV for slices; {@link ChangerRule}
 * and {@link Rollup} name theirs.
 */
public final class WindowComparison {

  private final DetectorConfig detector;
  private final KeyGroups groups;
  private final AllowedKeys allowed;
  private final SleepHours sleep;

  public WindowComparison(DetectorConfig detector) {
    this.detector = detector;
    groups = new KeyGroups(detector);
    allowed = new AllowedKeys(detector);
    sleep = new SleepHours(detector.sleep());
  }

  /**
   * Fills the findings and error bounds of {@code result}, whose totals and times are set.
   *
   * @param before the window before, empty when nothing came, or null when there is none
   */
  public void compare(WindowSummaries current, WindowSummaries before, SliceFindings result) {
    KeySummary prefixes = before == null ? null : prefixesOf(before);
    compare(
        current,
        before == null ? null : new PreviousWindow(before.keys()),
        prefixes == null ? null : new PreviousWindow(prefixes),
        List.of(),
        result);
  }

  /**
   * As above, with another expectation and further rules.
   *
   * @param expected of the keys, or null when nothing is known
   * @param expectedOfPrefixes likewise; null without roll-up
   * @param further rules, of kinds behind those that are judged here
   */
  public void compare(
      WindowSummaries current,
      Expectation expected,
      Expectation expectedOfPrefixes,
      List<KeyRule> further,
      SliceFindings result) {
    result.warmup = expected == null || !expected.isWarm();
    Expectation warm = result.warmup ? null : expected;
    describe(current.keys(), warm, result);
    result.asleep = sleep.contain(result.startMillis);

    Candidates keys = new Candidates(current.keys(), warm);
    KeySummary prefixSummary = prefixesOf(current);
    Candidates prefixes =
        prefixSummary == null
            ? null
            : new Candidates(prefixSummary, warm == null ? null : expectedOfPrefixes);
    KindSearch search = new KindSearch(detector, current, keys, prefixes, warm, allowed);
    List<KindFindings> kinds = new ArrayList<>();
    for (GroupedRule rule : rules(further, result)) {
      boolean told = !result.asleep && rule.canHold();
      KeyRule own = rule.own();
      kinds.add(told ? search.find(rule) : new KindFindings(own.kind(), own.threshold()));
    }
    result.allowed = search.allowed();
    result.kinds = kinds.toArray(KindFindings[]::new);
    if (detector.contributors() != null) {
      search.addContributors(kinds);
    }
  }

  private KeySummary prefixesOf(WindowSummaries window) {
    return SummaryPlan.of(detector).prefixes(window.more());
  }

  private void describe(KeySummary current, Expectation expected, SliceFindings result) {
    result.exact = current.isExact();
    result.overflowed =
        current.overflowed()
            || result.total == Long.MAX_VALUE
            || (expected != null
                && (expected.overflowed() || result.baselineTotal == Long.MAX_VALUE));
    result.distinctKeys = current.distinctKeys();
    result.errorBound = current.errorBound();
    if (expected != null) {
      // An unstored key can have gone from 0 to the bound; a signed one from one bound to the
      // other.
      result.changeErrorBound =
          detector.signed()
              ? Saturating.add(result.errorBound, expected.errorBound())
              : Math.max(result.errorBound, expected.errorBound());
    }
  }

  private List<GroupedRule> rules(List<KeyRule> further, SliceFindings result) {
    long total = result.total;
    long larger = Math.max(total, result.baselineTotal);
    List<GroupedRule> rules = new ArrayList<>();
    boolean warm = !result.warmup;
    if (detector.hitters() != null) {
      rules.add(
          rule(detector.hitters(), KeyGroup::hitters, rule -> new HitterRule(rule, total), warm));
    }
    if (detector.changers() != null) {
      rules.add(
          rule(
              detector.changers(),
              KeyGroup::changers,
              rule -> new ChangerRule(rule, larger),
              warm));
    }
    if (detector.spreaders() != null) {
      rules.add(rule(detector.spreaders(), KeyGroup::spreaders, SpreaderRule::new, warm));
    }
    further.forEach(rule -> rules.add(new GroupedRule(rule, groups, List.of(), warm)));
    return rules;
  }

  private <T> GroupedRule rule(
      T own, Function<KeyGroup, T> ofGroup, Function<T, KeyRule> rule, boolean warm) {
    List<KeyRule> ofGroups = new ArrayList<>();
    for (KeyGroup group : detector.overrides()) {
      T other = ofGroup.apply(group);
      ofGroups.add(other == null ? null : rule.apply(other));
    }
    return new GroupedRule(rule.apply(own), groups, ofGroups, warm);
  }
}
