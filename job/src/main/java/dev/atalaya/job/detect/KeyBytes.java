package dev.atalaya.job.detect;

/**
 * How keys are laid out in summaries, beside the text of one field as it is.
 *
 * <p>Several fields stand each behind its length. A prefix is {@link #PREFIX_MARK} and its text. A
 * contributor is a key behind its length, and the value of another field. Lengths are varints: 7
 * bits a byte, lowest first, the top bit set on all but the last.
 */
public final class KeyBytes {

  /** The first byte of a prefix, in no UTF-8 text. (Several fields are never rolled up.) */
  public static final byte PREFIX_MARK = (byte) 0xff;

  public static final int MAX_LENGTH_BYTES = 5;

  private KeyBytes() {}

  /** Whether a key of a detector that rolls up is a prefix. */
  public static boolean isPrefix(byte[] keys, int offset, int length) {
    return length > 0 && keys[offset] == PREFIX_MARK;
  }

  /** Writes a length and answers where it ends. */
  public static int putLength(int length, byte[] target, int offset) {
    int to = offset;
    int rest = length;
    while (rest >= 0x80) {
      target[to++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    target[to++] = (byte) rest;
    return to;
  }

  /** The length written at an offset. */
  public static int lengthAt(byte[] keys, int offset) {
    int length = 0;
    int shift = 0;
    int at = offset;
    byte next;
    do {
      next = keys[at++];
      length |= (next & 0x7f) << shift;
      shift += 7;
    } while (next < 0);
    return length;
  }

  /** Where the length written at an offset ends. */
  public static int behindLength(byte[] keys, int offset) {
    int at = offset;
    while (keys[at] < 0) {
      at++;
    }
    return at + 1;
  }
}
