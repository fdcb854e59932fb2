package dev.atalaya.job.decode;

import dev.atalaya.job.config.FormatConfig;
import dev.atalaya.job.config.FormatNames;

/**
 * Pairs such as {@code src=10.0.0.1 user="a b" bytes=7}, as firewalls and logfmt write them. A
 * value in double quotes may hold separators, and a backslash in it hides the character behind it.
 * Words without a value are passed over, as is the priority of syslog before all.
 */
final class KeyValueFormat implements Format {

  private final Parts parts;
  private final byte separator;
  private final byte assign;

  KeyValueFormat(FormatConfig config, FieldPlan plan, String timeField) {
    parts = Parts.needed(plan, timeField, FormatNames.of(config.kind()));
    separator = (byte) config.pairs().separator();
    assign = (byte) config.pairs().assign();
  }

  @Override
  public void read(byte[] bytes, int from, int end, EventBuilder event) {
    parts.clear();
    if (!Lines.isOne(bytes, from, end, event)) {
      return;
    }
    int pairs = 0;
    int at = SyslogFormat.behindPriority(bytes, from, end);
    while (at < end) {
      at = skipBlanks(bytes, at, end);
      int nameFrom = at;
      while (at < end && bytes[at] != assign && !isSeparator(bytes[at])) {
        at++;
      }
      if (at < end && bytes[at] == assign) {
        pairs++;
        at = value(bytes, nameFrom, at, end, event);
        if (at < 0) {
          return;
        }
      }
      at++;
    }
    if (pairs > 0) {
      parts.fill(event);
    } else {
      event.fail(RejectReason.FORMAT, "no name" + (char) assign + "value in it");
    }
  }

  /** Takes the value behind {@code assign}; answers the place behind it, or -1. */
  private int value(byte[] bytes, int nameFrom, int nameEnd, int end, EventBuilder event) {
    int trimmed = nameEnd;
    while (trimmed > nameFrom && isBlank(bytes[trimmed - 1])) {
      trimmed--;
    }
    int part = parts.find(bytes, nameFrom, trimmed);
    int from = skipBlanksOfValue(bytes, nameEnd + 1, end);
    if (from < end && bytes[from] == '"') {
      int close = Escapes.closingQuote(bytes, from + 1, end);
      int behind = close == end ? end : skipBlanksOfValue(bytes, close + 1, end);
      if (close == end || (behind < end && !isSeparator(bytes[behind]))) {
        event.fail(RejectReason.QUOTE, "a quote is not closed, or text is behind it");
        return -1;
      }
      if (!parts.setOnce(part, bytes, from + 1, close, event)) {
        return -1;
      }
      parts.unescape(part, null);
      return behind;
    }
    int valueEnd = from;
    while (valueEnd < end && !isSeparator(bytes[valueEnd])) {
      valueEnd++;
    }
    int kept = valueEnd;
    while (kept > from && isBlank(bytes[kept - 1])) {
      kept--;
    }
    return parts.setOnce(part, bytes, from, kept, event) ? valueEnd : -1;
  }

  private boolean isSeparator(byte b) {
    return b == separator || (separator == ' ' && b == '\t');
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }

  private int skipBlanksOfValue(byte[] bytes, int from, int end) {
    int at = from;
    while (at < end && isBlank(bytes[at]) && !isSeparator(bytes[at])) {
      at++;
    }
    return at;
  }

  private static int skipBlanks(byte[] bytes, int from, int end) {
    int at = from;
    while (at < end && isBlank(bytes[at])) {
      at++;
    }
    return at;
  }
}
