package dev.atalaya.job.decode;

import dev.atalaya.job.config.FormatConfig.Kind;
import dev.atalaya.job.config.FormatNames;

/**
 * The native access log of Squid:
 *
 * <pre>{@code
 * time elapsed src result/status bytes method url user hierarchy/dst type
 * }</pre>
 *
 * {@code path} is the url up to its query, {@code host} what stands between its {@code //} and the
 * next {@code /}, or the whole url of a CONNECT. What follows the type is passed over.
 */
final class SquidFormat implements Format {

  /** The words of a line that are a part as they are, and one that is two. */
  private static final int TWO = -2;

  private final Parts parts;
  private final int result;
  private final int status;
  private final int url;
  private final int path;
  private final int host;
  private final int hierarchy;
  private final int dst;

  /** For each word of a line, the part that it is. */
  private final int[] words;

  SquidFormat(FieldPlan plan, String timeField) {
    FormatNames names = FormatNames.of(Kind.SQUID);
    parts = new Parts(names.parts(), plan, timeField, names, true);
    result = parts.find("result");
    status = parts.find("status");
    url = parts.find("url");
    path = parts.find("path");
    host = parts.find("host");
    hierarchy = parts.find("hierarchy");
    dst = parts.find("dst");
    words =
        new int[] {
          parts.find("time"),
          parts.find("elapsed"),
          parts.find("src"),
          TWO,
          parts.find("bytes"),
          parts.find("method"),
          url,
          parts.find("user"),
          TWO,
          parts.find("type")
        };
  }

  @Override
  public void read(byte[] bytes, int from, int end, EventBuilder event) {
    parts.clear();
    if (Lines.isOne(bytes, from, end, event) && split(bytes, from, end, event)) {
      splitUrl(bytes);
      parts.fill(event);
    }
  }

  private boolean split(byte[] bytes, int from, int end, EventBuilder event) {
    int at = from;
    for (int word = 0; word < words.length; word++) {
      while (at < end && bytes[at] == ' ') {
        at++;
      }
      int wordEnd = Lines.indexOf(bytes, (byte) ' ', at, end);
      if (wordEnd == at) {
        return event.fail(
            RejectReason.FORMAT, "no Squid log: " + word + " words, " + words.length + " expected");
      }
      if (words[word] == TWO) {
        int slash = Lines.indexOf(bytes, (byte) '/', at, wordEnd);
        if (slash == wordEnd) {
          return event.fail(RejectReason.FORMAT, "no Squid log: no / in word " + (word + 1));
        }
        boolean first = word < 4;
        parts.set(first ? result : hierarchy, bytes, at, slash);
        parts.set(first ? status : dst, bytes, slash + 1, wordEnd);
        if (first && !isStatus(bytes, slash + 1, wordEnd)) {
          return event.fail(
              RejectReason.RANGE,
              "status "
                  + VisibleText.of(bytes, slash + 1, wordEnd - slash - 1)
                  + " is not between 0 and 999");
        }
      } else {
        parts.set(words[word], bytes, at, wordEnd);
      }
      at = wordEnd;
    }
    return true;
  }

  /** Of three digits: Squid writes 000 where there was no answer. */
  private static boolean isStatus(byte[] bytes, int from, int end) {
    for (int at = from; at < end; at++) {
      if (bytes[at] < '0' || bytes[at] > '9') {
        return false;
      }
    }
    return end - from == 3;
  }

  private void splitUrl(byte[] bytes) {
    int from = parts.starts[url];
    int end = parts.ends[url];
    parts.set(path, bytes, from, Lines.indexOf(bytes, (byte) '?', from, end));
    int scheme = from;
    while (scheme + 2 < end
        && !(bytes[scheme] == ':' && bytes[scheme + 1] == '/' && bytes[scheme + 2] == '/')) {
      scheme++;
    }
    boolean hasScheme = scheme + 2 < end;
    int hostFrom = hasScheme ? scheme + 3 : from;
    parts.set(host, bytes, hostFrom, Lines.indexOf(bytes, (byte) '/', hostFrom, end));
  }
}
