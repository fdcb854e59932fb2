package dev.atalaya.job.detect;

import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.detect.Leaves.Leaf;
import dev.atalaya.job.detect.Rollup.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds prefixes of lengths that no summary watches, from all keys of an exact window: the longest
 * that still explains a watched one, so that what it leaves out is no finding. Not thread-safe.
 */
final class LongerPrefixes {

  private final DetectorConfig detector;
  private final Candidates keys;
  private final AlsoMeasures also;
  private final BitString.Reader reader;
  private final boolean peers;

  /** Of all keys; null until a prefix asks. */
  private Leaves leaves;

  LongerPrefixes(
      DetectorConfig detector, Candidates keys, AlsoMeasures also, BitString.Reader reader) {
    this.detector = detector;
    this.keys = keys;
    this.also = also;
    this.reader = reader;
    peers = !detector.distinct().isEmpty();
  }

  /**
   * Lowers what a prefix may have met beyond the findings below it: no more than all other keys
   * together.
   */
  void limitPeers(Measured rest, Node prefix, List<Node> below) {
    if (!keys.isComplete()) {
      return;
    }
    long upper = 0;
    long expectedUpper = 0;
    for (Leaf leaf : unexplained(prefix.place(), below)) {
      upper = Saturating.add(upper, leaf.key().upper);
      expectedUpper = Saturating.add(expectedUpper, leaf.key().expectedUpper);
    }
    rest.upper = Math.min(rest.upper, upper);
    rest.value = Math.min(rest.value, rest.upper);
    if (keys.expectsCompletely()) {
      rest.expectedUpper = Math.min(rest.expectedUpper, expectedUpper);
      rest.expected = Math.min(rest.expected, rest.expectedUpper);
    }
  }

  /** The longest prefix that explains this one, or itself. */
  Node of(Node prefix, List<Node> below) {
    if (detector.rollup().path() > 0 || !isPossible()) {
      return prefix;
    }
    List<Leaf> own = unexplained(prefix.place(), below);
    Node longest = prefix;
    int from = 0;
    int to = own.size();
    while (from < to) {
      BitString first = own.get(from).place();
      int common = first.common(own.get(to - 1).place());
      int length = longest.place().length();
      if (common > length) {
        // All is under one longer prefix.
        Node next = part(prefix, first.first(common), own, from, to);
        if (next == null) {
          break;
        }
        longest = next;
      } else {
        int middle = firstWithBit(own, from, to, length);
        Node left = part(prefix, first.first(length + 1), own, from, middle);
        Node right =
            left != null
                ? null
                : part(prefix, own.get(to - 1).place().first(length + 1), own, middle, to);
        if (left == null && right == null) {
          break;
        }
        longest = left != null ? left : right;
        from = left != null ? from : middle;
        to = left != null ? middle : to;
      }
    }
    return longest;
  }

  /** Signed values of unknown keys could be anything. */
  private boolean isPossible() {
    if (!keys.isComplete()) {
      return false;
    }
    if (!detector.signed()) {
      return true;
    }
    for (int i = 0; i < also.count(); i++) {
      if (!also.summary(i).isExact()) {
        return false;
      }
    }
    return keys.expectsCompletely();
  }

  private static int firstWithBit(List<Leaf> leaves, int from, int to, int bit) {
    int at = from;
    while (at < to && !leaves.get(at).place().bit(bit)) {
      at++;
    }
    return at;
  }

  /**
   * The part of a prefix below a longer one, or null when that does not explain it: the rule does
   * not hold, or also for what is left out, or is no longer certain.
   */
  private Node part(Node prefix, BitString place, List<Leaf> own, int from, int to) {
    Crossing all = prefix.crossing();
    if (place.isWhole()) {
      return null;
    }
    Measured unexplained = part(all.unexplained, own, from, to, true);
    Measured leftOut = part(all.unexplained, own, from, to, false);
    if (!all.rule.mayHold(unexplained) || all.rule.mayHold(leftOut)) {
      return null;
    }
    List<Leaf> under = leaves().under(prefix.place());
    int start = leaves().countBefore(place) - leaves().countBefore(prefix.place());
    int end = start + leaves().under(place).size();
    Measured whole = part(all.whole, under, start, end, true);
    Crossing part =
        new Crossing(
            place.toPrefixKey(),
            true,
            all.rule,
            all.told,
            whole,
            unexplained,
            also(all, under, start, end));
    return AlsoMeasures.mayHold(part.also) && (part.isCertain() || !all.isCertain())
        ? new Node(place, part)
        : null;
  }

