package dev.atalaya.capture.flow;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is remembered of one observation domain (or engine, or agent) of an exporter: which number
 * comes next, and how it samples. At most {@link #MAX_SAMPLERS} samplers.
 */
final class Domain {

  static final int MAX_SAMPLERS = 64;

  /** Rounded up, with all samplers. */
  static final long BYTES = 8 * 1024;

  private static final long UNKNOWN = -1;

  private final Map<Long, Long> samplers = new Lru<>(MAX_SAMPLERS);
  private long rate = 1;
  private long next = UNKNOWN;

  /** When the exporter started, ms since the epoch; -1 when it has not said so. */
  long bootMillis = -1;

  /**
   * Notes a datagram's number.
   *
   * @param units by which the next one will be higher; negative when that is not known
   * @return whether another one was due
   */
  boolean isGap(long sequence, long units) {
    boolean gap = next != UNKNOWN && next != sequence;
    next = units < 0 ? UNKNOWN : (sequence + units) & 0xffff_ffffL;
    return gap;
  }

  /** One packet of {@code samplingRate} is counted, as a sampler or all of the domain does. */
  void sampler(long id, long samplingRate) {
    if (id >= 0) {
      samplers.put(id, samplingRate);
    }
    rate = samplingRate;
  }

  /**
   * The rate of a sampler, else the one told last.
   *
   * @param id negative when the record names none
   */
  long rate(long id) {
    if (id < 0 || samplers.isEmpty()) {
      return rate;
    }
    Long own = samplers.get(id);
    return own == null ? rate : own;
  }

  /** The entries used last. */
  static final class Lru<K, V> extends LinkedHashMap<K, V> {

    private static final long serialVersionUID = 1L;

    private final int max;

    Lru(int max) {
      super(16, 0.75f, true);
      this.max = max;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > max;
    }
  }
}
