package dev.atalaya.job.decode;

import dev.atalaya.job.config.Printable;
import java.nio.charset.StandardCharsets;

/**
 * Text from a payload made safe to show: escaped as {@link Printable} does, and cut when it is
 * long.
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
    return of(text, MAX_CHARS);
  }

  /**
   * @param maxChars of the text that are shown
   */
  public static String of(String text, int maxChars) {
    int end = Math.min(text.length(), maxChars);
    if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    String shown = Printable.escape(text.substring(0, end));
    return end < text.length() ? shown + "..." : shown;
  }
}
