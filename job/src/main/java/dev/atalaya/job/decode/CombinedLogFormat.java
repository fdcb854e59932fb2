package dev.atalaya.job.decode;

import dev.atalaya.job.config.FormatConfig.Kind;
import dev.atalaya.job.config.FormatNames;

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

  private final Parts parts;
  private final int src;
  private final int ident;
  private final int user;
  private final int time;
  private final int method;
  private final int url;
  private final int path;
  private final int protocol;
  private final int status;
  private final int size;
  private final int referer;
  private final int ua;

  CombinedLogFormat(FieldPlan plan, String timeField) {
    FormatNames names = FormatNames.of(Kind.COMBINED_LOG);
    parts = new Parts(names.parts(), plan, timeField, names, true);
    src = parts.find("src");
    ident = parts.find("ident");
    user = parts.find("user");
    time = parts.find("time");
    method = parts.find("method");
    url = parts.find("url");
    path = parts.find("path");
    protocol = parts.find("protocol");
    status = parts.find("status");
    size = parts.find("bytes");
    referer = parts.find("referer");
    ua = parts.find("ua");
  }

  @Override
  public void read(byte[] bytes, int from, int end, EventBuilder event) {
    parts.clear();
    if (Lines.isOne(bytes, from, end, event) && split(bytes, from, end, event)) {
      parts.fill(event);
    }
  }

  // ---- cutting ----

  private boolean split(byte[] bytes, int from, int end, EventBuilder event) {
    int at = word(bytes, from, end, src);
    at = word(bytes, at, end, ident);
    at = word(bytes, at, end, user);
    at = bracketed(bytes, at, end);
    if (at < 0) {
      return event.fail(RejectReason.FORMAT, "no src ident user [time] at the beginning");
    }
    at = quoted(bytes, at, end, url);
    if (at < 0 || at >= end) {
      return event.fail(
          RejectReason.FORMAT, "the request is not a quoted text with its quotes escaped");
    }
    splitRequest(bytes, parts.starts[url], parts.ends[url]);
    at = word(bytes, at, end, status);
    at = word(bytes, at, end, size);
    if (at < 0 || !isCount(bytes, size) || !isCount(bytes, status)) {
      return event.fail(RejectReason.FORMAT, "no status and size after the request");
    }
    if (!isStatus(bytes)) {
      return event.fail(
          RejectReason.RANGE,
          "status "
              + VisibleText.of(
                  bytes, parts.starts[status], parts.ends[status] - parts.starts[status])
              + " is not between 100 and 999");
    }
    if (at < end && bytes[at] == '"') {
      at = quoted(bytes, at, end, referer);
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
    parts.set(part, bytes, from, at);
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
    parts.set(time, bytes, from + 1, at);
    return at + 1 < end && bytes[at + 1] == ' ' ? at + 2 : -1;
  }

  /** Takes text in quotes; a backslash hides the quote behind it. Returns as {@link #word} does. */
  private int quoted(byte[] bytes, int from, int end, int part) {
    if (from >= end || bytes[from] != '"') {
      return -1;
    }
    int close = Escapes.closingQuote(bytes, from + 1, end);
    if (close == end || (close + 1 < end && bytes[close + 1] != ' ')) {
      return -1;
    }
    parts.set(part, bytes, from + 1, close);
    return close + 2;
  }

  /** The user agent: servers cut lines that are too long, so its closing quote may be missing. */
  private int lastQuoted(byte[] bytes, int from, int end) {
    if (Escapes.closingQuote(bytes, from + 1, end) < end) {
      return quoted(bytes, from, end, ua);
    }
    parts.set(ua, bytes, from + 1, end);
    return end + 1;
  }

  /** Whether the rest is words and quoted texts. */
  private static boolean passOver(byte[] bytes, int from, int end) {
    int at = from;
    while (at >= 0 && at < end) {
      if (bytes[at] == '"') {
        int close = Escapes.closingQuote(bytes, at + 1, end);
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
    parts.setDash(method);
    parts.setDash(protocol);
    if (methodEnd > from && methodEnd + 1 < end && bytes[methodEnd] == ' ') {
      parts.set(method, bytes, from, methodEnd);
      int last = end;
      while (bytes[last - 1] != ' ') {
        last--;
      }
      boolean hasProtocol = last > methodEnd + 1 && startsWithHttp(bytes, last, end);
      if (hasProtocol) {
        parts.set(protocol, bytes, last, end);
      }
      parts.set(url, bytes, methodEnd + 1, hasProtocol ? last - 1 : end);
    }
    int start = parts.starts[url];
    parts.set(path, bytes, start, Lines.indexOf(bytes, (byte) '?', start, parts.ends[url]));
  }

  private static boolean startsWithHttp(byte[] bytes, int from, int end) {
    return end - from > 5
        && bytes[from] == 'H'
        && bytes[from + 1] == 'T'
        && bytes[from + 2] == 'T'
        && bytes[from + 3] == 'P'
        && bytes[from + 4] == '/';
  }

  /** Whether a part is digits, or a dash for the size. */
  private boolean isCount(byte[] bytes, int part) {
    if (part == size && parts.isDash(part)) {
      return true;
    }
    for (int at = parts.starts[part]; at < parts.ends[part]; at++) {
      if (bytes[at] < '0' || bytes[at] > '9') {
        return false;
      }
    }
    return true;
  }

  private boolean isStatus(byte[] bytes) {
    return parts.ends[status] - parts.starts[status] == 3 && bytes[parts.starts[status]] != '0';
  }
}
