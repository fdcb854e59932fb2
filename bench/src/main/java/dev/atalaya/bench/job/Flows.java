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

  /** Events repeat after this many: after four windows. */
  private static final int DRAWN = 1 << 23;

  private static Flows instance;

  final Names sources = new Names(SOURCES, 0x0a000000);
  final Names destinations = new Names(DESTINATIONS, 0xc0a80000);
  private final int[] source = new int[DRAWN];
  private final int[] destination = new int[DRAWN];
  private final short[] port = new short[DRAWN];
  private final short[] bytes = new short[DRAWN];

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

    String string(int i) {
      return new String(text, starts[i], length(i), StandardCharsets.US_ASCII);
    }

    String[] strings() {
      String[] strings = new String[starts.length - 1];
      for (int i = 0; i < strings.length; i++) {
        strings[i] = string(i);
      }
      return strings;
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
    return source[(int) event & DRAWN - 1];
  }

  int destination(long event) {
    return destination[(int) event & DRAWN - 1];
  }

  int port(long event) {
    return port[(int) event & DRAWN - 1];
  }

  int bytes(long event) {
    return bytes[(int) event & DRAWN - 1];
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
