package dev.atalaya.job.decode;

import dev.atalaya.job.config.FormatConfig.Kind;
import dev.atalaya.job.config.FormatNames;

/**
 * Alerts of Snort and Suricata, one a line, as {@code alert_fast} writes them:
 *
 * <pre>{@code
 * time [**] [gid:sid:rev] msg [**] [Classification: …] [Priority: n] {proto} src:sport -> dst:dport
 * }</pre>
 *
 * or as {@code alert_csv} does with its default columns. Tags that are not known are passed over;
 * classification and priority may be missing, and so may ports. A line has no other count than
 * {@code bytes}, the length of the datagram, and that in CSV only.
 */
final class SnortFormat implements Format {

  private static final String CLASSIFICATION = "[Classification: ";
  private static final String PRIORITY = "[Priority: ";
  private static final String TAG = "[**] ";

  private final Parts parts;
  private final int columns;
  private final int[] csv;
  private final int time;
  private final int gid;
  private final int sid;
  private final int rev;
  private final int msg;
  private final int classification;
  private final int priority;
  private final int proto;
  private final int src;
  private final int sport;
  private final int dst;
  private final int dport;

  SnortFormat(FieldPlan plan, String timeField) {
    FormatNames names = FormatNames.of(Kind.SNORT);
    parts = new Parts(names.parts(), plan, timeField, names, false);
    time = parts.find("time");
    gid = parts.find("gid");
    sid = parts.find("sid");
    rev = parts.find("rev");
    msg = parts.find("msg");
    classification = parts.find("classification");
    priority = parts.find("priority");
    proto = parts.find("proto");
    src = parts.find("src");
    sport = parts.find("sport");
    dst = parts.find("dst");
    dport = parts.find("dport");
    // In CSV the ports stand behind each address, and classification and priority are missing.
    int first = parts.find("ethsrc");
    columns = 10 + names.parts().size() - first;
    csv = new int[columns];
    int[] leading = {time, gid, sid, rev, msg, proto, src, sport, dst, dport};
    for (int column = 0; column < columns; column++) {
      csv[column] = column < leading.length ? leading[column] : first + column - leading.length;
    }
  }

  @Override
  public void read(byte[] bytes, int from, int end, EventBuilder event) {
    parts.clear();
    if (!Lines.isOne(bytes, from, end, event)) {
      return;
    }
    int timeEnd = from;
    while (timeEnd < end && bytes[timeEnd] != ' ' && bytes[timeEnd] != ',') {
      timeEnd++;
    }
    int at = skipBlanks(bytes, timeEnd, end);
    parts.set(time, bytes, from, timeEnd);
    boolean good =
        (at < end && bytes[at] == ',')
            ? splitCsv(bytes, at + 1, end, event)
            : splitFast(bytes, at, end, event);
    if (good) {
      parts.fill(event);
    }
  }

  private static int skipBlanks(byte[] bytes, int from, int end) {
    int at = from;
    while (at < end && bytes[at] == ' ') {
      at++;
    }
    return at;
  }

  // ---- CSV ----

  private boolean splitCsv(byte[] bytes, int from, int end, EventBuilder event) {
    int column = 1;
    for (int at = from; at <= end; column++) {
      boolean quoted = at < end && bytes[at] == '"';
      int start = quoted ? at + 1 : at;
      int columnEnd = Lines.indexOf(bytes, quoted ? (byte) '"' : (byte) ',', start, end);
      int comma = quoted ? columnEnd + 1 : columnEnd;
      if (comma > end || (comma < end && bytes[comma] != ',')) {
        return event.fail(RejectReason.QUOTE, "a quote is not closed, or text is behind it");
      }
      if (column < columns && start < columnEnd) {
        parts.set(csv[column], bytes, start, columnEnd);
      }
      at = comma + 1;
    }
    return column == columns
        || event.fail(RejectReason.COLUMNS, column + " columns, an alert of Snort has " + columns);
  }

  // ---- fast ----

