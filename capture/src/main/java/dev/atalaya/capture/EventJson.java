package dev.atalaya.capture;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes an event as one flat JSON object, UTF-8, without a line end: {@code
 * {"ts":1431031896723,"src":"192.0.2.1",…}}. Fields that are absent are left out. No allocation per
 * event.
 *
 * <p>Not thread-safe.
 */
public final class EventJson {

  private static final byte[][] NUMBERS =
      Arrays.stream(FlowEvent.NUMBER_NAMES).map(EventJson::field).toArray(byte[][]::new);
  private static final byte[] SRC = field("src");
  private static final byte[] DST = field("dst");
  private static final byte[] NEXT_HOP = field("next_hop");
  private static final byte[] EXPORTER = field("exporter");

  private static final int MAX_DIGITS = 19;

  /** Enough for every field at its longest. */
  private final byte[] buffer = new byte[maxLength()];

  private int length;

  /** Replaces what was written before. */
  public EventJson write(FlowEvent event) {
    length = 0;
    number(event, FlowEvent.TS);
    address(SRC, event.src());
    address(DST, event.dst());
    for (int number = FlowEvent.TS + 1; number < NUMBERS.length; number++) {
      if (number != FlowEvent.SAMPLING || event.get(number) > 1) {
        number(event, number);
      }
    }
    address(NEXT_HOP, event.nextHop());
    address(EXPORTER, event.exporter());
    if (length == 0) {
      buffer[length++] = '{';
    }
    buffer[0] = '{'; // instead of the comma before the first field
    buffer[length++] = '}';
    return this;
  }

  /** The bytes, from 0 to {@link #length()}; good until the next event is written. */
  public byte[] buffer() {
    return buffer;
  }

  public int length() {
    return length;
  }

  public byte[] toBytes() {
    return Arrays.copyOf(buffer, length);
  }

  @Override
  public String toString() {
    return new String(buffer, 0, length, StandardCharsets.UTF_8);
  }

  private void number(FlowEvent event, int number) {
    long value = event.get(number);
    if (value < 0) {
      return;
    }
    name(NUMBERS[number]);
    int end = length + digits(value);
    length = end;
    while (value >= 100) {
      long hundreds = value / 100;
      int rest = (int) (value - hundreds * 100);
      buffer[--end] = (byte) ('0' + rest % 10);
      buffer[--end] = (byte) ('0' + rest / 10);
      value = hundreds;
    }
    buffer[--end] = (byte) ('0' + value % 10);
    if (value >= 10) {
      buffer[--end] = (byte) ('0' + value / 10);
    }
  }

  private static int digits(long value) {
    int digits = 1;
    for (long limit = 10; digits < MAX_DIGITS && value >= limit; limit *= 10) {
      digits++;
    }
    return digits;
  }

  private void address(byte[] name, IpAddress address) {
    if (!address.isPresent()) {
      return;
    }
    name(name);
    buffer[length++] = '"';
    length = address.writeTo(buffer, length);
    buffer[length++] = '"';
  }

  private void name(byte[] name) {
    System.arraycopy(name, 0, buffer, length, name.length);
    length += name.length;
  }

  private static byte[] field(String name) {
    return (",\"" + name + "\":").getBytes(StandardCharsets.UTF_8);
  }

  private static int maxLength() {
    int sum = 2;
    for (byte[] name : NUMBERS) {
      sum += name.length + MAX_DIGITS;
    }
    for (byte[] name : new byte[][] {SRC, DST, NEXT_HOP, EXPORTER}) {
      sum += name.length + 2 + IpText.MAX_LENGTH;
    }
    return sum;
  }
}
