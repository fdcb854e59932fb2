package dev.atalaya.job.detect;

import java.util.List;

/** A rule of the detector, and those that take its place for groups of keys. Not thread-safe. */
final class GroupedRule {

  private final KeyRule own;
  private final KeyGroups groups;

  /** In the order of the groups; null where a group keeps the detector's rule. */
  private final List<KeyRule> ofGroups;

  /** Whether there is an expectation. */
  private final boolean warm;

  GroupedRule(KeyRule own, KeyGroups groups, List<KeyRule> ofGroups, boolean warm) {
    this.own = own;
    this.groups = groups;
    this.ofGroups = ofGroups;
    this.warm = warm;
  }

  /** The detector's. */
  KeyRule own() {
    return own;
  }

  /** Whether some key may be a finding. */
  boolean canHold() {
    return canHold(own) || ofGroups.stream().anyMatch(rule -> rule != null && canHold(rule));
  }

  private boolean canHold(KeyRule rule) {
    return warm || !rule.needsExpectation();
  }

  boolean usesExpectation() {
    return warm
        && (own.needsExpectation()
            || ofGroups.stream().anyMatch(rule -> rule != null && rule.needsExpectation()));
  }

  boolean looksForVanished() {
    return warm && own.looksForVanished();
  }

  /** Whether the key may be a finding in some group; without looking at its bytes. */
  boolean mayHold(Measured key) {
    if (mayHold(own, key)) {
      return true;
    }
    for (KeyRule rule : ofGroups) {
      if (rule != null && mayHold(rule, key)) {
        return true;
      }
    }
    return false;
  }

  boolean mayHold(KeyRule rule, Measured key) {
    return canHold(rule) && rule.mayHold(key);
  }

  /** The rule that judges a key. */
  KeyRule of(byte[] key) {
    int group = ofGroups.isEmpty() ? KeyGroups.NONE : groups.of(key);
    KeyRule other = group == KeyGroups.NONE ? null : ofGroups.get(group);
    return other == null ? own : other;
  }
}