  private Measured part(Measured whole, List<Leaf> own, int from, int to, boolean inside) {
    PartBounds now = new PartBounds(peers, true);
    PartBounds expected = new PartBounds(peers, keys.expectsCompletely());
    for (int i = 0; i < own.size(); i++) {
      Measured key = own.get(i).key();
      if ((i >= from && i < to) == inside) {
        now.addInside(key.value, key.lower, key.upper);
        expected.addInside(key.expected, key.expectedLower, key.expectedUpper);
      } else {
        now.addOutside(key.lower, key.upper);
        expected.addOutside(key.expectedLower, key.expectedUpper);
      }
    }
    Measured part = new Measured(whole);
    part.lower = now.lower(whole.lower);
    part.upper = now.upper(whole.upper);
    part.value = now.value(whole.value, whole.lower, whole.upper);
    part.expectedLower = expected.lower(whole.expectedLower);
    // Learned expectations of a prefix and of its keys need not agree.
    part.expectedUpper = Math.max(part.expectedLower, expected.upper(whole.expectedUpper));
    part.expected =
        Math.max(
            part.expectedLower,
            expected.value(whole.expected, whole.expectedLower, whole.expectedUpper));
    return part;
  }

  private Finding.Also[] also(Crossing all, List<Leaf> under, int from, int to) {
    Finding.Also[] values = new Finding.Also[all.also.length];
    for (int i = 0; i < values.length; i++) {
      // A key whose weights were all 0 may be unknown and have other measures.
      boolean complete = detector.weight() == null;
      PartBounds bounds = new PartBounds(!also.rule(i).distinct().isEmpty(), complete);
      for (int leaf = 0; leaf < under.size(); leaf++) {
        Finding.Also key = also.of(i, under.get(leaf).key().hash);
        if (leaf >= from && leaf < to) {
          bounds.addInside(key.value, key.lower, key.upper);
        } else {
          bounds.addOutside(key.lower, key.upper);
        }
      }
      Finding.Also whole = all.also[i];
      values[i] = new Finding.Also();
      values[i].lower = bounds.lower(whole.lower);
      values[i].upper = bounds.upper(whole.upper);
      values[i].value = bounds.value(whole.value, whole.lower, whole.upper);
      values[i].threshold = whole.threshold;
    }
    return values;
  }

  /** The keys of a prefix that are under none of the findings below it. */
  private List<Leaf> unexplained(BitString prefix, List<Node> below) {
    List<Node> findings = new ArrayList<>(below);
    findings.sort(Comparator.comparing(Node::place, BitString.PREFIX_FIRST));
    List<Leaf> rest = new ArrayList<>();
    int next = 0;
    for (Leaf leaf : leaves().under(prefix)) {
      // What comes before this key and does not hold it holds none of those that follow.
      while (next < findings.size()
          && !explains(findings.get(next), leaf)
          && BitString.PREFIX_FIRST.compare(findings.get(next).place(), leaf.place()) < 0) {
        next++;
      }
      if (next == findings.size() || !explains(findings.get(next), leaf)) {
        rest.add(leaf);
      }
    }
    return rest;
  }

  private static boolean explains(Node finding, Leaf leaf) {
    // One path can begin with another that is no sub-tree.
    return finding.crossing().prefix
        ? finding.place().holds(leaf.place())
        : BitString.PREFIX_FIRST.compare(finding.place(), leaf.place()) == 0;
  }

  private Leaves leaves() {
    if (leaves == null) {
      leaves = new Leaves(keys, reader);
    }
    return leaves;
  }
}
