package dev.atalaya.job.decode;

/** Where lines end and what is blank. */
final class Lines {

  private Lines() {}

  /** The place of the first {@code \n} (or of the {@code \r} before it), or {@code end}. */
  static int end(byte[] bytes, int from, int end) {
    int at = from;
    while (at < end && bytes[at] != '\n') {
      at++;
    }
    return at > from && bytes[at - 1] == '\r' ? at - 1 : at;
  }

  /** The end without the line ends before it. */
  static int trimmedEnd(byte[] bytes, int from, int end) {
    int at = end;
    while (at > from && (bytes[at - 1] == '\n' || bytes[at - 1] == '\r')) {
      at--;
    }
    return at;
  }

  /** The place of the first such byte, or {@code end}. */
  static int indexOf(byte[] bytes, byte wanted, int from, int end) {
    int at = from;
    while (at < end && bytes[at] != wanted) {
      at++;
    }
    return at;
  }

  /** Whether there is nothing but spaces, tabs and line ends. */
  static boolean isBlank(byte[] bytes, int from, int end) {
    for (int at = from; at < end; at++) {
      byte b = bytes[at];
      if (b != ' ' && b != '\t' && b != '\n' && b != '\r') {
        return false;
      }
    }
    return true;
  }

  static boolean hasNul(byte[] bytes, int from, int end) {
    for (int at = from; at < end; at++) {
      if (bytes[at] == 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether there is no NUL byte, which no line of text has; notes it otherwise. */
  static boolean hasNoNul(byte[] bytes, int from, int end, EventBuilder event) {
    return !hasNul(bytes, from, end) || event.fail(RejectReason.CONTROL, "a NUL byte");
  }

  /** Whether it is one line of text; notes it otherwise. */
  static boolean isOne(byte[] bytes, int from, int end, EventBuilder event) {
    return hasNoNul(bytes, from, end, event)
        && (end(bytes, from, end) == end || event.fail(RejectReason.FORMAT, "more than one line"));
  }
}
