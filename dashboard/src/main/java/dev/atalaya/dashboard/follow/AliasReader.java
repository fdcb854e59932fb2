package dev.atalaya.dashboard.follow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atalaya.dashboard.follow.StoreQueries.Page;
import dev.atalaya.dashboard.follow.StoreQueries.Place;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Consumer;

/**
 * Reads what is behind an alias in the order of storing, or of event time where the store does not
 * tell when it stored. What becomes visible behind the place that has been reached, as it was
 * stored at the same time or comes late, is missed by that; so the documents are counted, too, and
 * where the store counts others than were read, those that were not are looked for. That ends for
 * the oldest buckets of time, once very many documents were read after them.
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

  private final ReadDocuments read = new ReadDocuments(ReadDocuments.MAX_KNOWN);

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
    page.places().forEach(read::add);
    place = page.last(place);
    if (page.isFull()) {
      return true;
    }
    if (read.count() != page.total() && System.nanoTime() - correctedNanos >= CORRECT_NANOS) {
      correct(query);
      correctedNanos = System.nanoTime();
    }
    return false;
  }

  private void correct(ObjectNode query) throws IOException {
    SortedMap<Long, Long> there = store.counts(alias, timeField, query);
    read.retain(there.keySet());
    for (Map.Entry<Long, Long> bucket : there.entrySet()) {
      long start = bucket.getKey();
      if (read.count(start) != bucket.getValue()) {
        if (read.isKnown(start)) {
          reread(start);
        } else {
          // Nobody could tell which of them are new.
          read.setCount(start, bucket.getValue());
        }
      }
    }
  }

  /** Takes what was not read of a bucket, up to the place that has been reached. */
  private void reread(long bucket) throws IOException {
    ObjectNode query = StoreQueries.query(timeField, beginning.millis(), bucket);
    long[] known = read.hashes(bucket);
    long reached = 0;
    Place after = null;
    Page page;
    do {
      page = store.page(alias, timeField, query, after);
      List<JsonNode> missed = new ArrayList<>();
      for (int i = 0; i < page.places().size(); i++) {
        Place found = page.places().get(i);
        if (found.compareTo(place) <= 0) {
          reached++;
          if (!ReadDocuments.contains(known, found)) {
            read.add(found);
            missed.add(page.documents().get(i));
          }
        }
      }
      taker.accept(missed);
      after = page.last(after);
    } while (page.isFull());
    read.setCount(bucket, reached);
  }
}
