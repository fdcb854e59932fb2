package dev.atalaya.capture.flow;

/**
 * The information elements that are read, of IANA's registry "IP Flow Information Export (IPFIX)
 * Entities". NetFlow v9 numbers its fields the same way. All others are skipped by their length.
 */
final class Elements {

  /** Not read. */
  static final int SKIPPED = 0;

  // Addresses; they come first, so that one comparison tells them from numbers.
  static final int SRC_IPV4 = 1;
  static final int DST_IPV4 = 2;
  static final int NEXT_HOP_IPV4 = 3;
  static final int SRC_IPV6 = 4;
  static final int DST_IPV6 = 5;
  static final int NEXT_HOP_IPV6 = 6;

  static final int FIRST_NUMBER = 7;
  static final int OCTETS = 7;
  static final int PACKETS = 8;
  static final int TOTAL_OCTETS = 9;
  static final int TOTAL_PACKETS = 10;
  static final int POST_OCTETS = 11;
  static final int POST_PACKETS = 12;
  static final int INITIATOR_OCTETS = 13;
  static final int INITIATOR_PACKETS = 14;
  static final int REVERSE_OCTETS = 15;
  static final int REVERSE_PACKETS = 16;
  static final int PROTOCOL = 17;
  static final int TOS = 18;
  static final int TCP_FLAGS = 19;
  static final int SRC_PORT = 20;
  static final int DST_PORT = 21;
  static final int UDP_SRC_PORT = 22;
  static final int UDP_DST_PORT = 23;
  static final int TCP_SRC_PORT = 24;
  static final int TCP_DST_PORT = 25;
  static final int IN_INTERFACE = 26;
  static final int OUT_INTERFACE = 27;
  static final int SRC_AS = 28;
  static final int DST_AS = 29;
  static final int START_UPTIME = 30;
  static final int END_UPTIME = 31;
  static final int START_SECONDS = 32;
  static final int END_SECONDS = 33;
  static final int START_MILLIS = 34;
  static final int END_MILLIS = 35;
  static final int START_NTP = 36;
  static final int END_NTP = 37;
  static final int START_DELTA_MICROS = 38;
  static final int END_DELTA_MICROS = 39;
  static final int OBSERVED_SECONDS = 40;
  static final int OBSERVED_MILLIS = 41;
  static final int OBSERVED_NTP = 42;
  static final int BOOT_MILLIS = 43;
  static final int SAMPLING_INTERVAL = 44;
  static final int RANDOM_INTERVAL = 45;
  static final int SAMPLING_PACKETS = 46;
  static final int SAMPLING_SPACE = 47;
  static final int SAMPLING_SIZE = 48;
  static final int SAMPLING_POPULATION = 49;
  static final int SAMPLER_ID = 50;
  static final int SELECTOR_ID = 51;
  static final int COUNT = 52;

  /** Of RFC 5103: the same elements for the way back. */
  private static final long REVERSE = 29305;

  private Elements() {}

  /**
   * The constant above of an element.
   *
   * @param enterprise 0 for IANA's own
   */
  static int of(long enterprise, int id) {
    if (enterprise == REVERSE) {
      return switch (id) {
        case 1, 85 -> REVERSE_OCTETS;
        case 2, 86 -> REVERSE_PACKETS;
        default -> SKIPPED;
      };
    }
    return enterprise == 0 ? ofIana(id) : SKIPPED;
  }

  private static int ofIana(int id) {
    return switch (id) {
      case 1 -> OCTETS;
      case 2 -> PACKETS;
      case 4 -> PROTOCOL;
      case 5 -> TOS;
      case 6 -> TCP_FLAGS;
      case 7 -> SRC_PORT;
      case 8 -> SRC_IPV4;
      case 10 -> IN_INTERFACE;
      case 11 -> DST_PORT;
      case 12 -> DST_IPV4;
      case 14 -> OUT_INTERFACE;
      case 15 -> NEXT_HOP_IPV4;
      case 16 -> SRC_AS;
      case 17 -> DST_AS;
      case 21 -> END_UPTIME;
      case 22 -> START_UPTIME;
      case 23 -> POST_OCTETS;
      case 24 -> POST_PACKETS;
      case 27 -> SRC_IPV6;
      case 28 -> DST_IPV6;
      case 34 -> SAMPLING_INTERVAL;
      case 48 -> SAMPLER_ID;
      case 50 -> RANDOM_INTERVAL;
      case 62 -> NEXT_HOP_IPV6;
      case 85 -> TOTAL_OCTETS;
      case 86 -> TOTAL_PACKETS;
      case 150 -> START_SECONDS;
      case 151 -> END_SECONDS;
      case 152 -> START_MILLIS;
      case 153 -> END_MILLIS;
      case 154, 156 -> START_NTP;
      case 155, 157 -> END_NTP;
      case 158 -> START_DELTA_MICROS;
      case 159 -> END_DELTA_MICROS;
      case 160 -> BOOT_MILLIS;
      case 180 -> UDP_SRC_PORT;
      case 181 -> UDP_DST_PORT;
      case 182 -> TCP_SRC_PORT;
      case 183 -> TCP_DST_PORT;
      case 231 -> INITIATOR_OCTETS;
      case 232 -> REVERSE_OCTETS;
      case 298 -> INITIATOR_PACKETS;
      case 299 -> REVERSE_PACKETS;
      case 302 -> SELECTOR_ID;
      case 305 -> SAMPLING_PACKETS;
      case 306 -> SAMPLING_SPACE;
      case 309 -> SAMPLING_SIZE;
      case 310 -> SAMPLING_POPULATION;
      case 322 -> OBSERVED_SECONDS;
      case 323 -> OBSERVED_MILLIS;
      case 324, 325 -> OBSERVED_NTP;
      default -> SKIPPED;
    };
  }

  static boolean isNumber(int element) {
    return element >= FIRST_NUMBER;
  }

  /** Seconds since 1900 and their fraction, 32 bits each: today's have the highest bit set. */
  static boolean isNtp(int element) {
    return element == START_NTP || element == END_NTP || element == OBSERVED_NTP;
  }
}
