package dev.atalaya.job.fold;

import dev.atalaya.job.decode.DecodedRecord;
import dev.atalaya.job.decode.FieldPlan;
import dev.atalaya.job.detect.KeyBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

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

  static CompositeKey of(List<String> fields, FieldPlan plan) {
    return new CompositeKey(fields.stream().mapToInt(plan::textSlot).toArray());
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
      needed += event.textLength(slot) + KeyBytes.MAX_LENGTH_BYTES;
    }
    if (bytes.length < needed) {
      bytes = new byte[Math.max(needed, 2 * bytes.length)];
    }
    byte[] text = event.text();
    int end = 0;
    for (int slot : slots) {
      int fieldLength = event.textLength(slot);
      end = KeyBytes.putLength(fieldLength, bytes, end);
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
      int fieldLength = KeyBytes.lengthAt(key, position);
      position = KeyBytes.behindLength(key, position);
      values[field] =
          new String(
              Arrays.copyOfRange(key, position, position + fieldLength), StandardCharsets.UTF_8);
      position += fieldLength;
    }
    return values;
  }
}
