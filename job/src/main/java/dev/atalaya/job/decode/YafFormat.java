package dev.atalaya.job.decode;

import dev.atalaya.job.config.FormatConfig.Kind;
import dev.atalaya.job.config.FormatNames;

/**
 * Flows of YAF as {@code yafscii --tabular} writes them: padded columns between bars. {@code bytes}
 * and {@code packets} are those of both directions.
 */
final class YafFormat implements Format {

  private final Parts parts;
  private final int columns;

  YafFormat(FieldPlan plan, String timeField) {
    FormatNames names = FormatNames.of(Kind.YAF);
    columns = names.parts().size();
    parts = new Parts(names.parts(), plan, timeField, names, false);
  }

  @Override
  public void read(byte[] bytes, int from, int end, EventBuilder event) {
    parts.clear();
    if (!Lines.isOne(bytes, from, end, event)) {
      return;
    }
    int column = 0;
    for (int at = from; at <= end; column++) {
      int bar = Lines.indexOf(bytes, (byte) '|', at, end);
      if (column < columns) {
        setTrimmed(column, bytes, at, bar);
      }
      at = bar + 1;
    }
    if (column == columns) {
      parts.fill(event);
    } else {
      event.fail(RejectReason.COLUMNS, column + " columns, a flow of YAF has " + columns);
    }
  }

  private void setTrimmed(int column, byte[] bytes, int from, int end) {
    int start = from;
    int trimmed = end;
    while (start < trimmed && bytes[start] == ' ') {
      start++;
    }
    while (trimmed > start && bytes[trimmed - 1] == ' ') {
      trimmed--;
    }
    parts.set(column, bytes, start, trimmed);
  }
}
