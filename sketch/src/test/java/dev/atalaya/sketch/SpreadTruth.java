package dev.atalaya.sketch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** The distinct peers of every key; a weight is how many peers to add, new ones and known ones. */
final class SpreadTruth extends Truth {

  /** Of one add, so that tests with huge weights end. */
  private static final int MOST_PEERS = 3;

  private final Map<Long, Set<Integer>> peers = new HashMap<>();
  private final Random random = new Random(1);

  @Override
  void add(KeySummary summary, long hash, byte[] key, long weight) {
    Set<Integer> known = peers.computeIfAbsent(hash, unseen -> new HashSet<>());
    for (int i = 0; i < Math.min(weight, MOST_PEERS); i++) {
      addPeer(summary, hash, key, random.nextInt(2 * known.size() + 1));
    }
  }

  void addPeer(KeySummary summary, long hash, byte[] key, int peer) {
    ((SpreadSketch) summary).add(hash, HASH.hash(key(peer)), key, 0, key.length);
    know(hash, key, peer);
  }

  private void know(long hash, byte[] key, int peer) {
    Set<Integer> known = peers.computeIfAbsent(hash, unseen -> new HashSet<>());
    known.add(peer);
    keys.put(hash, key);
    weights.put(hash, (double) known.size());
  }

  @Override
  void merge(Truth other) {
    ((SpreadTruth) other)
        .peers.forEach(
            (hash, theirs) -> theirs.forEach(peer -> know(hash, other.keys.get(hash), peer)));
  }

  /** Of the numbers of peers: what is scaled is a summary of weights. */
  @Override
  Truth scaled(double factor) {
    Truth scaled =
        new Truth() {
          @Override
          void checkTotal(KeySummary summary) {
            // Beyond exact an estimate.
          }
        };
    weights.forEach((hash, weight) -> scaled.weights.put(hash, weight * factor));
    scaled.keys.putAll(keys);
    return scaled;
  }

  long pairs() {
    return peers.values().stream().mapToLong(Set::size).sum();
  }

  @Override
  void checkTotal(KeySummary summary) {
    assertThat(pairs()).isBetween(summary.totalLower(), summary.totalUpper());
    assertThat(summary.total()).isBetween(summary.totalLower(), summary.totalUpper());
    if (summary.isExact()) {
      assertThat(summary.totalLower()).isEqualTo(summary.totalUpper());
    }
  }
}
