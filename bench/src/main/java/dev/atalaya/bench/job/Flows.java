package dev.atalaya.bench.job;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * Flow events that were drawn beforehand: a source only looks them up, and what a run costs is what
 * is done with them.
 *
 * <p>Sources are Zipf with exponent 1 by rank over 545,000 addresses, destinations over 50,000,
 * ports over 1,000. Event {@code i} comes {@code i / 200} ms after the start: 2 million events in a
 * window of ten seconds.
 */
final class Flows {

  static final int EVENTS_PER_MILLI = 200;
  static final long START_MILLIS = 1_760_000_000_000L;

  private static final int SOURCES = 545_000;
  private static final int DESTINATIONS = 50_000;
  private static final int PORTS = 1_000;

  /** Events repeat after this many: after two windows. */
  private static final int DRAWN = 1 << 22;

  private static Flows instance;

  final Names sources = new Names(SOURCES, 0x0a000000);
  final Names destinations = new Names(DESTINATIONS, 0xc0a80000);
  private final int[] source = new int[DRAWN];
  private final int[] destination = new int[DRAWN];
  private final short[] port = new short[DRAWN];
  private final short[] bytes = new short[DRAWN];

  /** Source, destination and port of all events as text, in their order. */
  private final byte[] text;

  private final int[] starts = new int[DRAWN + 1];
  private final byte[] sourceLengths = new byte[DRAWN];
  private final byte[] destinationLengths = new byte[DRAWN];
  private String[] sourceStrings;

  /** Addresses as text, all behind one another in one array. */
  static final class Names {
    final byte[] text;
    final int[] starts;

    private Names(int count, int network) {
      StringBuilder all = new StringBuilder(count * 14);
      starts = new int[count + 1];
      for (int i = 0; i < count; i++) {
        all.append(address(network + scattered(i)));
        starts[i + 1] = all.length();
      }
      text = all.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** Neighbours in rank are no neighbours as addresses. */
    private static int scattered(int i) {
      return (int) (i * 2_654_435_761L & 0xf_ffff);
    }

    int length(int i) {
      return starts[i + 1] - starts[i];
    }

    /** Returns where the copy ends. */
    private int copy(int i, byte[] target, int at) {
      System.arraycopy(text, starts[i], target, at, length(i));
      return at + length(i);
    }

    String string(int i) {
      return new String(text, starts[i], length(i), StandardCharsets.US_ASCII);
    }
  }

  private Flows() {
    SplittableRandom random = new SplittableRandom(20_261_121);
    Zipf sourceRanks = new Zipf(SOURCES);
    Zipf destinationRanks = new Zipf(DESTINATIONS);
    Zipf portRanks = new Zipf(PORTS);
    for (int i = 0; i < DRAWN; i++) {
      source[i] = sourceRanks.draw(random);
      destination[i] = destinationRanks.draw(random);
      port[i] = (short) (1 + portRanks.draw(random));
      bytes[i] = (short) (40 + random.nextInt(1460));
      sourceLengths[i] = (byte) sources.length(source[i]);
      destinationLengths[i] = (byte) destinations.length(destination[i]);
      starts[i + 1] =
          starts[i] + sourceLengths[i] + destinationLengths[i] + Integer.toString(port[i]).length();
    }
    text = new byte[starts[DRAWN]];
    for (int i = 0; i < DRAWN; i++) {
      int at = sources.copy(source[i], text, starts[i]);
      at = destinations.copy(destination[i], text, at);
      byte[] digits = Integer.toString(port[i]).getBytes(StandardCharsets.US_ASCII);
      System.arraycopy(digits, 0, text, at, digits.length);
    }
  }

  /** The same for all sources of this process. */
  static synchronized Flows get() {
    if (instance == null) {
      instance = new Flows();
    }
    return instance;
  }

  static long millis(long event) {
    return START_MILLIS + event / EVENTS_PER_MILLI;
  }

  int source(long event) {
    return source[indexOf(event)];
  }

  int destination(long event) {
    return destination[indexOf(event)];
  }

  int port(long event) {
    return port[indexOf(event)];
  }

  int bytes(long event) {
    return bytes[indexOf(event)];
  }

  /** Holds the text of an event, source, destination and port, from {@link #textStart} on. */
  byte[] text() {
    return text;
  }

  int textStart(long event) {
    return starts[indexOf(event)];
  }

  int sourceLength(long event) {
    return sourceLengths[indexOf(event)];
  }

  int destinationLength(long event) {
    return destinationLengths[indexOf(event)];
  }

  int textEnd(long event) {
    return starts[indexOf(event) + 1];
  }

  /**
   * The source of each event as a string: objects in the order of the events, one behind another in
   * memory, as close to a fresh string as one can come without making it.
   */
  synchronized String[] sourceStrings() {
    if (sourceStrings == null) {
      String[] strings = new String[DRAWN];
      for (int i = 0; i < DRAWN; i++) {
        strings[i] = sources.string(source[i]);
      }
      sourceStrings = strings;
    }
    return sourceStrings;
  }

  static int indexOf(long event) {
    return (int) event & DRAWN - 1;
  }

  static String address(int bits) {
    return (bits >>> 24)
        + "."
        + (bits >>> 16 & 0xff)
        + "."
        + (bits >>> 8 & 0xff)
        + "."
        + (bits & 0xff);
  }

  /** Ranks with probability 1 / rank, by the alias method. */
  private static final class Zipf {
    private final double[] keep;
    private final int[] alias;

    Zipf(int ranks) {
      keep = new double[ranks];
      alias = new int[ranks];
      double sum = 0;
      for (int i = 0; i < ranks; i++) {
        sum += 1.0 / (i + 1);
      }
      for (int i = 0; i < ranks; i++) {
        keep[i] = ranks / (sum * (i + 1));
      }
      // Weights fall with the rank: what the small ones lack comes from the first that has more.
      int large = 0;
      for (int small = ranks - 1; small > large; small--) {
        int needy = small;
        while (keep[needy] < 1 && large < needy) {
          alias[needy] = large;
          keep[large] -= 1 - keep[needy];
          if (keep[large] >= 1) {
            break;
          }
          needy = large++;
        }
      }
    }

    int draw(SplittableRandom random) {
      int i = random.nextInt(keep.length);
      return random.nextDouble() < keep[i] ? i : alias[i];
    }
  }
}
