package dev.atalaya.job.detect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** All keys of an exact window in the order of the tree of prefixes. Not thread-safe. */
final class Leaves {

  /** A key without its bytes. */
  record Leaf(BitString place, Measured key) {}

  private final List<Leaf> leaves = new ArrayList<>();

  Leaves(Candidates keys, BitString.Reader reader) {
    keys.forEach(
        (key, bytes, offset, length) ->
            leaves.add(new Leaf(reader.read(bytes, offset, length), key)));
    leaves.sort(Comparator.comparing(Leaf::place, BitString.PREFIX_FIRST));
  }

  /** Those that a prefix holds. */
  List<Leaf> under(BitString prefix) {
    int from = countBefore(prefix);
    int to = from;
    while (to < leaves.size() && prefix.holds(leaves.get(to).place())) {
      to++;
    }
    return leaves.subList(from, to);
  }

  /** How many come before a prefix and all that it holds. */
  int countBefore(BitString place) {
    int from = 0;
    int to = leaves.size();
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (BitString.PREFIX_FIRST.compare(leaves.get(middle).place(), place) < 0) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }
}
