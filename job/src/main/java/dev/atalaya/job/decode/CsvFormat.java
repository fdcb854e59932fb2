package dev.atalaya.job.decode;

import dev.atalaya.connectors.Payload;
import dev.atalaya.job.config.FieldConfig;
import dev.atalaya.job.config.FormatConfig;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows of RFC 4180 with any separator, one per payload. Columns have their names from the
 * configuration or from the first line of the file.
 */
final class CsvFormat implements Format {

  private static final String SEPARATORS = ",;\t|";
  private static final int NO_COLUMN = -1;

  private final FormatConfig.Csv csv;
  private final FieldPlan plan;
  private final String timeField;
  private final int maxColumns;
  private final Charset charset;

  /** The row being read: where each column is, and whether quotes in it are doubled. */
  private int[] starts = new int[32];

  private int[] ends = new int[32];
  private boolean[] doubled = new boolean[32];
  private int columns;
  private byte[] unescaped = new byte[64];

  /** What the names of the columns say; from the configuration, or from {@link #boundHeader}. */
  private List<String> names;

  private byte[] boundHeader;
  private byte[] headerRow = {};
  private int[] textColumns;
  private int[] numberColumns;
  private int timeColumn;
  private RejectReason headerFault;
  private String headerDetail;

  private boolean atFileHeader;

  CsvFormat(FormatConfig config, FieldPlan plan, String timeField) {
    csv = config.csv();
    this.plan = plan;
    this.timeField = timeField;
    maxColumns = config.limits().maxFields();
    charset = RecordDecoder.charset(config);
    if (csv.columns() == null) {
      bind(List.of());
      headerFault = RejectReason.HEADER;
      headerDetail = "the source has no file header: name the columns in csv.columns";
    } else {
      bind(csv.columns());
      String separator = String.valueOf(csv.separator());
      headerRow = String.join(separator, csv.columns()).getBytes(StandardCharsets.UTF_8);
    }
  }

  // ---- columns ----

  @Override
  public void begin(Payload payload) {
    atFileHeader = payload.isFileHeader;
    if (csv.columns() == null && payload.fileHeader != null && payload.fileHeader != boundHeader) {
      boundHeader = payload.fileHeader;
      bindHeader(payload.fileHeader);
    }
  }

  private void bindHeader(byte[] header) {
    String text = new String(header, charset);
    byte[] utf8 =
        (text.startsWith("\ufeff") ? text.substring(1) : text).getBytes(StandardCharsets.UTF_8);
    int end = split(utf8, 0, utf8.length);
    boolean isRow = end >= 0 && columns <= maxColumns;
    headerRow = isRow ? Arrays.copyOf(utf8, end) : utf8;
    List<String> found = new ArrayList<>();
    for (int column = 0; isRow && column < columns; column++) {
      found.add(columnText(utf8, column).trim());
    }
    bind(found);
    char other = found.size() == 1 ? otherSeparator(headerRow, 0, headerRow.length) : 0;
    if (!isRow) {
      headerFault = RejectReason.HEADER;
      headerDetail = "the first line of the file is not a row of column names";
    } else if (other != 0) {
      headerFault = RejectReason.COLUMNS;
      headerDetail = "one column in the header: " + looksLike(other);
    }
  }

  private String columnText(byte[] row, int column) {
    int length = ends[column] - starts[column];
    return doubled[column]
        ? new String(unescaped, 0, unescape(row, column), StandardCharsets.UTF_8)
        : new String(row, starts[column], length, StandardCharsets.UTF_8);
  }

  private void bind(List<String> columnNames) {
    names = columnNames;
    headerFault = null;
    textColumns = columnsOf(plan.textFields());
    numberColumns = columnsOf(plan.numberFields());
    timeColumn = timeField == null ? NO_COLUMN : column(timeField);
  }

  private int[] columnsOf(List<FieldConfig> fields) {
    return fields.stream().mapToInt(field -> column(field.path())).toArray();
  }

  private int column(String name) {
    int first = names.indexOf(name);
    if (first != names.lastIndexOf(name)) {
      headerFault = RejectReason.DUPLICATE_FIELD;
      headerDetail = "two columns are named \"" + VisibleText.of(name) + '"';
    }
    return first;
  }

  // ---- rows ----

  @Override
  public void read(byte[] bytes, int from, int end, EventBuilder event) {
    int rowEnd = split(bytes, from, end);
    if (rowEnd < 0) {
      event.fail(
          RejectReason.QUOTE,
          csv.multiline()
              ? "a quoted column does not end, or something stands beside its quotes"
              : "a quoted column does not end on its line, or something stands beside its quotes");
    } else if (rowEnd < end) {
      event.fail(RejectReason.FORMAT, "more than one row");
    } else if (atFileHeader && (csv.columns() == null || isHeaderRow(bytes, from, rowEnd))) {
      event.skip();
    } else if (headerFault != null) {
      event.fail(headerFault, headerDetail);
    } else if (isHeaderRow(bytes, from, rowEnd)) {
      event.fail(RejectReason.HEADER, "the header again");
    } else if (checkColumns(bytes, from, rowEnd, event)
        && Lines.hasNoNul(bytes, from, rowEnd, event)) {
      fill(bytes, event);
    }
  }

