package dev.atalaya.job.detect;

import dev.atalaya.job.config.DetectorConfig;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * Leaves of the keys and prefixes for which a rule holds those that say something of their own: a
 * prefix for which it still holds after what the findings below have explained, and then the
 * longest that does.
 *
 * <p>Value: what is left of a weight is that of the prefix less those of the topmost findings below
 * it; of distinct peers, those that none of them has met.
 *
 * <p>Error: what is left lies in its bounds for certain. A prefix for which the rule holds, and
 * would hold for what is left, is told, itself or a longer one that leaves out nothing for which
 * the rule holds.
 *
 * <p>Source: the conditioned counts of Mitzenmacher, Steinke and Thaler, Hierarchical Heavy Hitters
 * with the Space Saving Algorithm (ALENEX 2012), for any rule in the place of a threshold. Prefix
 * lengths between those that are watched, and peers, are an addition.
 */
final class Rollup {

  /** A crossing in the tree of prefixes. */
  record Node(BitString place, Crossing crossing) {}

  private final BitString.Reader reader;
  private final LongerPrefixes longer;
  private final boolean peers;
  private final boolean signed;

  Rollup(DetectorConfig detector, BitString.Reader reader, LongerPrefixes longer) {
    this.reader = reader;
    this.longer = longer;
    peers = !detector.distinct().isEmpty();
    signed = detector.signed();
  }

  /** What is told of all that a rule holds for. */
  List<Crossing> of(List<Crossing> prefixes, List<Crossing> keys) {
    // A prefix stands before a key of the same text, since the order is stable.
    List<Node> nodes = new ArrayList<>();
    prefixes.forEach(crossing -> nodes.add(node(crossing)));
    keys.forEach(crossing -> nodes.add(node(crossing)));
    nodes.sort(Comparator.comparing(Node::place, BitString.PREFIX_FIRST));
    // From the last to the first, what a prefix holds has just been looked at when its turn comes.
    Collections.reverse(nodes);

    List<Crossing> told = new ArrayList<>();
    Deque<Node> topmost = new ArrayDeque<>();
    for (Node node : nodes) {
      List<Node> below = new ArrayList<>();
      while (node.crossing.prefix && !topmost.isEmpty() && node.place.holds(topmost.peek().place)) {
        below.add(topmost.pop());
      }
      Node own = unexplained(node, below);
      below.stream()
          .filter(other -> own == null || !own.place.holds(other.place))
          .forEach(topmost::push);
      if (own != null) {
        topmost.push(own);
        if (own.crossing.told) {
          told.add(own.crossing);
        }
      }
    }
    return told;
  }

  private Node node(Crossing crossing) {
    return new Node(reader.read(crossing.key, 0, crossing.key.length), crossing);
  }

  /** What is left of a node, as long a prefix as explains it, or null when nothing is. */
  private Node unexplained(Node node, List<Node> below) {
    if (!node.crossing.prefix) {
      return node;
    }
    Measured rest = new Measured(node.crossing.whole);
    if (peers) {
      subtractPeers(rest, below);
      if (!below.isEmpty()) {
        longer.limitPeers(rest, node, below);
      }
    } else {
      below.forEach(other -> rest.subtract(other.crossing.whole));
    }
    if (!signed) {
      rest.raiseToZero();
    }
    KeyRule rule = node.crossing.rule;
    return rule.mayHold(rest)
        ? longer.of(new Node(node.place, node.crossing.with(rest)), below)
        : null;
  }

  /** What several met may be the same peers, or all different ones. */
  private static void subtractPeers(Measured rest, List<Node> below) {
    long value = 0;
    long lower = 0;
    long expected = 0;
    long expectedLower = 0;
    for (Node node : below) {
      Measured part = node.crossing.whole;
      value = Math.max(value, part.value);
      lower = Math.max(lower, part.lower);
      expected = Math.max(expected, part.expected);
      expectedLower = Math.max(expectedLower, part.expectedLower);
      rest.lower = Saturating.subtract(rest.lower, part.upper);
      rest.expectedLower = Saturating.subtract(rest.expectedLower, part.expectedUpper);
    }
    rest.upper -= lower;
    rest.value = Math.min(Math.max(rest.lower, rest.value - value), rest.upper);
    rest.expectedUpper -= expectedLower;
    rest.expected =
        Math.min(Math.max(rest.expectedLower, rest.expected - expected), rest.expectedUpper);
  }
}
