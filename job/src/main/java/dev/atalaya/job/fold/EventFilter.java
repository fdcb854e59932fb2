package dev.atalaya.job.fold;

import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.config.DetectorConfig.Allow;
import dev.atalaya.job.config.DetectorConfig.Condition;
import dev.atalaya.job.decode.DecodedRecord;
import dev.atalaya.job.decode.FieldPlan;
import dev.atalaya.job.match.ValuePatterns;
import java.util.ArrayList;
import java.util.List;

/**
 * Which events a detector looks at: those that meet all its conditions and have, in fields outside
 * its key, no value that it expects. Not thread-safe.
 */
final class EventFilter {

  /** Of the value of a field; an absent one is none of them. */
  private record Test(int slot, ValuePatterns values, boolean negated) {

    boolean isMet(DecodedRecord event) {
      boolean isOneOf =
          event.hasText(slot)
              && values.matches(event.text(), event.textStart(slot), event.textLength(slot));
      return isOneOf != negated;
    }
  }

  private final Test[] tests;

  EventFilter(DetectorConfig detector, FieldPlan plan) {
    List<Test> all = new ArrayList<>();
    for (Condition condition : detector.filter()) {
      ValuePatterns values = ValuePatterns.exact(condition.values());
      all.add(new Test(plan.textSlot(condition.field()), values, condition.negated()));
    }
    for (Allow allowed : detector.allow()) {
      if (!detector.key().contains(allowed.field())) {
        ValuePatterns values = ValuePatterns.of(allowed.patterns());
        all.add(new Test(plan.textSlot(allowed.field()), values, true));
      }
    }
    tests = all.toArray(Test[]::new);
  }

  boolean passes(DecodedRecord event) {
    for (Test test : tests) {
      if (!test.isMet(event)) {
        return false;
      }
    }
    return true;
  }
}
