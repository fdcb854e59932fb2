package dev.atalaya.connectors.rabbitmq;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The ids of messages that a queue may deliver once more, so that none counts twice.
 *
 * <p>Never more than {@value #RESTORED_PER_PREFETCH} + 1 times the prefetch, and the last
 * acknowledged ones. Not thread-safe.
 */
final class SeenIds {

  // Three kinds of messages can come again.
  //
  // Those delivered on this connection whose acknowledgement is not yet committed: as many as the
  // prefetch allows. Each is remembered with its latest delivery tag, for an id that comes twice
  // must be remembered until the second delivery is acknowledged too.
  //
  // Those remembered in the checkpoint that was restored. Whether their acknowledgement reached
  // the broker before the failure is unknown, so they are kept, through any number of checkpoints,
  // until their redelivery is here (then they are of the first kind) or can no longer come: when
  // everything that lay in the queue once the old connection was surely gone has been delivered.
  // Nothing is concluded from the redelivered flag or from where the broker puts a message back:
  // both depend on the broker's version and the kind of queue.
  //
  // Those whose acknowledgement the broker has committed, and then forgotten: a classic queue notes
  // acknowledgements in memory and writes them some ten thousands at a time. Killed before, it has
  // those messages again. (Measured: 200,000 messages and three kills counted 25,000 twice.) So the
  // last ones are remembered, too.

  /** Restored ids are kept from about as many failures in a row; then the oldest are forgotten. */
  static final int RESTORED_PER_PREFETCH = 8;

  /** The broker writes after 32,768 entries at most (queue_index_max_journal_entries). */
  static final int LAST_ACKNOWLEDGED = 65_536;

  private static final long NEVER = Long.MAX_VALUE;

  private final int prefetch;
  private final int lastAcknowledged;

  /** Oldest first. */
  private final Set<String> acknowledged = new LinkedHashSet<>();

  private final Set<String> restored = new LinkedHashSet<>();

  /** Each id with the tag of its latest delivery, by increasing tag. */
  private final Map<String, Long> delivered = new LinkedHashMap<>(16, 0.75f, true);

  private long restoredEndAtTag = NEVER;

  /**
   * @param lastAcknowledged how many ids are remembered beyond their acknowledgement
   */
  SeenIds(int prefetch, int lastAcknowledged) {
    this.prefetch = prefetch;
    this.lastAcknowledged = lastAcknowledged;
  }

  /**
   * Remembers what {@link #snapshot} and {@link #acknowledgedSnapshot} gave.
   *
   * @return how many ids of the first were too many, and are as if acknowledged
   */
  int restore(List<String> oldestFirst, List<String> acknowledgedOldestFirst) {
    int kept = Math.min(oldestFirst.size(), RESTORED_PER_PREFETCH * prefetch);
    int forgotten = oldestFirst.size() - kept;
    restored.addAll(oldestFirst.subList(forgotten, oldestFirst.size()));
    remember(acknowledgedOldestFirst);
    remember(oldestFirst.subList(0, forgotten));
    return forgotten;
  }

  /** The ids whose acknowledgement the broker may not have, oldest first. */
  List<String> snapshot() {
    List<String> oldestFirst = new ArrayList<>(restored.size() + delivered.size());
    oldestFirst.addAll(restored);
    oldestFirst.addAll(delivered.keySet());
    return oldestFirst;
  }

  /** The ids whose acknowledgement the broker may forget, oldest first. */
  List<String> acknowledgedSnapshot() {
    return List.copyOf(acknowledged);
  }

  /** Notes a delivery, and says whether its id was here before. */
  boolean isDuplicate(String id, long tag) {
    boolean wasRestored = restored.remove(id);
    boolean wasAcknowledged = acknowledged.remove(id);
    Long before = delivered.put(id, tag);
    return wasRestored || wasAcknowledged || before != null;
  }

  /** The broker has committed the acknowledgement of all deliveries up to this one. */
  void acknowledged(long tag) {
    List<String> ids = new ArrayList<>();
    Iterator<Map.Entry<String, Long>> entries = delivered.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<String, Long> entry = entries.next();
      if (entry.getValue() > tag) {
        break;
      }
      ids.add(entry.getKey());
      entries.remove();
    }
    remember(ids);
    if (tag >= restoredEndAtTag) {
      remember(restored);
      restored.clear();
    }
  }

  private void remember(Collection<String> ids) {
    acknowledged.addAll(ids);
    Iterator<String> oldest = acknowledged.iterator();
    for (int tooMany = acknowledged.size() - lastAcknowledged; tooMany > 0; tooMany--) {
      oldest.next();
      oldest.remove();
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
    restoredEndAtTag = lastTag + prefetch + ready;
  }

  int size() {
    return restored.size() + delivered.size() + acknowledged.size();
  }
}
