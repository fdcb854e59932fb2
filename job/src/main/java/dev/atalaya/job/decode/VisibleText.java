package dev.atalaya.job.decode;

import java.nio.charset.StandardCharsets;

/**
 * Text from a payload made safe to show: control, formatting (bidi, zero-width) and line-separating
 * characters become {@code \x1b} or {@code \u202e}, and long text is cut.
 */
public final class VisibleText {

  /** Characters of the source that are shown; what follows becomes an ellipsis. */
  static final int MAX_CHARS = 120;

  private VisibleText() {}

  static String of(byte[] utf8, int offset, int length) {
    int shown = Math.min(length, MAX_CHARS * 3);
    return of(new String(utf8, offset, shown, StandardCharsets.UTF_8));
  }

  public static String of(String text) {
    StringBuilder shown = new StringBuilder();
    int end = Math.min(text.length(), MAX_CHARS);
    for (int at = 0; at < end; ) {
      int point = text.codePointAt(at);
      at += Character.charCount(point);
      append(shown, point);
    }
    return end < text.length() ? shown.append("...").toString() : shown.toString();
  }

  private static void append(StringBuilder shown, int point) {
    switch (Character.getType(point)) {
      case Character.CONTROL ->
          shown.append(point < 0x20 || point == 0x7f ? "\\x" : "\\u00").append(hex(point, 2));
      case Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          shown.append("\\u").append(hex(point, 4));
      default -> shown.appendCodePoint(point);
    }
  }

  private static String hex(int value, int digits) {
    String hex = Integer.toHexString(value);
    return "0".repeat(Math.max(0, digits - hex.length())) + hex;
  }
}
