package dev.atalaya.capture;

import java.util.Arrays;

/**
 * What is known of a packet or of a flow (the packets between two endpoints in a while): addresses
 * and numbers. One object is filled again for each event, so what is to be kept of it has to be
 * copied or written out ({@link EventJson}).
 *
 * <p>Numbers are not negative, or {@link #ABSENT}. Times are milliseconds since the epoch. Bytes
 * and packets are estimates of all traffic when {@link #SAMPLING} is above 1: what was counted,
 * multiplied by the rate.
 *
 * <p>Not thread-safe.
 */
public final class FlowEvent {

  public static final long ABSENT = -1;

  public static final int TS = 0;
  public static final int SPORT = 1;
  public static final int DPORT = 2;
  public static final int PROTO = 3;
  public static final int BYTES = 4;
  public static final int PACKETS = 5;
  public static final int FLAGS = 6;
  public static final int START = 7;
  public static final int END = 8;
  public static final int TOS = 9;
  public static final int IN = 10;
  public static final int OUT = 11;
  public static final int SRC_AS = 12;
  public static final int DST_AS = 13;
  public static final int SAMPLING = 14;
  public static final int DOMAIN = 15;

  static final String[] NUMBER_NAMES = {
    "ts",
    "sport",
    "dport",
    "proto",
    "bytes",
    "packets",
    "flags",
    "start",
    "end",
    "tos",
    "in",
    "out",
    "src_as",
    "dst_as",
    "sampling",
    "domain"
  };

  private final long[] numbers = new long[NUMBER_NAMES.length];
  private final IpAddress src = new IpAddress();
  private final IpAddress dst = new IpAddress();
  private final IpAddress nextHop = new IpAddress();
  private final IpAddress exporter = new IpAddress();

  public FlowEvent() {
    clear();
  }

  public void clear() {
    Arrays.fill(numbers, ABSENT);
    src.clear();
    dst.clear();
    nextHop.clear();
    exporter.clear();
  }

  /** A number by its constant, such as {@link #BYTES}; {@link #ABSENT} when it is not known. */
  public long get(int number) {
    return numbers[number];
  }

  public void set(int number, long value) {
    numbers[number] = value;
  }

  public IpAddress src() {
    return src;
  }

  public IpAddress dst() {
    return dst;
  }

  public IpAddress nextHop() {
    return nextHop;
  }

  /** Who sent the flow: a router, a switch, a probe. Absent for packets. */
  public IpAddress exporter() {
    return exporter;
  }

  /** Changes source and destination over. What is known of one way only is known no longer. */
  public void reverse() {
    src.swap(dst);
    swap(SPORT, DPORT);
    swap(IN, OUT);
    swap(SRC_AS, DST_AS);
    nextHop.clear();
    set(FLAGS, ABSENT);
    set(TOS, ABSENT);
  }

  private void swap(int one, int other) {
    long number = numbers[one];
    numbers[one] = numbers[other];
    numbers[other] = number;
  }

  /** The event as one line of JSON. */
  @Override
  public String toString() {
    return new EventJson().write(this).toString();
  }
}
