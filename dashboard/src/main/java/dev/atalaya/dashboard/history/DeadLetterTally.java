package dev.atalaya.dashboard.history;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts dead letters by reason and keeps the newest. */
final class DeadLetterTally {

  private static final int MAX_LATEST = 100;

  /** Beyond it a reason counts as {@link #OTHER}; the job has some twenty. */
  private static final int MAX_REASONS = 100;

  static final String OTHER = "other";

  /** Of the newest, which may come again. */
  private static final int MAX_IDS = 50_000;

  private final TreeMap<String, Long> reasons = new TreeMap<>();
  private final Deque<Packed> latest = new ArrayDeque<>();
  private final Set<Long> ids = new LinkedHashSet<>();

  /**
   * @return whether it is new
   */
  boolean add(String id, String reason, Packed document) {
    if (!ids.add(hash64(id))) {
      return false;
    }
    if (ids.size() > MAX_IDS) {
      ids.remove(ids.iterator().next());
    }
    boolean isNamed = reasons.containsKey(reason) || reasons.size() < MAX_REASONS;
    reasons.merge(isNamed ? reason : OTHER, 1L, Long::sum);
    latest.addFirst(document);
    if (latest.size() > MAX_LATEST) {
      latest.removeLast();
    }
    return true;
  }

  /** Ids end in a hash of their own, so any mixture of all characters will do. */
  private static long hash64(String id) {
    long hash = 0;
    for (int i = 0; i < id.length(); i++) {
      hash = hash * 0x100000001b3L + id.charAt(i);
    }
    return hash;
  }

  DeadLetters describe() {
    List<JsonNode> documents = new ArrayList<>();
    latest.forEach(packed -> documents.add(packed.document()));
    return new DeadLetters(reasons(), documents);
  }

  SortedMap<String, Long> reasons() {
    return new TreeMap<>(reasons);
  }
}
