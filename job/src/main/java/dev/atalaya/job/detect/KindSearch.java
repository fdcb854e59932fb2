package dev.atalaya.job.detect;

import dev.atalaya.job.config.DetectorConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/** Looks for the findings of a rule among the keys and prefixes of one window. Not thread-safe. */
final class KindSearch {

  /** How many keys, and how many prefixes, are rolled up; of more, the largest. */
  private static final int MAX_ROLLED_UP = 10_000;

  private final DetectorConfig detector;
  private final WindowSummaries window;
  private final Candidates keys;
  private final Candidates prefixes;
  private final Expectation expectation;
  private final AllowedKeys allowedKeys;
  private final AlsoMeasures also;

  /** Both null without roll-up. */
  private final BitString.Reader reader;

  private final Rollup rollup;
  private long allowed;

  /**
   * @param prefixes null without roll-up
   * @param expectation null when there is none
   */
  KindSearch(
      DetectorConfig detector,
      WindowSummaries window,
      Candidates keys,
      Candidates prefixes,
      Expectation expectation,
      AllowedKeys allowedKeys) {
    this.detector = detector;
    this.window = window;
    this.keys = keys;
    this.prefixes = prefixes;
    this.expectation = expectation;
    this.allowedKeys = allowedKeys;
    also = new AlsoMeasures(detector, window);
    if (prefixes == null) {
      reader = null;
      rollup = null;
    } else {
      reader = new BitString.Reader(detector.rollup().path() > 0);
      LongerPrefixes longer = new LongerPrefixes(detector, keys, also, reader);
      rollup = new Rollup(detector, reader, longer);
    }
  }

  KindFindings find(GroupedRule rule) {
    TopFindings found = new TopFindings(detector.maxAlerts());
    if (rollup == null) {
      search(keys, rule, false, crossing -> tell(crossing, found));
    } else {
      Largest ofKeys = new Largest(MAX_ROLLED_UP);
      Largest ofPrefixes = new Largest(MAX_ROLLED_UP);
      search(
          keys,
          rule,
          false,
          crossing -> {
            Crossing left = ofKeys.add(crossing);
            if (left != null) {
              // Explains no prefix, but is a finding.
              tell(left, found);
            }
          });
      search(prefixes, rule, true, ofPrefixes::add);
      rollup.of(ofPrefixes.list(), ofKeys.list()).forEach(crossing -> tell(crossing, found));
    }
    return found.of(rule.own().kind(), rule.own().threshold());
  }

  private void search(
      Candidates candidates, GroupedRule rules, boolean prefix, Consumer<Crossing> found) {
    candidates.forEach(
        rules,
        (key, bytes, offset, length) -> {
          if (!also.mayHold(key.hash)) {
            return;
          }
          byte[] own = Arrays.copyOfRange(bytes, offset, offset + length);
          KeyRule rule = rules.of(own);
          boolean told = rules.mayHold(rule, key);
          if (told || (rollup != null && rules.mayHold(rules.own(), key))) {
            found.accept(
                new Crossing(
                    own, prefix, told ? rule : rules.own(), told, key, key, also.of(key.hash)));
          }
        });
  }

  private void tell(Crossing crossing, TopFindings found) {
    if (!crossing.told) {
      return;
    }
    if (allowedKeys.contain(crossing.key)) {
      allowed++;
    } else {
      found.add(crossing.toFinding(expectation));
    }
  }

  /** Findings of keys that the detector's lists call expected. */
  long allowed() {
    return allowed;
  }

  void addContributors(List<KindFindings> kinds) {
    List<Finding> listed = new ArrayList<>();
    kinds.forEach(found -> listed.addAll(List.of(found.listed)));
    if (!listed.isEmpty()) {
      new ContributorLists(detector, window, reader).fill(listed);
    }
  }

  /** The first of many by magnitude. */
  private static final class Largest {
    private final PriorityQueue<Crossing> lastFirst =
        new PriorityQueue<>(Crossing.BY_MAGNITUDE.reversed());
    private final int limit;

    Largest(int limit) {
      this.limit = limit;
    }

    /** Answers the one that is among the first no longer, or null. */
    Crossing add(Crossing crossing) {
      lastFirst.add(crossing);
      return lastFirst.size() > limit ? lastFirst.poll() : null;
    }

    List<Crossing> list() {
      return new ArrayList<>(lastFirst);
    }
  }
}
