package dev.atalaya.job.cli;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * Flow events as JSON lines: five minutes of quiet traffic with anomalies planted in it, the same
 * for the same seed on every machine. Addresses are those kept for documentation (RFC 5737, RFC
 * 3849).
 *
 * <p>Planted: a flood of one destination for two windows, a scan by one new source for one window,
 * a sensor that falls silent, lines that are broken, events that come a minute late, and events of
 * the far future. Events are up to 1.5 s out of order.
 *
 * <p>Not thread-safe.
 */
final class SampleStream {

  static final long MIN_EVENTS = 30_000;
  static final long START_MILLIS = Instant.parse("2025-01-15T10:00:00Z").toEpochMilli();
  static final long WINDOW_MILLIS = 10_000;
  static final int WINDOWS = 30;

  /** Lines that are no events: cut off, no JSON, no key, bad weight, bad address, no object. */
  static final List<String> BROKEN_LINES =
      List.of(
          "{\"ts\":1736935200000,\"src\":\"192.0.2.1\",\"dst\":",
          "GET /index.html HTTP/1.1",
          "{\"ts\":1736935200000,\"dst\":\"203.0.113.9\",\"proto\":6,\"dport\":80,\"bytes\":60}",
          event(START_MILLIS, "192.0.2.1", "203.0.113.9", 4000, 80, 6, -60),
          event(START_MILLIS, "999.1.1.1", "203.0.113.9", 4000, 80, 6, 60),
          "[1,2,3]",
          "{\"src\":\"192.0.2.1\",\"dst\":\"203.0.113.9\",\"proto\":6,\"dport\":80,\"bytes\":60}");

  private static final int FLOOD_WINDOW = 9;
  private static final int SCAN_WINDOW = 17;
  private static final int SILENCE_WINDOW = 23;
  private static final String FLOODED = "203.0.113.66";
  private static final String SCANNER = "198.51.100.77";
  private static final int SENSORS = 12;
  private static final int SILENT_SENSOR = 7;
  private static final int LATE_EVENTS = 20;
  private static final long LATE_MILLIS = 60_000;
  static final int SKEWED_EVENTS = 3;
  private static final long SKEWED_MILLIS = Instant.parse("2090-01-01T00:00:00Z").toEpochMilli();
  private static final int DISORDER_MILLIS = 1500;

  private static final int[] PORTS = {443, 443, 443, 80, 80, 53, 22, 993, 8080, 5432};

  private final int perWindow;
  private final Random random;
  private final double[] sourceRanks = zipf(500, 0.8);
  private final double[] destinationRanks = zipf(400, 0.8);
  private long events;

  private record Arrival(long atMillis, String line) {}

  /** Takes one line after the other. */
  @FunctionalInterface
  interface LineConsumer {
    void accept(String line) throws IOException, InterruptedException;
  }

  /**
   * @param events about as many are written
   */
  SampleStream(long events, long seed) {
    if (events < MIN_EVENTS) {
      throw new IllegalArgumentException(
          "events must be >= "
              + MIN_EVENTS
              + ", got "
              + events
              + ": fewer are too few to be quiet");
    }
    // Beside the quiet traffic: 12 sensors of 1% each, and 70% of one window in anomalies.
    perWindow = Math.toIntExact(events * 100 / (WINDOWS * 112 + 70));
    // Its algorithm is part of Java's specification, so a seed means the same everywhere.
    random = new Random(seed);
  }

  /** Hands on all lines in the order of arrival; call it once. */
  void forEachLine(LineConsumer out) throws IOException, InterruptedException {
    List<Arrival> pending = new ArrayList<>();
    for (int window = 0; window < WINDOWS; window++) {
      addWindow(window, pending);
      pending.sort(Comparator.comparingLong(Arrival::atMillis));
      long end = startOf(window + 1);
      int due = 0;
      while (due < pending.size() && pending.get(due).atMillis() < end) {
        out.accept(pending.get(due++).line());
      }
      pending.subList(0, due).clear();
      if (window < BROKEN_LINES.size()) {
        out.accept(BROKEN_LINES.get(window));
      }
    }
    for (Arrival arrival : pending) {
      out.accept(arrival.line());
    }
  }

  /** How many events were written, without broken lines. */
  long events() {
    return events;
  }

