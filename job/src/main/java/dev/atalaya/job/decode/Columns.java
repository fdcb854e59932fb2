package dev.atalaya.job.decode;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The columns of rows whose names a header gives: each is a part, or is passed over.
 *
 * <p>Not thread-safe.
 */
final class Columns {

  private final Parts parts;
  private final int maxColumns;
  private int[] partOfColumn;

  /** Why no row can be read, or null. */
  private RejectReason fault = RejectReason.HEADER;

  private String detail = "no header has named the columns: name them in 'columns'";

  /**
   * @param maxColumns of a row
   */
  Columns(Parts parts, int maxColumns) {
    this.parts = parts;
    this.maxColumns = maxColumns;
    partOfColumn = new int[0];
  }

  /** Takes the names of the columns. */
  void bind(List<String> names) {
    Set<String> seen = new HashSet<>();
    partOfColumn = new int[names.size()];
    fault = null;
    for (int column = 0; column < partOfColumn.length; column++) {
      partOfColumn[column] = parts.find(names.get(column));
      if (!seen.add(names.get(column)) && partOfColumn[column] != Parts.NONE) {
        fault = RejectReason.DUPLICATE_FIELD;
        detail = "two columns are named \"" + VisibleText.of(names.get(column)) + '"';
      }
    }
  }

  /** Takes that there is a header, and none to read rows by. */
  void bindNothing(String why) {
    fault = RejectReason.HEADER;
    detail = why;
  }

  /** Cuts a row at a separator; what is {@code unset} has no value. */
  boolean split(byte[] bytes, int from, int end, byte separator, byte[] unset, EventBuilder event) {
    if (fault != null) {
      return event.fail(fault, detail);
    }
    int column = 0;
    for (int at = from; at <= end; column++) {
      int columnEnd = Lines.indexOf(bytes, separator, at, end);
      if (column < partOfColumn.length && partOfColumn[column] != Parts.NONE) {
        if (Arrays.equals(bytes, at, columnEnd, unset, 0, unset.length)) {
          parts.setUnset(partOfColumn[column]);
        } else {
          parts.set(partOfColumn[column], bytes, at, columnEnd);
        }
      }
      at = columnEnd + 1;
    }
    if (column > maxColumns) {
      return event.fail(RejectReason.FIELDS, "more than " + maxColumns + " columns");
    }
    return column == partOfColumn.length
        || event.fail(
            RejectReason.COLUMNS,
            column
                + (column == 1 ? " column, " : " columns, ")
                + partOfColumn.length
                + " are named");
  }
}
