package dev.atalaya.job.decode;

import dev.atalaya.job.config.FieldConfig;
import java.util.Arrays;
import java.util.List;

/**
 * Access logs in the common and the combined format of Apache HTTP Server and NGINX:
 *
 * <pre>{@code
 * src ident user [time] "method url protocol" status bytes "referer" "ua"
 * }</pre>
 *
 * {@code path} is the url up to its query. A request that is not of three words is all url, with
 * {@code -} for the others. Text is taken as the server wrote it: escapes ({@code \x16}, {@code
 * \"}) and percent-encoding are not decoded, and {@code -} is a text like any other, but counts 0
 * as a number. What follows the user agent is passed over.
 */
final class CombinedLogFormat implements Format {

  /** The parts of a line, in the order of this enum's constants. */
  static final List<String> PARTS =
      List.of(
          "src",
          "ident",
          "user",
          "time",
          "status",
          "bytes",
          "referer",
          "ua",
          "method",
          "url",
          "path",
          "protocol");

  private static final int SRC = 0;
  private static final int IDENT = 1;
  private static final int USER = 2;
  private static final int TIME = 3;
  private static final int STATUS = 4;
  private static final int BYTES = 5;
  private static final int REFERER = 6;
  private static final int UA = 7;
  private static final int METHOD = 8;
  private static final int URL = 9;
  private static final int PATH = 10;
  private static final int PROTOCOL = 11;

  private static final byte[] DASH = {'-'};
  private static final int ABSENT = -1;

  /** In place of a start: the part is a dash that the line does not have. */
  private static final int IMPLIED_DASH = -2;

  private final int[] textParts;
  private final int[] numberParts;
  private final boolean wantsTime;
  private final int[] starts = new int[PARTS.size()];
  private final int[] ends = new int[PARTS.size()];

  CombinedLogFormat(FieldPlan plan, String timeField) {
    textParts = parts(plan.textFields());
    numberParts = parts(plan.numberFields());
    wantsTime = "time".equals(timeField);
  }

  private static int[] parts(List<FieldConfig> fields) {
    return fields.stream().mapToInt(field -> PARTS.indexOf(field.path())).toArray();
  }

  @Override
  public void read(byte[] bytes, int from, int end, EventBuilder event) {
    if (Lines.hasNoNul(bytes, from, end, event)
        && isOneLine(bytes, from, end, event)
        && split(bytes, from, end, event)) {
      fill(bytes, event);
    }
  }

  private static boolean isOneLine(byte[] bytes, int from, int end, EventBuilder event) {
    return Lines.end(bytes, from, end) == end
        || event.fail(RejectReason.FORMAT, "more than one line");
  }

  // ---- cutting ----

  private boolean split(byte[] bytes, int from, int end, EventBuilder event) {
    Arrays.fill(starts, ABSENT);
    int at = word(bytes, from, end, SRC);
    at = word(bytes, at, end, IDENT);
    at = word(bytes, at, end, USER);
    at = bracketed(bytes, at, end);
    if (at < 0) {
      return event.fail(RejectReason.FORMAT, "no src ident user [time] at the beginning");
    }
    at = quoted(bytes, at, end, URL);
    if (at < 0 || at >= end) {
      return event.fail(
          RejectReason.FORMAT, "the request is not a quoted text with its quotes escaped");
    }
    splitRequest(bytes, starts[URL], ends[URL]);
    at = word(bytes, at, end, STATUS);
    at = word(bytes, at, end, BYTES);
    if (at < 0 || !isCount(bytes, BYTES) || !isCount(bytes, STATUS)) {
      return event.fail(RejectReason.FORMAT, "no status and size after the request");
    }
    if (!isStatus(bytes)) {
      return event.fail(
          RejectReason.RANGE,
          "status "
              + VisibleText.of(bytes, starts[STATUS], ends[STATUS] - starts[STATUS])
              + " is not between 100 and 999");
    }
    if (at < end && bytes[at] == '"') {
      at = quoted(bytes, at, end, REFERER);
      if (at >= 0 && at < end && bytes[at] == '"') {
        at = lastQuoted(bytes, at, end);
      }
    }
    return passOver(bytes, at, end)
        || event.fail(
            RejectReason.FORMAT, "a quote that is not escaped in or after referer and ua");
  }

  /**
   * Takes text up to a space or the end.
   *
   * @return the place after the space, {@code end + 1} when the line ends instead, or -1
   */
  private int word(byte[] bytes, int from, int end, int part) {
    if (from < 0 || from >= end) {
      return -1;
    }
    int at = from;
    while (at < end && bytes[at] != ' ') {
      at++;
    }
    starts[part] = from;
    ends[part] = at;
    return at == from ? -1 : at + 1;
  }

  private int bracketed(byte[] bytes, int from, int end) {
    if (from < 0 || from >= end || bytes[from] != '[') {
      return -1;
    }
    int at = from + 1;
    while (at < end && bytes[at] != ']') {
      at++;
    }
    starts[TIME] = from + 1;
    ends[TIME] = at;
    return at + 1 < end && bytes[at + 1] == ' ' ? at + 2 : -1;
  }

