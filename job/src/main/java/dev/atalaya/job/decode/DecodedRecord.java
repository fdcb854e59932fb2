package dev.atalaya.job.decode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What decode answers for one payload: an event, a skewed event, or a rejection.
 *
 * <p>Shape: a time, the text fields of the {@link FieldPlan} side by side in one array, the number
 * fields in another. One instance is filled again and again by its decoder, so whoever keeps one
 * takes a {@link #copy}.
 *
 * <p>Not thread-safe.
 */
public final class DecodedRecord {

  /** What became of a payload. */
  public enum Kind {
    EVENT,
    /** An event too far ahead of the wall clock: counted, not folded, no watermark moved. */
    SKEWED,
    REJECTED,
    /** Delivered and answered before: counted as such, nothing else. */
    DUPLICATE
  }

  /** End of an absent text field. */
  private static final int ABSENT = -1;

  private Kind kind = Kind.EVENT;
  private long timestampMillis;
  private byte[] text = new byte[64];
  private int textLength;
  private final int[] starts;
  private final int[] ends;
  private final long[] numbers;
  private Rejection rejection;
  private int truncatedFields;

  public DecodedRecord(int textFields, int numberFields) {
    starts = new int[textFields];
    ends = new int[textFields];
    numbers = new long[numberFields];
    clear();
  }

  /** Forgets the last payload: no field is present. */
  public void clear() {
    kind = Kind.EVENT;
    timestampMillis = 0;
    textLength = 0;
    Arrays.fill(ends, ABSENT);
    Arrays.fill(numbers, 0);
    rejection = null;
    truncatedFields = 0;
  }

  public Kind kind() {
    return kind;
  }

  public long timestampMillis() {
    return timestampMillis;
  }

  public void timestampMillis(long millis) {
    timestampMillis = millis;
  }

  /** The array that {@link #textStart} and {@link #textLength(int)} speak of. */
  public byte[] text() {
    return text;
  }

  public boolean hasText(int slot) {
    return ends[slot] != ABSENT;
  }

  public int textStart(int slot) {
    return starts[slot];
  }

  public int textLength(int slot) {
    return ends[slot] - starts[slot];
  }

  /** The field as a string, for people; absent fields are null. */
  public String textString(int slot) {
    return hasText(slot)
        ? new String(text, starts[slot], textLength(slot), StandardCharsets.UTF_8)
        : null;
  }

  /** Sets a text field; the bytes are copied. */
  public void text(int slot, byte[] source, int offset, int length) {
    byte[] target = reserve(length);
    System.arraycopy(source, offset, target, textLength, length);
    commit(slot, length);
  }

  /** Room for {@code length} more bytes, from {@link #textEnd} on; then call {@link #commit}. */
  public byte[] reserve(int length) {
    if (text.length - textLength < length) {
      text = Arrays.copyOf(text, Math.max(text.length * 2, textLength + length));
    }
    return text;
  }

  /** Where the next text field begins. */
  public int textEnd() {
    return textLength;
  }

  /** Makes the {@code length} bytes written from {@link #textEnd} on the value of a field. */
  public void commit(int slot, int length) {
    starts[slot] = textLength;
    textLength += length;
    ends[slot] = textLength;
  }

  public long number(int slot) {
    return numbers[slot];
  }

  public void number(int slot, long value) {
    numbers[slot] = value;
  }

  public int textFields() {
    return starts.length;
  }

  public int numberFields() {
    return numbers.length;
  }

  /** How many fields were cut to the key limit and end in a hash. */
  public int truncatedFields() {
    return truncatedFields;
  }

  public void countTruncatedField() {
    truncatedFields++;
  }

  public void markSkewed() {
    kind = Kind.SKEWED;
  }

  public void markDuplicate() {
    kind = Kind.DUPLICATE;
  }

  public void reject(Rejection why) {
    kind = Kind.REJECTED;
    rejection = why;
  }

  /** Why the payload was rejected; null for events. */
  public Rejection rejection() {
    return rejection;
  }

  public DecodedRecord copy() {
    DecodedRecord copy = new DecodedRecord(starts.length, numbers.length);
    copy.kind = kind;
    copy.timestampMillis = timestampMillis;
    copy.text = Arrays.copyOf(text, Math.max(textLength, 1));
    copy.textLength = textLength;
    System.arraycopy(starts, 0, copy.starts, 0, starts.length);
    System.arraycopy(ends, 0, copy.ends, 0, ends.length);
    System.arraycopy(numbers, 0, copy.numbers, 0, numbers.length);
    copy.rejection = rejection;
    copy.truncatedFields = truncatedFields;
    return copy;
  }
}
