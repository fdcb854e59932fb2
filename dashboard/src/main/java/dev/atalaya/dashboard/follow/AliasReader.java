package dev.atalaya.dashboard.follow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atalaya.dashboard.follow.StoreQueries.Page;
import dev.atalaya.dashboard.follow.StoreQueries.Place;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Reads what is behind an alias in the order of storing, or of event time where the store does not
 * tell when it stored. What becomes visible behind the place that has been reached, as it was
 * stored at the same time or comes late, is missed by that; so the documents are counted, too, and
 * where the store counts others than were read, they are read again. The history knows which of
 * them it has.
 */
final class AliasReader {

  /** At the earliest between two corrections. */
  private static final long CORRECT_NANOS = Duration.ofSeconds(3).toNanos();

  private final StoreQueries store;
  private final String alias;
  private final Beginning beginning;
  private final Consumer<Collection<JsonNode>> taker;

  /** Null until there is a document to tell by. */
  private String timeField;

  /** Null before the first page. */
  private Place place;

  /** How many were read, by bucket of time. */
  private final SortedMap<Long, Long> counts = new TreeMap<>();

  private long correctedNanos = System.nanoTime() - CORRECT_NANOS;

  AliasReader(
      StoreQueries store, String alias, Beginning beginning, Consumer<Collection<JsonNode>> taker) {
    this.store = store;
    this.alias = alias;
    this.beginning = beginning;
    this.taker = taker;
  }

  /**
   * @return whether there is more
   */
  boolean poll() throws IOException {
    if (timeField == null) {
      Boolean hasIngested = store.hasIngested(alias);
      if (hasIngested == null) {
        return false;
      }
      timeField = hasIngested ? "event.ingested" : "@timestamp";
    }
    ObjectNode query = StoreQueries.query(timeField, beginning.millis(), null);
    Page page = store.page(alias, timeField, query, place);
    taker.accept(page.documents());
    page.places().forEach(read -> counts.merge(bucket(read), 1L, Long::sum));
    place = page.last(place);
    if (page.isFull()) {
      return true;
    }
    long read = counts.values().stream().mapToLong(Long::longValue).sum();
    if (read != page.total() && System.nanoTime() - correctedNanos >= CORRECT_NANOS) {
      correct(query);
      correctedNanos = System.nanoTime();
    }
    return false;
  }

  private static long bucket(Place place) {
    return Math.floorDiv(place.timeMillis(), StoreQueries.BUCKET_MILLIS)
        * StoreQueries.BUCKET_MILLIS;
  }

  private void correct(ObjectNode query) throws IOException {
    SortedMap<Long, Long> there = store.counts(alias, timeField, query);
    List<Long> others =
        there.keySet().stream()
            .filter(bucket -> !there.get(bucket).equals(counts.get(bucket)))
            .toList();
    counts.keySet().retainAll(there.keySet());
    for (long bucket : others) {
      counts.put(bucket, reread(bucket));
    }
  }

  /**
   * @return how many there are up to the place that has been reached; the others are yet to come
   */
  private long reread(long bucket) throws IOException {
    ObjectNode query = StoreQueries.query(timeField, beginning.millis(), bucket);
    long reached = 0;
    Place after = null;
    Page page;
    do {
      page = store.page(alias, timeField, query, after);
      taker.accept(page.documents());
      reached += page.places().stream().filter(read -> read.compareTo(place) <= 0).count();
      after = page.last(after);
    } while (page.isFull());
    return reached;
  }
}