  /** Takes text in quotes; a backslash hides the quote behind it. Returns as {@link #word} does. */
  private int quoted(byte[] bytes, int from, int end, int part) {
    if (from >= end || bytes[from] != '"') {
      return -1;
    }
    int close = closingQuote(bytes, from + 1, end);
    if (close == end || (close + 1 < end && bytes[close + 1] != ' ')) {
      return -1;
    }
    starts[part] = from + 1;
    ends[part] = close;
    return close + 2;
  }

  /** The user agent: servers cut lines that are too long, so its closing quote may be missing. */
  private int lastQuoted(byte[] bytes, int from, int end) {
    if (closingQuote(bytes, from + 1, end) < end) {
      return quoted(bytes, from, end, UA);
    }
    starts[UA] = from + 1;
    ends[UA] = end;
    return end + 1;
  }

  private static int closingQuote(byte[] bytes, int from, int end) {
    int at = from;
    while (at < end && bytes[at] != '"') {
      at += bytes[at] == '\\' ? 2 : 1;
    }
    return Math.min(at, end);
  }

  /** Whether the rest is words and quoted texts. */
  private static boolean passOver(byte[] bytes, int from, int end) {
    int at = from;
    while (at >= 0 && at < end) {
      if (bytes[at] == '"') {
        int close = closingQuote(bytes, at + 1, end);
        if (close == end || (close + 1 < end && bytes[close + 1] != ' ')) {
          return false;
        }
        at = close + 1;
      }
      while (at < end && bytes[at] != ' ') {
        if (bytes[at++] == '"') {
          return false;
        }
      }
      at++;
    }
    return at >= 0;
  }

  /** Cuts {@code GET /a?b HTTP/1.1}; the url may hold spaces, and the protocol may be missing. */
  private void splitRequest(byte[] bytes, int from, int end) {
    int methodEnd = from;
    while (methodEnd < end && bytes[methodEnd] >= 'A' && bytes[methodEnd] <= 'Z') {
      methodEnd++;
    }
    starts[METHOD] = IMPLIED_DASH;
    starts[PROTOCOL] = IMPLIED_DASH;
    if (methodEnd > from && methodEnd + 1 < end && bytes[methodEnd] == ' ') {
      set(METHOD, from, methodEnd);
      int last = end;
      while (bytes[last - 1] != ' ') {
        last--;
      }
      boolean hasProtocol = last > methodEnd + 1 && startsWithHttp(bytes, last, end);
      if (hasProtocol) {
        set(PROTOCOL, last, end);
      }
      set(URL, methodEnd + 1, hasProtocol ? last - 1 : end);
    }
    int query = starts[URL];
    while (query < ends[URL] && bytes[query] != '?') {
      query++;
    }
    set(PATH, starts[URL], query);
  }

  private void set(int part, int start, int end) {
    starts[part] = start;
    ends[part] = end;
  }

  private static boolean startsWithHttp(byte[] bytes, int from, int end) {
    return end - from > 5
        && bytes[from] == 'H'
        && bytes[from + 1] == 'T'
        && bytes[from + 2] == 'T'
        && bytes[from + 3] == 'P'
        && bytes[from + 4] == '/';
  }

  private boolean isDash(byte[] bytes, int part) {
    return ends[part] - starts[part] == 1 && bytes[starts[part]] == '-';
  }

  /** Whether a part is digits, or a dash for the size. */
  private boolean isCount(byte[] bytes, int part) {
    if (part == BYTES && isDash(bytes, part)) {
      return true;
    }
    for (int at = starts[part]; at < ends[part]; at++) {
      if (bytes[at] < '0' || bytes[at] > '9') {
        return false;
      }
    }
    return true;
  }

  private boolean isStatus(byte[] bytes) {
    return ends[STATUS] - starts[STATUS] == 3 && bytes[starts[STATUS]] != '0';
  }

  // ---- filling ----

  private boolean fill(byte[] bytes, EventBuilder event) {
    for (int slot = 0; slot < textParts.length; slot++) {
      if (!fillText(slot, textParts[slot], bytes, event)) {
        return false;
      }
    }
    for (int slot = 0; slot < numberParts.length; slot++) {
      if (!fillNumber(slot, numberParts[slot], bytes, event)) {
        return false;
      }
    }
    return !wantsTime || event.time(bytes, starts[TIME], ends[TIME] - starts[TIME]);
  }

  private boolean fillText(int slot, int part, byte[] bytes, EventBuilder event) {
    if (part == ABSENT || starts[part] == ABSENT) {
      return true;
    }
    return starts[part] == IMPLIED_DASH
        ? event.text(slot, DASH, 0, DASH.length)
        : event.text(slot, bytes, starts[part], ends[part] - starts[part]);
  }

  private boolean fillNumber(int slot, int part, byte[] bytes, EventBuilder event) {
    if (part == ABSENT || starts[part] == ABSENT) {
      return true;
    }
    boolean isDash = starts[part] == IMPLIED_DASH || isDash(bytes, part);
    return isDash
        ? event.number(slot, 0)
        : event.number(slot, bytes, starts[part], ends[part] - starts[part]);
  }
}
