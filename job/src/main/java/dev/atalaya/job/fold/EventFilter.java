package dev.atalaya.job.fold;

import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.decode.DecodedRecord;
import dev.atalaya.job.decode.FieldPlan;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** All conditions of a detector, ready to be tested on the bytes of a record. */
final class EventFilter {

  private final int[] slots;
  private final byte[][][] values;
  private final boolean[] negated;

  EventFilter(List<DetectorConfig.Condition> conditions, FieldPlan plan) {
    slots = conditions.stream().mapToInt(c -> plan.textSlot(c.field())).toArray();
    values =
        conditions.stream()
            .map(
                c ->
                    c.values().stream()
                        .map(value -> value.getBytes(StandardCharsets.UTF_8))
                        .toArray(byte[][]::new))
            .toArray(byte[][][]::new);
    negated = new boolean[conditions.size()];
    for (int i = 0; i < negated.length; i++) {
      negated[i] = conditions.get(i).negated();
    }
  }

  boolean passes(DecodedRecord event) {
    for (int i = 0; i < slots.length; i++) {
      if (isOneOf(event, slots[i], values[i]) == negated[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean isOneOf(DecodedRecord event, int slot, byte[][] candidates) {
    if (!event.hasText(slot)) {
      return false;
    }
    int from = event.textStart(slot);
    int to = from + event.textLength(slot);
    for (byte[] candidate : candidates) {
      if (Arrays.equals(event.text(), from, to, candidate, 0, candidate.length)) {
        return true;
      }
    }
    return false;
  }
}
