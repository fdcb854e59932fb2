package dev.atalaya.connectors.rabbitmq;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The ids of messages that a queue may deliver once more, so that none counts twice.
 *
 * <p>With w = prefetch + {@value #ACKNOWLEDGED_KEPT}, never more than {@value #RESTORED_WINDOWS} +
 * 1 times w; without failures w, about 4 MB of ids of 36 characters. Not thread-safe.
 */
final class SeenIds {

  // Three kinds of messages can come again.
  //
  // Those delivered on this connection and not yet acknowledged: as many as the prefetch allows.
  // Each is remembered with its latest delivery tag, for an id that comes twice must be remembered
  // until the second delivery is acknowledged too.
  //
  // Those acknowledged last. A broker confirms the commit of acknowledgements before they are on
  // its disk: a classic queue that is killed forgets up to a journal of them, and delivers again.
  //
  // Those remembered in the checkpoint that was restored. Whether their acknowledgement reached
  // the broker before the failure is unknown, so they are kept, through any number of checkpoints,
  // until their redelivery is here (then they are of the first kind) or can no longer come: when
  // everything that lay in the queue once the old connection was surely gone has been delivered,
  // and a journal more. Nothing is concluded from the redelivered flag or from where the broker
  // puts a message back: both depend on the broker's version and the kind of queue.

  /** The journal of a classic queue, RabbitMQ's {@code queue_index_max_journal_entries}. */
  static final int ACKNOWLEDGED_KEPT = 32_768;

  /** Restored ids are kept from this many failures in a row; then the oldest are forgotten. */
  static final int RESTORED_WINDOWS = 4;

  private static final long NEVER = Long.MAX_VALUE;

  private final int prefetch;
  private final int acknowledgedKept;
  private final Set<String> restored = new LinkedHashSet<>();

  /** Each id with the tag of its latest delivery, by increasing tag. */
  private final Map<String, Long> delivered = new LinkedHashMap<>(16, 0.75f, true);

  private long restoredEndAtTag = NEVER;

  SeenIds(int prefetch) {
    this(prefetch, ACKNOWLEDGED_KEPT);
  }

  SeenIds(int prefetch, int acknowledgedKept) {
    this.prefetch = prefetch;
    this.acknowledgedKept = acknowledgedKept;
  }

  /**
   * Remembers what {@link #snapshot} gave.
   *
   * @return how many ids were too many
   */
  int restore(List<String> oldestFirst) {
    int kept = Math.min(oldestFirst.size(), RESTORED_WINDOWS * (prefetch + acknowledgedKept));
    int forgotten = oldestFirst.size() - kept;
    restored.addAll(oldestFirst.subList(forgotten, oldestFirst.size()));
    return forgotten;
  }

  /** All ids that may come again, oldest first. */
  List<String> snapshot() {
    List<String> oldestFirst = new ArrayList<>(size());
    oldestFirst.addAll(restored);
    oldestFirst.addAll(delivered.keySet());
    return oldestFirst;
  }

  /** Notes a delivery, and says whether its id was here before. */
  boolean isDuplicate(String id, long tag) {
    boolean wasRestored = restored.remove(id);
    Long before = delivered.put(id, tag);
    return wasRestored || before != null;
  }

  /** The broker has confirmed the acknowledgement of all deliveries up to this one. */
  void acknowledged(long tag) {
    Iterator<Long> tags = delivered.values().iterator();
    while (tags.hasNext() && tags.next() <= tag - acknowledgedKept) {
      tags.remove();
    }
    if (tag >= restoredEndAtTag) {
      restored.clear();
    }
  }

  /** Whether nobody has said yet when the restored ids end, and there are any. */
  boolean needsEndOfRestored() {
    return restoredEndAtTag == NEVER && !restored.isEmpty();
  }

  /**
   * Lets the restored ids end once what is in the queue now has been delivered and acknowledged. To
   * be called when no earlier connection can hold a message any more.
   *
   * @param ready messages in the queue that are not yet on their way
   * @param lastTag of the last delivery noted; at most a prefetch more are on their way
   */
  void endRestoredAfter(long ready, long lastTag) {
    restoredEndAtTag = lastTag + prefetch + ready + acknowledgedKept;
  }

  int size() {
    return restored.size() + delivered.size();
  }
}
