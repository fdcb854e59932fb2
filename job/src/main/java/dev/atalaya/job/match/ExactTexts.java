package dev.atalaya.job.match;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;

/**
 * A set of texts, asked with bytes. A few are compared one by one, more are hashed. Immutable,
 * thread-safe.
 */
final class ExactTexts {

  /** Up to so many it is faster to compare them all. */
  private static final int FEW = 8;

  /** All of them when they are few; else a table of open addressing, at most half full. */
  private final byte[][] texts;

  private final boolean few;

  ExactTexts(Collection<String> values) {
    byte[][] all =
        values.stream()
            .distinct()
            .map(value -> value.getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);
    few = all.length <= FEW;
    texts = few ? all : tableOf(all);
  }

  private static byte[][] tableOf(byte[][] all) {
    byte[][] table = new byte[Integer.highestOneBit(all.length) * 4][];
    for (byte[] text : all) {
      int at = hash(text, 0, text.length) & (table.length - 1);
      while (table[at] != null) {
        at = (at + 1) & (table.length - 1);
      }
      table[at] = text;
    }
    return table;
  }

  private static int hash(byte[] text, int offset, int length) {
    int hash = 1;
    for (int at = offset; at < offset + length; at++) {
      hash = 31 * hash + text[at];
    }
    return hash ^ hash >>> 16;
  }

  boolean contain(byte[] text, int offset, int length) {
    if (few) {
      for (byte[] candidate : texts) {
        if (isAt(text, offset, length, candidate)) {
          return true;
        }
      }
      return false;
    }
    int at = hash(text, offset, length) & (texts.length - 1);
    while (texts[at] != null) {
      if (isAt(text, offset, length, texts[at])) {
        return true;
      }
      at = (at + 1) & (texts.length - 1);
    }
    return false;
  }

  private static boolean isAt(byte[] text, int offset, int length, byte[] candidate) {
    return Arrays.equals(text, offset, offset + length, candidate, 0, candidate.length);
  }
}
