package dev.atalaya.job.match;

import java.nio.charset.StandardCharsets;

/**
 * A pattern in which {@code *} stands for any text and {@code ?} for one character; all else for
 * itself. Immutable, thread-safe.
 *
 * <p>Cost: at most the product of the two lengths. A star is never tried again once a later one has
 * been reached: what lies between the two has been found as far left as it can be.
 */
final class Glob {

  private final byte[] pattern;

  Glob(String pattern) {
    this.pattern = pattern.getBytes(StandardCharsets.UTF_8);
  }

  static boolean isGlob(String text) {
    return text.indexOf('*') >= 0 || text.indexOf('?') >= 0;
  }

  /**
   * @param text UTF-8
   */
  boolean matches(byte[] text, int offset, int length) {
    int end = offset + length;
    int at = offset;
    int next = 0;
    int lastStar = -1;
    int starEnd = 0;
    while (at < end) {
      if (next < pattern.length && pattern[next] == '*') {
        lastStar = next++;
        starEnd = at;
      } else if (next < pattern.length && pattern[next] == '?') {
        next++;
        at = behindCharacter(text, at, end);
      } else if (next < pattern.length && pattern[next] == text[at]) {
        next++;
        at++;
      } else if (lastStar >= 0) {
        next = lastStar + 1;
        starEnd = behindCharacter(text, starEnd, end);
        at = starEnd;
      } else {
        return false;
      }
    }
    while (next < pattern.length && pattern[next] == '*') {
      next++;
    }
    return next == pattern.length;
  }

  private static int behindCharacter(byte[] text, int from, int end) {
    int at = from + 1;
    while (at < end && (text[at] & 0xc0) == 0x80) {
      at++;
    }
    return at;
  }
}
