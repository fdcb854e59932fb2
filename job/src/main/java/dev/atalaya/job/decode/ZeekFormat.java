package dev.atalaya.job.decode;

import dev.atalaya.connectors.Payload;
import dev.atalaya.job.config.FormatConfig;
import dev.atalaya.job.config.FormatNames;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Logs of Zeek: columns that header lines name ({@code #separator}, {@code #fields}, {@code
 * #unset_field}), or JSON documents, also inside of an object that names the log. Header lines are
 * no records. Values are taken as Zeek wrote them; an unset one is no text, and as a number 0.
 */
final class ZeekFormat implements Format {

  private static final byte MARK = '#';
  private static final String DASH = "-";

  private final JsonFormat json;
  private final Parts parts;
  private final Columns columns;
  private final boolean namesAreGiven;

  private boolean isOfFile;
  private byte[] boundHeader;
  private byte separator = '\t';
  private byte[] unset = DASH.getBytes(StandardCharsets.UTF_8);

  ZeekFormat(FormatConfig config, FieldPlan plan, String timeField) {
    json = new JsonFormat(config, plan, timeField);
    parts = Parts.needed(plan, timeField, FormatNames.of(config.kind()));
    columns = new Columns(parts, config.limits().maxFields());
    namesAreGiven = config.csv().columns() != null;
    if (namesAreGiven) {
      columns.bind(config.csv().columns());
    }
  }

  /** A task that goes on in the middle of a file learns the header from here. */
  @Override
  public void begin(Payload payload) {
    isOfFile = payload.fileHeader != null;
    if (payload.fileHeader != null && payload.fileHeader != boundHeader) {
      boundHeader = payload.fileHeader;
      separator = '\t';
      unset = DASH.getBytes(StandardCharsets.UTF_8);
      if (!namesAreGiven) {
        columns.bindNothing("the file names no columns: there is no #fields before the first row");
      }
      for (String line : new String(boundHeader, StandardCharsets.UTF_8).split("[\r\n]+")) {
        readHeader(line);
      }
    }
  }

  private void readHeader(String line) {
    int split = 0;
    while (split < line.length() && line.charAt(split) != ' ' && line.charAt(split) != separator) {
      split++;
    }
    if (split == line.length()) {
      return;
    }
    String value = line.substring(split + 1);
    switch (line.substring(0, split)) {
      case "#separator" -> separator = separatorOf(value);
      case "#unset_field" -> unset = value.getBytes(StandardCharsets.UTF_8);
      case "#fields" -> {
        if (!namesAreGiven) {
          columns.bind(List.of(value.split(Pattern.quote(String.valueOf((char) separator)), -1)));
        }
      }
      default -> {
        // Types, times and the like say nothing about where a value is.
      }
    }
  }

  /** Written {@code \x09}, or as it is. */
  private static byte separatorOf(String text) {
    if (text.length() == 4 && text.startsWith("\\x")) {
      int high = Character.digit(text.charAt(2), 16);
      int low = Character.digit(text.charAt(3), 16);
      return high >= 0 && high < 8 && low >= 0 ? (byte) (high << 4 | low) : (byte) '\t';
    }
    return text.length() == 1 && text.charAt(0) < 0x80 ? (byte) text.charAt(0) : (byte) '\t';
  }

  @Override
  public void read(byte[] bytes, int from, int end, EventBuilder event) {
    if (bytes[from] == '{') {
      json.read(bytes, from, end, event);
      return;
    }
    parts.clear();
    if (!Lines.isOne(bytes, from, end, event)) {
      return;
    }
    if (bytes[from] == MARK && isOfFile) {
      readHeader(new String(bytes, from, end - from, StandardCharsets.UTF_8));
      event.skip();
    } else if (bytes[from] == MARK) {
      // Messages of a queue come in no order, so one says nothing about the others.
      event.fail(RejectReason.HEADER, "a header line, which is no record");
    } else if (columns.split(bytes, from, end, separator, unset, event)) {
      parts.fill(event);
    }
  }

  @Override
  public String similarName(byte[] bytes, int from, int end, String path) {
    return bytes[from] == '{' ? json.similarName(bytes, from, end, path) : null;
  }
}
