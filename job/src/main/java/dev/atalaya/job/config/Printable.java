package dev.atalaya.job.config;

import java.util.Locale;

/**
 * Text from strangers, made fit for a terminal or a log line: one line, no control sequences, no
 * invisible or direction-changing characters.
 */
public final class Printable {

  private Printable() {}

  /** The text with such characters written as {@code \x1b} or {@code \u202e}. */
  public static String escape(String text) {
    StringBuilder out = null;
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      int length = Character.charCount(codePoint);
      if (isHidden(codePoint)) {
        if (out == null) {
          out = new StringBuilder(text.length() + 16).append(text, 0, i);
        }
        out.append(escaped(codePoint));
      } else if (out != null) {
        out.appendCodePoint(codePoint);
      }
      i += length;
    }
    return out == null ? text : out.toString();
  }

  private static boolean isHidden(int codePoint) {
    if (codePoint == ' ') {
      return false;
    }
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SPACE_SEPARATOR ->
          true;
      default -> false;
    };
  }

  private static String escaped(int codePoint) {
    if (codePoint < 0x100) {
      return String.format(Locale.ROOT, "\\x%02x", codePoint);
    }
    return String.format(Locale.ROOT, codePoint < 0x10000 ? "\\u%04x" : "\\u{%x}", codePoint);
  }
}
