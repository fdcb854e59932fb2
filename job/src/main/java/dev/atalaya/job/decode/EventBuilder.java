package dev.atalaya.job.decode;

import dev.atalaya.connectors.Payload;
import dev.atalaya.job.config.FieldConfig;
import dev.atalaya.job.config.FormatConfig.Limits;
import dev.atalaya.job.config.TimeConfig;
import dev.atalaya.job.match.IpAddresses;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.Clock;
import java.util.Arrays;

/**
 * Puts the values that a format finds into the record: checked, in canonical form, within limits. A
 * method that meets a fault notes it and answers false; the format then returns.
 *
 * <p>Not thread-safe.
 */
final class EventBuilder {

  private final FieldPlan plan;
  private final TimeConfig time;
  private final Clock clock;
  private final DecodedRecord record;
  private final NumberParser numbers;
  private final TimeParser times;
  private final IpAddresses addresses = new IpAddresses();
  private final KeyLimit keyLimit;
  private final FieldConfig[] textFields;
  private final boolean[] numberSeen;

  private boolean timeSeen;
  private boolean skipped;
  private RejectReason fault;
  private String detail;
  private FieldConfig missingKey;
  private long skewedAfterMillis = Long.MIN_VALUE;

  EventBuilder(FieldPlan plan, TimeConfig time, Limits limits, Clock clock) {
    this.plan = plan;
    this.time = time;
    this.clock = clock;
    record = plan.newRecord();
    numbers = new NumberParser(limits.maxNumberLength());
    times = new TimeParser(time, clock);
    keyLimit = new KeyLimit(limits.maxKeyBytes());
    textFields = plan.textFields().toArray(FieldConfig[]::new);
    numberSeen = new boolean[plan.numberFields().size()];
  }

  DecodedRecord record() {
    return record;
  }

  /** Begins a new record. */
  void begin() {
    record.clear();
    Arrays.fill(numberSeen, false);
    timeSeen = false;
    skipped = false;
    fault = null;
    missingKey = null;
  }

  /** Notes what is wrong; the first fault stands. */
  boolean fail(RejectReason reason, String why) {
    if (fault == null) {
      fault = reason;
      detail = why;
    }
    return false;
  }

  /** Adds to what was noted. */
  void addHint(String hint) {
    detail += hint;
  }

  /** Says that what was read is no record at all, such as the header of a file. */
  void skip() {
    skipped = true;
  }

  boolean isSkipped() {
    return skipped;
  }

  /** The first fault, or null. */
  RejectReason fault() {
    return fault;
  }

  String detail() {
    return detail;
  }

  /** The key field without which {@link #finish} failed, or null. */
  FieldConfig missingKey() {
    return missingKey;
  }

  // ---- values ----

  /** A text value as UTF-8. */
  boolean text(int slot, byte[] value, int offset, int length) {
    byte[] target = record.reserve(room(length));
    System.arraycopy(value, offset, target, record.textEnd(), length);
    return commitText(slot, length);
  }

  /** A text value as UTF-16. */
  boolean text(int slot, char[] value, int offset, int length) {
    int bytes = write(value, offset, length);
    return bytes < 0 ? loneSurrogate(slot) : commitText(slot, bytes);
  }

  private boolean loneSurrogate(int slot) {
    return fail(RejectReason.ENCODING, label(textFields[slot]) + " holds half a surrogate pair");
  }

  /** A weight; leading zeros are accepted, since JSON numbers with them never get here. */
  boolean number(int slot, byte[] value, int offset, int length) {
    RejectReason wrong = numbers.parse(value, offset, length);
    if (wrong != null) {
      return fail(wrong, label(plan.numberFields().get(slot)) + ": " + numbers.detail());
    }
    return number(slot, numbers.value());
  }

  boolean number(int slot, char[] value, int offset, int length) {
    int bytes = write(value, offset, length);
    if (bytes < 0) {
      return fail(
          RejectReason.NUMBER_FORMAT, label(plan.numberFields().get(slot)) + " is not a number");
    }
    return number(slot, record.text(), record.textEnd(), bytes);
  }

  /** A number; one more for the same field is added. */
  boolean number(int slot, long value) {
    if (value < 0 && !plan.negativeAllowed(slot)) {
      return fail(
          RejectReason.NEGATIVE,
          label(plan.numberFields().get(slot)) + " is " + value + "; signed: true allows that");
    }
    if (!numberSeen[slot]) {
      numberSeen[slot] = true;
      record.number(slot, value);
      return true;
    }
    long before = record.number(slot);
    long sum = before + value;
    record.number(slot, sum);
    return ((before ^ sum) & (value ^ sum)) >= 0 || beyond64Bits(slot);
  }

  private boolean beyond64Bits(int slot) {
    return fail(
        RejectReason.NUMBER_RANGE, label(plan.numberFields().get(slot)) + " does not fit 64 bits");
  }

  /** Multiplies a number that stands for so many, if it is there. */
  boolean scale(int slot, long factor) {
    long value = record.number(slot);
    if (Math.multiplyHigh(value, factor) != (value * factor) >> 63) {
      return beyond64Bits(slot);
    }
    record.number(slot, value * factor);
    return true;
  }

