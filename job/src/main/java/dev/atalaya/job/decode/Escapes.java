package dev.atalaya.job.decode;

/** Backslashes that hide the character behind them. */
final class Escapes {

  private Escapes() {}

  /** The place of the first quote that is not hidden, or {@code end}. */
  static int closingQuote(byte[] bytes, int from, int end) {
    return indexOf(bytes, (byte) '"', from, end);
  }

  /** The place of the first such byte that is not hidden, or {@code end}. */
  static int indexOf(byte[] bytes, byte wanted, int from, int end) {
    int at = from;
    while (at < end && bytes[at] != wanted) {
      at += bytes[at] == '\\' ? 2 : 1;
    }
    return Math.min(at, end);
  }
}
