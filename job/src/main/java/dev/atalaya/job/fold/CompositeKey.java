package dev.atalaya.job.fold;

import dev.atalaya.job.decode.DecodedRecord;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The bytes of a key: one field as it is, several each behind its length (a varint), so that no
 * value, whatever it holds, can be taken for two. Composes into one growing array. Not thread-safe.
 */
public final class CompositeKey {

  private final int[] slots;
  private byte[] bytes = new byte[64];
  private int offset;
  private int length;

  /**
   * @param slots of the key's text fields in the record
   */
  public CompositeKey(int[] slots) {
    this.slots = slots;
  }

  /** Composes the key of a record; false when the record lacks one of the fields. */
  public boolean compose(DecodedRecord event) {
    if (slots.length == 1) {
      int slot = slots[0];
      // The array of the record itself: a key of one field costs no copy.
      bytes = event.text();
      offset = event.textStart(slot);
      length = event.textLength(slot);
      return event.hasText(slot);
    }
    int needed = 0;
    for (int slot : slots) {
      if (!event.hasText(slot)) {
        return false;
      }
      needed += event.textLength(slot) + 5;
    }
    if (bytes.length < needed) {
      bytes = new byte[Math.max(needed, 2 * bytes.length)];
    }
    byte[] text = event.text();
    int end = 0;
    for (int slot : slots) {
      int fieldLength = event.textLength(slot);
      int rest = fieldLength;
      while (rest >= 0x80) {
        bytes[end++] = (byte) (rest | 0x80);
        rest >>>= 7;
      }
      bytes[end++] = (byte) rest;
      System.arraycopy(text, event.textStart(slot), bytes, end, fieldLength);
      end += fieldLength;
    }
    length = end;
    return true;
  }

  public byte[] bytes() {
    return bytes;
  }

  public int offset() {
    return offset;
  }

  public int length() {
    return length;
  }

  /** The field values of a composed key. */
  public static String[] split(byte[] key, int fields) {
    if (fields == 1) {
      return new String[] {new String(key, StandardCharsets.UTF_8)};
    }
    String[] values = new String[fields];
    int position = 0;
    for (int field = 0; field < fields; field++) {
      int fieldLength = 0;
      int shift = 0;
      byte next;
      do {
        next = key[position++];
        fieldLength |= (next & 0x7f) << shift;
        shift += 7;
      } while (next < 0);
      values[field] =
          new String(
              Arrays.copyOfRange(key, position, position + fieldLength), StandardCharsets.UTF_8);
      position += fieldLength;
    }
    return values;
  }
}
