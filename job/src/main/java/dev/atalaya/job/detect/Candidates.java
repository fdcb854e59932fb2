package dev.atalaya.job.detect;

import dev.atalaya.job.config.DetectorConfig.BaselineKind;
import dev.atalaya.sketch.KeySummary;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The keys of a window that are known by name, or its prefixes, each with its value and what is
 * expected of it. Not thread-safe.
 */
final class Candidates {

  private final KeySummary current;
  private final Expectation expectation;

  /**
   * @param expectation null when there is none
   */
  Candidates(KeySummary current, Expectation expectation) {
    this.current = current;
    this.expectation = expectation;
  }

  /** Whether every key of the window is a candidate. */
  boolean isComplete() {
    return current.isExact();
  }

  /**
   * Whether what is expected of a prefix is what is expected of all its candidates. What is learned
   * of a prefix is not: of most keys nothing is.
   */
  boolean expectsCompletely() {
    return expectation == null
        || (expectation.kind() == BaselineKind.PREVIOUS_WINDOW && expectation.errorBound() == 0);
  }

  /** Visits each candidate once, those of which something was expected and that are gone too. */
  void forEach(Visitor visitor) {
    forEach(expectation != null, expectation != null, key -> true, visitor);
  }

  /** Visits each candidate once for which a rule may hold. */
  void forEach(GroupedRule rule, Visitor visitor) {
    forEach(rule.usesExpectation(), rule.looksForVanished(), rule::mayHold, visitor);
  }

  private void forEach(
      boolean expects, boolean vanished, Predicate<Measured> test, Visitor visitor) {
    // A key stored in both comes twice; its values are the same both times.
    Set<Long> seen = vanished ? new HashSet<>() : null;
    Measured key = new Measured();
    KeySummary.CandidateVisitor each =
        (hash, keys, offset, length, lower, upper) -> {
          key.hash = hash;
          key.lower = lower;
          key.upper = upper;
          if (expects) {
            setExpectedBounds(key);
          }
          if (test.test(key) && (seen == null || seen.add(hash))) {
            visitor.visit(measure(hash), keys, offset, length);
          }
        };
    current.forEachCandidate(each);
    if (vanished) {
      expectation.forEachCandidate(
          (hash, keys, offset, length, lower, upper) ->
              each.visit(hash, keys, offset, length, current.lower(hash), current.upper(hash)));
    }
  }

  /** All that is known of a key. */
  Measured measure(long hash) {
    Measured key = new Measured();
    key.hash = hash;
    key.value = current.estimate(hash);
    key.lower = current.lower(hash);
    key.upper = current.upper(hash);
    if (expectation != null) {
      key.expected = expectation.expected(hash);
      setExpectedBounds(key);
    }
    return key;
  }

  private void setExpectedBounds(Measured key) {
    key.expectedLower = expectation.lower(key.hash);
    key.expectedUpper = expectation.upper(key.hash);
    key.deviation = expectation.deviation(key.hash);
  }

  /** Receives a key, in an array that is not its own. */
  @FunctionalInterface
  interface Visitor {
    void visit(Measured key, byte[] keys, int offset, int length);
  }
}
