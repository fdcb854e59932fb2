package dev.atalaya.job.decode;

import dev.atalaya.job.config.FormatConfig.Kind;
import dev.atalaya.job.config.FormatNames;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Syslog, each line as it comes: RFC 5424, RFC 3164, and what daemons write into files without a
 * priority or with an ISO time.
 *
 * <pre>{@code
 * <pri>1 time host app pid msgid [id name="value"] message
 * <pri>Mmm dd hh:mm:ss host app[pid]: message
 * }</pre>
 *
 * {@code facility} and {@code severity} are the priority in words. A value of structured data is
 * the field {@code id.name}, and {@code name} when no part is called so. A dash of RFC 5424 is as
 * if absent.
 */
final class SyslogFormat implements Format {

  private static final byte[][] FACILITIES =
      words(
          "kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp security console"
              + " solaris-cron local0 local1 local2 local3 local4 local5 local6 local7");
  private static final byte[][] SEVERITIES =
      words("emerg alert crit err warning notice info debug");
  private static final byte[] BOM = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  /** What a backslash hides in a value of structured data; before others it is one. */
  private static final String HIDDEN = "\"\\]";

  private static final int MAX_PRIORITY = 191;
  private static final int TIME_LENGTH = "Aug 26 10:00:00".length();

  private final Parts parts;
  private final int time;
  private final int facility;
  private final int severity;
  private final int host;
  private final int app;
  private final int pid;
  private final int msgid;
  private final int message;

  SyslogFormat(FieldPlan plan, String timeField) {
    parts = Parts.needed(plan, timeField, FormatNames.of(Kind.SYSLOG));
    time = parts.find("time");
    facility = parts.find("facility");
    severity = parts.find("severity");
    host = parts.find("host");
    app = parts.find("app");
    pid = parts.find("pid");
    msgid = parts.find("msgid");
    message = parts.find("message");
  }

  private static byte[][] words(String text) {
    return Arrays.stream(text.split(" ", -1))
        .map(word -> word.getBytes(StandardCharsets.US_ASCII))
        .toArray(byte[][]::new);
  }

  @Override
  public void read(byte[] bytes, int from, int end, EventBuilder event) {
    parts.clear();
    if (!Lines.hasNoNul(bytes, from, end, event)) {
      return;
    }
    int at = priority(bytes, from, end, event);
    if (at < 0) {
      return;
    }
    boolean is5424 = at > from && at + 1 < end && bytes[at] == '1' && bytes[at + 1] == ' ';
    boolean good = is5424 ? split5424(bytes, at + 2, end, event) : split3164(bytes, at, end, event);
    if (good) {
      parts.fill(event);
    }
  }

  /** Reads {@code <134>}; answers the place behind it, or -1. */
  private int priority(byte[] bytes, int from, int end, EventBuilder event) {
    if (bytes[from] != '<') {
      return from;
    }
    int behind = behindPriority(bytes, from, end);
    if (behind == from) {
      event.fail(RejectReason.FORMAT, "no syslog: no priority such as <134> at the beginning");
      return -1;
    }
    int value = DateParser.digits(bytes, from + 1, behind - from - 2);
    if (value > MAX_PRIORITY) {
      event.fail(RejectReason.RANGE, "priority " + value + " is above " + MAX_PRIORITY);
      return -1;
    }
    byte[] facilityName = FACILITIES[value >> 3];
    byte[] severityName = SEVERITIES[value & 7];
    parts.set(facility, facilityName, 0, facilityName.length);
    parts.set(severity, severityName, 0, severityName.length);
    return behind;
  }

  // ---- RFC 5424 ----

  private boolean split5424(byte[] bytes, int from, int end, EventBuilder event) {
    int at = from;
    for (int word = 0; word < 5; word++) {
      int wordEnd = Lines.indexOf(bytes, (byte) ' ', at, end);
      if (wordEnd == end || wordEnd == at) {
        return event.fail(
            RejectReason.FORMAT, "no syslog of RFC 5424: time host app pid msgid are not complete");
      }
      if (wordEnd - at > 1 || bytes[at] != '-') {
        int part =
            switch (word) {
              case 0 -> time;
              case 1 -> host;
              case 2 -> app;
              case 3 -> pid;
              default -> msgid;
            };
        parts.set(part, bytes, at, wordEnd);
      }
      at = wordEnd + 1;
    }
    if (at < end && bytes[at] == '-') {
      at++;
    } else {
      while (at >= 0 && at < end && bytes[at] == '[') {
        at = element(bytes, at + 1, end, event);
      }
    }
    if (event.fault() != null) {
      return false;
    }
    if (at < 0 || (at < end && bytes[at] != ' ')) {
      return event.fail(RejectReason.FORMAT, "no syslog of RFC 5424: broken structured data");
    }
    setMessage(bytes, Math.min(at + 1, end), end);
    return true;
  }

  /** Reads {@code id name="value" name="value"]}; answers the place behind it, or -1. */
  private int element(byte[] bytes, int from, int end, EventBuilder event) {
    int idEnd = from;
    while (idEnd < end && bytes[idEnd] != ' ' && bytes[idEnd] != ']') {
      idEnd++;
    }
    int at = idEnd;
    while (at < end && bytes[at] == ' ') {
      int nameFrom = at + 1;
      int nameEnd = Lines.indexOf(bytes, (byte) '=', nameFrom, end);
      int valueFrom = nameEnd + 2;
      if (valueFrom > end || bytes[nameEnd + 1] != '"') {
        return -1;
      }
      int valueEnd = Escapes.closingQuote(bytes, valueFrom, end);
      if (valueEnd == end
          || !set(bytes, from, idEnd, nameFrom, nameEnd, valueFrom, valueEnd, event)) {
        return -1;
      }
      at = valueEnd + 1;
    }
    return at < end && bytes[at] == ']' ? at + 1 : -1;
  }

