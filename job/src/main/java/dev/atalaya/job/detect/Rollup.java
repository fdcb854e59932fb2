package dev.atalaya.job.detect;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * Leaves of the keys and prefixes for which a rule holds those that say something of their own: a
 * prefix is told when the rule still holds for what the findings below it do not explain, and then
 * as the longest prefix that explains it.
 *
 * <p>Value: of weights, that of the prefix less those of the findings directly below it; of
 * distinct peers, those that no finding below it has met.
 *
 * <p>Error: bounds are subtracted crosswise, so that they hold for what is left. Nothing for which
 * the rule holds is without a finding that explains it or is above it.
 *
 * <p>Source: the conditioned counts of Mitzenmacher, Steinke and Thaler, Hierarchical Heavy Hitters
 * with the Space Saving Algorithm (ALENEX 2012), with the values of findings, not their conditioned
 * ones, taken away once for each that no other finding stands between; applied to any rule. Prefix
 * lengths between those that are watched are their own addition.
 */
final class Rollup {

  /** A crossing in the tree of prefixes. */
  record Node(BitString place, Crossing crossing) {}

  private final BitString.Reader reader;
  private final LongerPrefixes longer;
  private final boolean peers;

  Rollup(BitString.Reader reader, LongerPrefixes longer, boolean peers) {
    this.reader = reader;
    this.longer = longer;
    this.peers = peers;
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
      rest.lower = Math.max(0, Saturating.subtract(rest.lower, part.upper));
      rest.expectedLower = Math.max(0, Saturating.subtract(rest.expectedLower, part.expectedUpper));
    }
    rest.upper -= lower;
    rest.value = Math.min(Math.max(rest.lower, rest.value - value), rest.upper);
    rest.expectedUpper -= expectedLower;
    rest.expected =
        Math.min(Math.max(rest.expectedLower, rest.expected - expected), rest.expectedUpper);
  }
}
