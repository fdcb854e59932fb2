package dev.atalaya.job.decode;

import dev.atalaya.job.config.FieldConfig;
import java.util.List;

/** Each payload is one event, and its text the one field: {@value #LINE}. */
final class LinesFormat implements Format {

  static final String LINE = "line";

  private final boolean[] isLine;

  LinesFormat(FieldPlan plan) {
    List<FieldConfig> fields = plan.textFields();
    isLine = new boolean[fields.size()];
    for (int slot = 0; slot < isLine.length; slot++) {
      isLine[slot] = fields.get(slot).path().equals(LINE);
    }
  }

  @Override
  public void read(byte[] bytes, int from, int end, EventBuilder event) {
    if (!Lines.hasNoNul(bytes, from, end, event)) {
      return;
    }
    for (int slot = 0; slot < isLine.length; slot++) {
      if (isLine[slot] && !event.text(slot, bytes, from, end - from)) {
        return;
      }
    }
  }
}