  private boolean set(
      byte[] bytes,
      int idFrom,
      int idEnd,
      int nameFrom,
      int nameEnd,
      int valueFrom,
      int valueEnd,
      EventBuilder event) {
    int part = parts.find(bytes, idFrom, idEnd, nameFrom, nameEnd);
    if (part == Parts.NONE) {
      part = parts.find(bytes, nameFrom, nameEnd);
    }
    if (part == Parts.NONE || isOwn(part)) {
      return true;
    }
    if (!parts.setOnce(part, bytes, valueFrom, valueEnd, event)) {
      return false;
    }
    parts.unescape(part, HIDDEN);
    return true;
  }

  private boolean isOwn(int part) {
    return part == time
        || part == facility
        || part == severity
        || part == host
        || part == app
        || part == pid
        || part == msgid
        || part == message;
  }

  // ---- RFC 3164 ----

  private boolean split3164(byte[] bytes, int from, int end, EventBuilder event) {
    int timeEnd = timeEnd(bytes, from, end);
    if (timeEnd < 0) {
      return event.fail(
          RejectReason.FORMAT, "no syslog: no time such as Aug 26 10:00:00 at the beginning");
    }
    parts.set(time, bytes, from, timeEnd);
    int at = timeEnd;
    if (at < end && bytes[at] == ':') {
      at++; // of Cisco: without a host
      at = at < end && bytes[at] == ' ' ? at + 1 : at;
    } else {
      at = Math.min(at + 1, end);
      int hostEnd = Lines.indexOf(bytes, (byte) ' ', at, end);
      if (hostEnd == at) {
        return event.fail(RejectReason.FORMAT, "no syslog: no host behind the time");
      }
      if (!isTag(bytes, at, hostEnd)) {
        parts.set(host, bytes, at, hostEnd);
        at = Math.min(hostEnd + 1, end);
      }
    }
    int tagEnd = at;
    while (tagEnd < end && bytes[tagEnd] != ' ' && bytes[tagEnd] != ':' && bytes[tagEnd] != '[') {
      tagEnd++;
    }
    int messageFrom = tagEnd > at ? tag(bytes, at, tagEnd, end) : -1;
    setMessage(bytes, messageFrom < 0 ? at : messageFrom, end);
    return true;
  }

  /** Whether a word where the host should be is {@code app:}, since senders may leave it out. */
  private static boolean isTag(byte[] bytes, int from, int end) {
    return end - from > 1 && bytes[end - 1] == ':' && bytes[end - 2] != ':';
  }

  /** Takes {@code app: }, {@code app[pid]: } or {@code app[pid] }; the place behind it, or -1. */
  private int tag(byte[] bytes, int from, int tagEnd, int end) {
    if (tagEnd == end || bytes[tagEnd] == ' ') {
      return -1; // a word of the message
    }
    int at = tagEnd;
    if (bytes[at] == '[') {
      int close = Lines.indexOf(bytes, (byte) ']', at, end);
      if (close == end) {
        return -1;
      }
      parts.set(pid, bytes, at + 1, close);
      at = close + 1;
    }
    parts.set(app, bytes, from, tagEnd);
    return at < end && bytes[at] == ':' ? at + 1 : at;
  }

  /** The place behind {@code <134>}, if that is there. */
  static int behindPriority(byte[] bytes, int from, int end) {
    int at = from + 1;
    while (at < end && at < from + 4 && bytes[at] >= '0' && bytes[at] <= '9') {
      at++;
    }
    boolean isThere = bytes[from] == '<' && at > from + 1 && at < end && bytes[at] == '>';
    return isThere ? at + 1 : from;
  }

  /** Where the time ends that begins at {@code from}, or -1. */
  static int timeEnd(byte[] bytes, int from, int end) {
    if (from < end && bytes[from] >= '0' && bytes[from] <= '9') {
      int word = Lines.indexOf(bytes, (byte) ' ', from, end);
      return word - from > 10 && bytes[from + 4] == '-' ? word : -1;
    }
    int timeEnd = from + TIME_LENGTH;
    if (timeEnd > end || bytes[from + 3] != ' ' || bytes[from + 6] != ' ') {
      return -1;
    }
    if (bytes[from + 9] != ':') {
      timeEnd += 5; // Aug 26 2026 10:00:00
    }
    if (timeEnd < end && bytes[timeEnd] == '.') {
      timeEnd++;
      while (timeEnd < end && bytes[timeEnd] >= '0' && bytes[timeEnd] <= '9') {
        timeEnd++;
      }
    }
    return timeEnd <= end && (timeEnd == end || bytes[timeEnd] == ' ' || bytes[timeEnd] == ':')
        ? timeEnd
        : -1;
  }

  private void setMessage(byte[] bytes, int from, int end) {
    int start = from;
    while (start < end && bytes[start] == ' ') {
      start++;
    }
    if (end - start >= BOM.length
        && Arrays.equals(bytes, start, start + BOM.length, BOM, 0, BOM.length)) {
      start += BOM.length;
    }
    parts.set(message, bytes, start, end);
  }
}