  /** Everything that must be found, in the order of time. */
  static List<Planted> planted() {
    List<Planted> planted = new ArrayList<>();
    plant(planted, FLOOD_WINDOW, "floods", FLOODED, Planted.HEAVY_HITTER, null);
    plant(planted, FLOOD_WINDOW, "floods", FLOODED, Planted.HEAVY_CHANGER, "up");
    plant(planted, FLOOD_WINDOW + 1, "floods", FLOODED, Planted.HEAVY_HITTER, null);
    plant(planted, FLOOD_WINDOW + 2, "floods", FLOODED, Planted.HEAVY_CHANGER, "down");
    plant(planted, SCAN_WINDOW, "scans", SCANNER, Planted.HEAVY_HITTER, null);
    plant(planted, SCAN_WINDOW, "scans", SCANNER, Planted.HEAVY_CHANGER, "up");
    plant(planted, SCAN_WINDOW + 1, "scans", SCANNER, Planted.HEAVY_CHANGER, "down");
    plant(
        planted,
        SILENCE_WINDOW,
        "silent-sensors",
        sensor(SILENT_SENSOR),
        Planted.HEAVY_CHANGER,
        "down");
    planted.sort(null);
    return List.copyOf(planted);
  }

  private static void plant(
      List<Planted> planted,
      int window,
      String detector,
      String key,
      String action,
      String direction) {
    planted.add(new Planted(startOf(window), detector, key, action, direction));
  }

  private void addWindow(int window, List<Arrival> pending) {
    long start = startOf(window);
    for (int i = 0; i < perWindow; i++) {
      add(pending, start, source(), destination(), port(), 6, 60 + random.nextInt(1440));
    }
    int perSensor = perWindow / 100;
    for (int sensor = 0; sensor < SENSORS; sensor++) {
      for (int i = 0; i < perSensor && !isSilent(sensor, window); i++) {
        add(pending, start, sensor(sensor), "203.0.113.5", 514, 17, 120);
      }
    }
    if (window == FLOOD_WINDOW || window == FLOOD_WINDOW + 1) {
      for (int i = 0; i < perWindow / 5; i++) {
        String spoofed = "2001:db8::" + Integer.toHexString(1 + random.nextInt(0xffff));
        add(pending, start, spoofed, FLOODED, 80, 17, 4000);
      }
    }
    if (window == SCAN_WINDOW) {
      for (int i = 0; i < perWindow * 3 / 10; i++) {
        add(pending, start, SCANNER, "192.0.2." + (1 + i % 200), 1 + i % 1024, 6, 60);
      }
    }
    if (window >= WINDOWS - LATE_EVENTS) {
      long time = start - LATE_MILLIS + random.nextInt((int) WINDOW_MILLIS);
      String late = event(time, source(), destination(), 40000, 443, 6, 100);
      pending.add(new Arrival(start + WINDOW_MILLIS / 2, late));
      events++;
    }
    if (window < SKEWED_EVENTS) {
      String skewed = event(SKEWED_MILLIS, source(), destination(), 40000, 443, 6, 100);
      pending.add(new Arrival(start, skewed));
      events++;
    }
  }

  private void add(
      List<Arrival> pending,
      long start,
      String src,
      String dst,
      int port,
      int protocol,
      long bytes) {
    long time = start + random.nextInt((int) WINDOW_MILLIS);
    long arrival = time + random.nextInt(DISORDER_MILLIS);
    int sourcePort = 1024 + random.nextInt(64_000);
    pending.add(new Arrival(arrival, event(time, src, dst, sourcePort, port, protocol, bytes)));
    events++;
  }

  private static String event(
      long time, String src, String dst, int sourcePort, int port, int protocol, long bytes) {
    return "{\"ts\":"
        + time
        + ",\"src\":\""
        + src
        + "\",\"dst\":\""
        + dst
        + "\",\"sport\":"
        + sourcePort
        + ",\"dport\":"
        + port
        + ",\"proto\":"
        + protocol
        + ",\"bytes\":"
        + bytes
        + "}";
  }

  private static boolean isSilent(int sensor, int window) {
    return sensor == SILENT_SENSOR && window >= SILENCE_WINDOW;
  }

  private static String sensor(int index) {
    return "192.0.2." + (201 + index);
  }

  private String source() {
    int rank = draw(sourceRanks);
    return rank < 200 ? "192.0.2." + (1 + rank) : "2001:db8:1::" + Integer.toHexString(rank);
  }

  private String destination() {
    int rank = draw(destinationRanks);
    return rank < 60 ? "203.0.113." + (101 + rank) : "2001:db8:2::" + Integer.toHexString(rank);
  }

  private int port() {
    return PORTS[random.nextInt(PORTS.length)];
  }

  private int draw(double[] cumulative) {
    double point = random.nextDouble();
    int low = 0;
    int high = cumulative.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (cumulative[middle] < point) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Cumulative probabilities of ranks, each as likely as its rank to the power of -exponent. */
  private static double[] zipf(int ranks, double exponent) {
    double[] cumulative = new double[ranks];
    double sum = 0;
    for (int rank = 0; rank < ranks; rank++) {
      sum += StrictMath.pow(rank + 1, -exponent);
      cumulative[rank] = sum;
    }
    for (int rank = 0; rank < ranks; rank++) {
      cumulative[rank] /= sum;
    }
    return cumulative;
  }

  private static long startOf(int window) {
    return START_MILLIS + window * WINDOW_MILLIS;
  }
}