  boolean time(byte[] value, int offset, int length) {
    return acceptTime(times.parse(value, offset, length));
  }

  boolean time(char[] value, int offset, int length) {
    int bytes = write(value, offset, length);
    if (bytes < 0) {
      return fail(RejectReason.TIME_FORMAT, "the time holds half a surrogate pair");
    }
    return time(record.text(), record.textEnd(), bytes);
  }

  private boolean acceptTime(RejectReason wrong) {
    if (wrong != null) {
      return fail(wrong, times.detail());
    }
    record.timestampMillis(times.millis());
    timeSeen = true;
    return true;
  }

  /**
   * Completes the record once the format has read everything.
   *
   * @param brokerMillis the broker's time; negative when it has none, and {@link
   *     Payload#NO_TIMESTAMP} when it never has
   */
  boolean finish(long brokerMillis) {
    for (int slot = 0; slot < textFields.length; slot++) {
      if (!record.hasText(slot) && plan.required(slot)) {
        missingKey = textFields[slot];
        return fail(RejectReason.NO_KEY, "no " + label(missingKey));
      }
    }
    for (int slot = 0; slot < numberSeen.length; slot++) {
      if (!numberSeen[slot] && plan.weightRequired(slot)) {
        return fail(RejectReason.NO_WEIGHT, "no " + label(plan.numberFields().get(slot)));
      }
    }
    if (!timeSeen && !brokerTime(brokerMillis)) {
      return false;
    }
    if (record.timestampMillis() > skewedAfterMillis) {
      // The clock only goes on, so it need not be asked again below its last answer.
      long now = clock.millis();
      skewedAfterMillis = now + Math.min(time.maxAheadMillis(), Long.MAX_VALUE - now);
      if (record.timestampMillis() > skewedAfterMillis) {
        record.markSkewed();
      }
    }
    return true;
  }

  private boolean brokerTime(long brokerMillis) {
    boolean allowed = time.field() == null || time.brokerFallback();
    if (allowed && brokerMillis >= 0) {
      return acceptTime(times.accept(brokerMillis));
    }
    if (time.field() == null && brokerMillis == Payload.NO_TIMESTAMP) {
      // A message of MQTT has no time at all, so it is of the moment when it is read.
      return acceptTime(times.accept(clock.millis()));
    }
    String missing =
        time.field() == null ? "" : "no field \"" + VisibleText.of(time.field()) + "\"";
    String broker = allowed ? "the source gives no time" : "";
    String and = missing.isEmpty() || broker.isEmpty() ? "" : ", and ";
    return fail(RejectReason.NO_TIME, missing + and + broker);
  }

  // ---- text ----

  /**
   * Writes behind the record's last text field, without making it one. Answers -1 if not UTF-16.
   */
  private int write(char[] value, int offset, int length) {
    byte[] target = record.reserve(room(length));
    int from = record.textEnd();
    for (int i = 0; i < length; i++) {
      char c = value[offset + i];
      if (c >= 0x80) {
        return Utf8.encode(value, offset, length, record.reserve(room(3 * length)), from);
      }
      target[from + i] = (byte) c;
    }
    return length;
  }

  private static int room(int length) {
    return Math.max(length, IpAddresses.MAX_LENGTH);
  }

  /** Makes what stands behind the last text field the value of a field. */
  private boolean commitText(int slot, int written) {
    FieldConfig field = textFields[slot];
    int length = written;
    int at = record.textEnd();
    if (length == 0 && !field.allowEmpty()) {
      return true; // as if absent
    }
    if (field.nfc() && Utf8.skipAscii(record.text(), at, at + length) < at + length) {
      length = normalize(length);
    }
    if (field.type() == FieldConfig.Type.IP && length > 0) {
      int canonical = addresses.canonical(record.text(), at, length, record.text(), at);
      if (canonical < 0) {
        return fail(
            RejectReason.IP,
            label(field)
                + ": \""
                + VisibleText.of(record.text(), at, length)
                + "\" is not an IP address");
      }
      length = canonical;
    }
    if (keyLimit.exceeds(length)) {
      length = keyLimit.cut(record.text(), at, length);
      record.countTruncatedField();
    }
    record.commit(slot, length);
    return true;
  }

  private int normalize(int length) {
    int at = record.textEnd();
    String text = new String(record.text(), at, length, StandardCharsets.UTF_8);
    if (Normalizer.isNormalized(text, Normalizer.Form.NFC)) {
      return length;
    }
    byte[] normal =
        Normalizer.normalize(text, Normalizer.Form.NFC).getBytes(StandardCharsets.UTF_8);
    System.arraycopy(normal, 0, record.reserve(room(normal.length)), at, normal.length);
    return normal.length;
  }

  /** For example {@code field "src"}, or {@code field "src" (path "source.ip")}. */
  static String label(FieldConfig field) {
    String name = "field \"" + VisibleText.of(field.name()) + '"';
    return field.path().equals(field.name())
        ? name
        : name + " (path \"" + VisibleText.of(field.path()) + "\")";
  }
}