  private boolean isHeaderRow(byte[] bytes, int from, int end) {
    return Arrays.equals(bytes, from, end, headerRow, 0, headerRow.length);
  }

  private boolean checkColumns(byte[] bytes, int from, int end, EventBuilder event) {
    if (columns > maxColumns) {
      return event.fail(RejectReason.FIELDS, "more than " + maxColumns + " columns");
    }
    if (columns == names.size()) {
      return true;
    }
    char other = columns == 1 ? otherSeparator(bytes, from, end) : 0;
    return event.fail(
        RejectReason.COLUMNS,
        columns
            + (columns == 1 ? " column, " : " columns, ")
            + names.size()
            + " are named"
            + (other == 0 ? "" : ": " + looksLike(other)));
  }

  /** A separator that is not ours and occurs, or 0. */
  private char otherSeparator(byte[] bytes, int from, int end) {
    for (int at = from; at < end; at++) {
      if (bytes[at] != csv.separator() && SEPARATORS.indexOf(bytes[at]) >= 0) {
        return (char) bytes[at];
      }
    }
    return 0;
  }

  private static String looksLike(char separator) {
    return "looks like '" + (separator == '\t' ? "\\t" : separator) + "'";
  }

  /**
   * Finds the columns of the row that begins at {@code from}.
   *
   * @return where the row ends, or -1 when its quotes are wrong
   */
  private int split(byte[] bytes, int from, int end) {
    columns = 0;
    int at = from;
    while (true) {
      boolean hasQuotes = at < end && bytes[at] == '"';
      int next = hasQuotes ? quotedColumn(bytes, at, end) : plainColumn(bytes, at, end);
      if (next < 0) {
        return -1;
      }
      if (next == end || bytes[next] != csv.separator()) {
        return next;
      }
      at = next + 1;
    }
  }

  /** Returns the place of the separator or line end behind the column, or -1. */
  private int plainColumn(byte[] bytes, int from, int end) {
    char separator = csv.separator();
    int at = from;
    while (at < end) {
      byte b = bytes[at];
      if (b == separator || b == '\n' || b == '\r') {
        break;
      }
      if (b == '"') {
        return -1;
      }
      at++;
    }
    addColumn(from, at, false);
    return at;
  }

  private int quotedColumn(byte[] bytes, int from, int end) {
    boolean hasDoubled = false;
    for (int at = from + 1; at < end; at++) {
      byte b = bytes[at];
      if (b == '"') {
        if (at + 1 < end && bytes[at + 1] == '"') {
          hasDoubled = true;
          at++;
        } else {
          addColumn(from + 1, at, hasDoubled);
          boolean ends = at + 1 == end || isColumnEnd(bytes[at + 1]);
          return ends ? at + 1 : -1;
        }
      } else if (!csv.multiline() && (b == '\n' || b == '\r')) {
        return -1;
      }
    }
    return -1;
  }

  private boolean isColumnEnd(byte b) {
    return b == csv.separator() || b == '\n' || b == '\r';
  }

  /** Columns beyond the limit are counted, not kept. */
  private void addColumn(int start, int end, boolean hasDoubled) {
    if (columns < maxColumns) {
      if (columns == starts.length) {
        starts = Arrays.copyOf(starts, columns * 2);
        ends = Arrays.copyOf(ends, columns * 2);
        doubled = Arrays.copyOf(doubled, columns * 2);
      }
      starts[columns] = start;
      ends[columns] = end;
      doubled[columns] = hasDoubled;
    }
    columns++;
  }

  // ---- values ----

  private boolean fill(byte[] bytes, EventBuilder event) {
    for (int slot = 0; slot < textColumns.length; slot++) {
      int column = textColumns[slot];
      if (column != NO_COLUMN && !fillText(slot, column, bytes, event)) {
        return false;
      }
    }
    for (int slot = 0; slot < numberColumns.length; slot++) {
      int column = numberColumns[slot];
      if (column != NO_COLUMN
          && starts[column] < ends[column]
          && !event.number(slot, bytes, starts[column], ends[column] - starts[column])) {
        return false;
      }
    }
    return timeColumn == NO_COLUMN
        || starts[timeColumn] == ends[timeColumn]
        || event.time(bytes, starts[timeColumn], ends[timeColumn] - starts[timeColumn]);
  }

  private boolean fillText(int slot, int column, byte[] bytes, EventBuilder event) {
    return doubled[column]
        ? event.text(slot, unescaped, 0, unescape(bytes, column))
        : event.text(slot, bytes, starts[column], ends[column] - starts[column]);
  }

  /** Writes a column with its doubled quotes made single to {@link #unescaped}; its length. */
  private int unescape(byte[] bytes, int column) {
    int length = ends[column] - starts[column];
    if (unescaped.length < length) {
      unescaped = new byte[length];
    }
    int to = 0;
    for (int at = starts[column]; at < ends[column]; at++) {
      unescaped[to++] = bytes[at];
      if (bytes[at] == '"') {
        at++;
      }
    }
    return to;
  }

  @Override
  public String similarName(byte[] bytes, int from, int end, String path) {
    return names.stream()
        .filter(name -> name.equalsIgnoreCase(path) && !name.equals(path))
        .findFirst()
        .orElse(null);
  }
}
