package dev.atalaya.job.decode;

import dev.atalaya.job.config.FormatConfig.Kind;
import dev.atalaya.job.config.FormatNames;

/**
 * ArcSight Common Event Format, with or without a syslog header before it:
 *
 * <pre>{@code
 * CEF:0|vendor|product|product-version|signature|name|severity|src=10.0.0.1 spt=4000 msg=a text
 * }</pre>
 *
 * Each key of the extension is a field; a value goes up to the next {@code key=}. Escapes ({@code
 * \|}, {@code \=}, {@code \\}, {@code \n}) are taken out; any other backslash is one. Without a
 * time among the keys, that of the syslog header is taken.
 */
final class CefFormat implements Format {

  private static final String HIDDEN_IN_HEADER = "|=\\";
  private static final String HIDDEN_IN_VALUES = HIDDEN_IN_HEADER + "nr";
  private static final byte[] BEGIN = {'C', 'E', 'F', ':'};
  private static final String[] HEADER = {
    "cef", "vendor", "product", "product-version", "signature", "name", "severity"
  };

  private final Parts parts;
  private final int[] header = new int[HEADER.length];
  private final int syslogTime;

  CefFormat(FieldPlan plan, String timeField) {
    parts = Parts.needed(plan, timeField, FormatNames.of(Kind.CEF));
    for (int i = 0; i < HEADER.length; i++) {
      header[i] = parts.find(HEADER[i]);
    }
    syslogTime = parts.find("syslog-time");
  }

  @Override
  public void read(byte[] bytes, int from, int end, EventBuilder event) {
    parts.clear();
    if (!Lines.isOne(bytes, from, end, event)) {
      return;
    }
    int begin = begin(bytes, from, end);
    if (begin < 0) {
      event.fail(RejectReason.FORMAT, "no CEF: there is no CEF: in it");
      return;
    }
    int timeFrom = SyslogFormat.behindPriority(bytes, from, begin);
    int timeEnd = SyslogFormat.timeEnd(bytes, timeFrom, begin);
    if (timeEnd > 0) {
      parts.set(syslogTime, bytes, timeFrom, timeEnd);
    }
    int at = begin + BEGIN.length;
    for (int i = 0; i < header.length; i++) {
      int bar = Escapes.indexOf(bytes, (byte) '|', at, end);
      if (bar == end && i < header.length - 1) {
        event.fail(RejectReason.FORMAT, "no CEF: " + (i + 1) + " of its 7 leading fields");
        return;
      }
      parts.set(header[i], bytes, at, bar);
      parts.unescape(header[i], HIDDEN_IN_HEADER);
      at = Math.min(bar + 1, end);
    }
    if (extension(bytes, at, end, event)) {
      parts.fill(event);
    }
  }

  private static int begin(byte[] bytes, int from, int end) {
    for (int at = from; at + BEGIN.length <= end; at++) {
      if (bytes[at] == 'C'
          && bytes[at + 1] == 'E'
          && bytes[at + 2] == 'F'
          && bytes[at + 3] == ':') {
        return at;
      }
    }
    return -1;
  }

  private boolean extension(byte[] bytes, int from, int end, EventBuilder event) {
    int keyFrom = from;
    while (keyFrom < end && bytes[keyFrom] == ' ') {
      keyFrom++;
    }
    if (keyFrom == end) {
      return true;
    }
    int equals = Escapes.indexOf(bytes, (byte) '=', keyFrom, end);
    if (equals == end) {
      return event.fail(RejectReason.FORMAT, "no CEF: no key=value behind its leading fields");
    }
    while (equals < end) {
      int next = nextEquals(bytes, equals + 1, end);
      int nextKey = next;
      while (nextKey > equals + 1 && next < end && bytes[nextKey - 1] != ' ') {
        nextKey--;
      }
      int valueEnd = next == end ? end : nextKey;
      while (valueEnd > equals + 1 && bytes[valueEnd - 1] == ' ') {
        valueEnd--;
      }
      int part = parts.find(bytes, keyFrom, equals);
      if (part != Parts.NONE && equals + 1 < valueEnd) {
        if (!parts.setOnce(part, bytes, equals + 1, valueEnd, event)) {
          return false;
        }
        parts.unescape(part, HIDDEN_IN_VALUES);
      }
      keyFrom = nextKey;
      equals = next;
    }
    return true;
  }

  /** The next sign that has a key, a word behind a blank, before it; or {@code end}. */
  private static int nextEquals(byte[] bytes, int from, int end) {
    int at = Escapes.indexOf(bytes, (byte) '=', from, end);
    while (at < end && !hasKey(bytes, from, at)) {
      at = Escapes.indexOf(bytes, (byte) '=', at + 1, end);
    }
    return at;
  }

  private static boolean hasKey(byte[] bytes, int from, int equals) {
    int at = equals;
    while (at > from && isKeyByte(bytes[at - 1])) {
      at--;
    }
    return at < equals && at > from && bytes[at - 1] == ' ';
  }

  private static boolean isKeyByte(byte b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || b == '_'
        || b == '.'
        || b == '-'
        || b == '['
        || b == ']';
  }
}
