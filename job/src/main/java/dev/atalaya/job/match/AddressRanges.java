package dev.atalaya.job.match;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Disjoint ranges of numbers of 128 bits, ascending; found by halving. Immutable, thread-safe.
 *
 * <p>Shape: 32 bytes a range.
 */
final class AddressRanges {

  /** All addresses of one prefix: those that agree with the first in the bits of its mask. */
  record Range(long firstHigh, long firstLow, long lastHigh, long lastLow) {

    /**
     * @param length 0 to 128
     */
    static Range ofPrefix(long high, long low, int length) {
      long highMask = IpAddresses.upperBits(length);
      long lowMask = IpAddresses.upperBits(length - Long.SIZE);
      return new Range(high & highMask, low & lowMask, high | ~highMask, low | ~lowMask);
    }

    boolean lastIsBefore(long high, long low) {
      return compare(lastHigh, lastLow, high, low) < 0;
    }
  }

  private static final Comparator<Range> BY_FIRST =
      (a, b) -> compare(a.firstHigh, a.firstLow, b.firstHigh, b.firstLow);

  private final Range[] ranges;

  AddressRanges(List<Range> prefixes) {
    Range[] sorted = prefixes.toArray(Range[]::new);
    // Of prefixes that begin alike the longest range comes first, and holds the others.
    Arrays.sort(
        sorted,
        BY_FIRST.thenComparing((a, b) -> compare(b.lastHigh, b.lastLow, a.lastHigh, a.lastLow)));
    List<Range> disjoint = new ArrayList<>();
    Range last = null;
    for (Range range : sorted) {
      // Two prefixes are apart or one holds the other.
      if (last == null || last.lastIsBefore(range.firstHigh, range.firstLow)) {
        disjoint.add(range);
        last = range;
      }
    }
    ranges = disjoint.toArray(Range[]::new);
  }

  boolean contain(long high, long low) {
    return contain(high, low, high, low);
  }

  /** Whether one of the ranges holds all of another. */
  boolean contain(Range other) {
    return contain(other.firstHigh, other.firstLow, other.lastHigh, other.lastLow);
  }

  private boolean contain(long firstHigh, long firstLow, long lastHigh, long lastLow) {
    int from = 0;
    int to = ranges.length;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (ranges[middle].lastIsBefore(lastHigh, lastLow)) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from < ranges.length
        && compare(ranges[from].firstHigh, ranges[from].firstLow, firstHigh, firstLow) <= 0;
  }

  private static int compare(long high, long low, long otherHigh, long otherLow) {
    int byHigh = Long.compareUnsigned(high, otherHigh);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, otherLow);
  }
}