  private boolean splitFast(byte[] bytes, int from, int end, EventBuilder event) {
    int at = from;
    while (at < end && bytes[at] == '[' && !startsWith(bytes, at, end, TAG)) {
      // Where Suricata can drop packets, it says first that it did: [Drop].
      at = skipBlanks(bytes, Math.min(Lines.indexOf(bytes, (byte) ']', at, end) + 1, end), end);
    }
    if (!startsWith(bytes, at, end, TAG)) {
      return event.fail(RejectReason.FORMAT, "no Snort alert: no [**] behind the time");
    }
    at += TAG.length();
    int close = Lines.indexOf(bytes, (byte) ']', at, end);
    if (close == end || bytes[at] != '[' || !splitIds(bytes, at + 1, close)) {
      return event.fail(RejectReason.FORMAT, "no Snort alert: no [gid:sid:rev] behind [**]");
    }
    int msgFrom = skipBlanks(bytes, close + 1, end);
    int msgEnd = indexOf(bytes, msgFrom, end, " [**]");
    int brace = msgEnd < 0 ? -1 : indexOf(bytes, msgEnd, end, "{");
    if (brace < 0) {
      return event.fail(RejectReason.FORMAT, "no Snort alert: no [**] and {protocol}");
    }
    parts.set(msg, bytes, msgFrom, msgEnd);
    setTag(classification, CLASSIFICATION, bytes, msgEnd, brace);
    setTag(priority, PRIORITY, bytes, msgEnd, brace);
    int braceEnd = Lines.indexOf(bytes, (byte) '}', brace, end);
    int arrow = braceEnd == end ? -1 : indexOf(bytes, braceEnd, end, " -> ");
    if (arrow < 0) {
      return event.fail(RejectReason.FORMAT, "no Snort alert: no {protocol} src -> dst");
    }
    parts.set(proto, bytes, brace + 1, braceEnd);
    setEndpoint(src, sport, bytes, skipBlanks(bytes, braceEnd + 1, arrow), arrow);
    setEndpoint(dst, dport, bytes, arrow + 4, Lines.indexOf(bytes, (byte) ' ', arrow + 4, end));
    return true;
  }

  private boolean splitIds(byte[] bytes, int from, int end) {
    int first = Lines.indexOf(bytes, (byte) ':', from, end);
    int second = first == end ? end : Lines.indexOf(bytes, (byte) ':', first + 1, end);
    if (second == end) {
      return false;
    }
    parts.set(gid, bytes, from, first);
    parts.set(sid, bytes, first + 1, second);
    parts.set(rev, bytes, second + 1, end);
    return true;
  }

  private void setTag(int part, String tag, byte[] bytes, int from, int end) {
    int at = indexOf(bytes, from, end, tag);
    if (at >= 0) {
      int start = at + tag.length();
      parts.set(part, bytes, start, Lines.indexOf(bytes, (byte) ']', start, end));
    }
  }

  /**
   * A port stands behind the last colon; an IPv6 address without one has no dot and more colons.
   */
  private void setEndpoint(int address, int port, byte[] bytes, int from, int end) {
    int colon = end;
    int colons = 0;
    for (int at = from; at < end; at++) {
      if (bytes[at] == ':') {
        colon = at;
        colons++;
      }
    }
    // Suricata writes IPv6 in full, so eight groups and a port have eight colons; what is shorter
    // could be either, and has no port.
    boolean hasPort = colons == 1 || colons == 8;
    parts.set(address, bytes, from, hasPort ? colon : end);
    if (hasPort) {
      parts.set(port, bytes, colon + 1, end);
    }
  }

  private static boolean startsWith(byte[] bytes, int from, int end, String text) {
    if (end - from < text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (bytes[from + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static int indexOf(byte[] bytes, int from, int end, String text) {
    for (int at = from; at + text.length() <= end; at++) {
      if (startsWith(bytes, at, end, text)) {
        return at;
      }
    }
    return -1;
  }
}
