package dev.atalaya.capture.follow;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * How far the content of a file is handed on for certain, with what it takes to know the content
 * again: under another name, copied, compressed, or not any more because the file was written anew.
 *
 * @param id of the content, drawn when it was first seen; ids of events begin with it
 * @param path where it was seen last
 * @param key of the file that had it last
 * @param moved whether it was seen under another name before: rotation has put it away
 * @param offset bytes that are handed on
 * @param skipping whether the offset stands inside a line too long to be taken whole
 * @param headLength how many bytes from the beginning {@code head} is of, more than {@code offset}
 *     when they were there
 * @param tailLength how many bytes before the offset {@code tail} is of
 */
record Position(
    String id,
    String path,
    String key,
    boolean moved,
    long offset,
    boolean skipping,
    int headLength,
    String head,
    int tailLength,
    String tail) {

  /** Bytes that are compared at the beginning and before the offset. */
  static final int COMPARED = 256;

  Position {
    int compared = compared(offset);
    if (offset < 0 || headLength < compared || headLength > COMPARED || tailLength != compared) {
      throw new IllegalArgumentException(
          "offset " + offset + ", head " + headLength + ", tail " + tailLength);
    }
  }

  /** At the beginning of what is no file. */
  static Position start(String id) {
    String none = digest(new byte[0], 0, 0);
    return new Position(id, "-", "-", false, 0, false, 0, none, 0, none);
  }

  /** How many of so many bytes are compared. */
  static int compared(long bytes) {
    return (int) Math.min(COMPARED, bytes);
  }

  boolean hasHead(byte[] bytes, int length) {
    return length >= headLength && digest(bytes, 0, headLength).equals(head);
  }

  /** Whether bytes that end at the offset end the same. */
  boolean hasTail(byte[] bytes, int length) {
    return length >= tailLength && digest(bytes, length - tailLength, length).equals(tail);
  }

  /** Whether a content has the same before the offset. */
  boolean hasTailIn(Content content) throws IOException {
    if (content.size() < offset) {
      return false;
    }
    byte[] bytes = new byte[tailLength];
    return hasTail(bytes, content.readFully(offset - tailLength, bytes, tailLength));
  }

  /** Whether a content begins the same, and has the same before the offset. */
  boolean isIn(Content content) throws IOException {
    byte[] bytes = new byte[headLength];
    return hasHead(bytes, content.readFully(0, bytes, headLength)) && hasTailIn(content);
  }

  /** 128 bits of SHA-256: no text of the file is kept in the state. */
  static String digest(byte[] bytes, int from, int to) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(bytes, from, to - from);
      return HexFormat.of().formatHex(Arrays.copyOf(sha.digest(), 16));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
