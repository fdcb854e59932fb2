package dev.atalaya.job.fold;

import dev.atalaya.job.decode.DecodedRecord;
import dev.atalaya.job.decode.FieldPlan;
import dev.atalaya.sketch.KeyHash;
import java.util.List;

/**
 * What an event adds to its key: a number of its own, 1, or a peer, told by its hash. Not
 * thread-safe.
 */
final class Measure {

  private final int weightSlot;
  private final CompositeKey peer;
  private final KeyHash hash;

  private Measure(int weightSlot, CompositeKey peer, KeyHash hash) {
    this.weightSlot = weightSlot;
    this.peer = peer;
    this.hash = hash;
  }

  /**
   * @param weight a number field, or null for 1
   * @param distinct the fields of the peer; empty for a weight
   */
  static Measure of(String weight, List<String> distinct, FieldPlan plan, KeyHash hash) {
    return new Measure(
        weight == null ? -1 : plan.numberSlot(weight),
        distinct.isEmpty() ? null : CompositeKey.of(distinct, plan),
        hash);
  }

  boolean isOfPeers() {
    return peer != null;
  }

  /** Whether the event has what is measured; asked before {@link #value}. */
  boolean isIn(DecodedRecord event) {
    return peer == null || peer.compose(event);
  }

  /** A weight, or the hash of the peer. */
  long value(DecodedRecord event) {
    if (peer != null) {
      return hash.hash(peer.bytes(), peer.offset(), peer.length());
    }
    return weightSlot < 0 ? 1 : event.number(weightSlot);
  }
}
