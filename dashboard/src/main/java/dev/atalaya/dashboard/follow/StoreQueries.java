package dev.atalaya.dashboard.follow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atalaya.connectors.search.StoreClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a follower asks a store. An alias that is not there is empty. */
final class StoreQueries {

  static final int PAGE = 500;

  /** Documents are counted by this much of their time. */
  static final long BUCKET_MILLIS = 600_000;

  /** As many as a history knows. */
  private static final int MAX_DETECTORS = 1_000;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final StoreClient client;

  StoreQueries(StoreClient client) {
    this.client = client;
  }

  /**
   * Some documents in the order of their time; those without one are of 1970.
   *
   * @param places of each in the order
   * @param total how many there are on all pages
   */
  record Page(List<JsonNode> documents, List<Place> places, long total) {

    boolean isFull() {
      return documents.size() == PAGE;
    }

    /** Of the last document; {@code before} when there is none. */
    Place last(Place before) {
      return places.isEmpty() ? before : places.get(places.size() - 1);
    }
  }

  /** In the order of pages. */
  record Place(long timeMillis, String id) implements Comparable<Place> {

    private static final Comparator<Place> ORDER =
        Comparator.comparingLong(Place::timeMillis).thenComparing(Place::id);

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }
  }

  /**
   * @param after which to go on, or null
   */
  Page page(String alias, String timeField, JsonNode query, Place after) throws IOException {
    ObjectNode body = JSON.createObjectNode().put("size", PAGE).put("track_total_hits", true);
    body.set("query", query);
    ArrayNode sort = body.putArray("sort");
    // With a place for all: else documents without one would come again on every page.
    sort(sort, timeField, "date").put("missing", 0);
    sort(sort, "event.id", "keyword").put("missing", "");
    if (after != null) {
      body.putArray("search_after").add(after.timeMillis()).add(after.id());
    }
    JsonNode hits = search(alias, body).path("hits");
    List<JsonNode> documents = new ArrayList<>();
    List<Place> places = new ArrayList<>();
    for (JsonNode hit : hits.path("hits")) {
      documents.add(hit.path("_source"));
      JsonNode place = hit.path("sort");
      places.add(new Place(place.path(0).longValue(), place.path(1).asText()));
    }
    return new Page(documents, places, hits.path("total").path("value").longValue());
  }

  private static ObjectNode sort(ArrayNode sort, String field, String type) {
    return sort.addObject().putObject(field).put("order", "asc").put("unmapped_type", type);
  }

  /** How many documents there are in each bucket of time, by its beginning. */
  SortedMap<Long, Long> counts(String alias, String timeField, JsonNode query) throws IOException {
    ObjectNode body = JSON.createObjectNode().put("size", 0);
    body.set("query", query);
    body.putObject("aggs")
        .putObject("counts")
        .putObject("date_histogram")
        .put("field", timeField)
        .put("fixed_interval", BUCKET_MILLIS + "ms")
        .put("min_doc_count", 1)
        .put("missing", "1970-01-01T00:00:00Z");
    SortedMap<Long, Long> counts = new TreeMap<>();
    for (JsonNode bucket :
        search(alias, body).path("aggregations").path("counts").path("buckets")) {
      counts.put(bucket.path("key").longValue(), bucket.path("doc_count").longValue());
    }
    return counts;
  }

  /** Whether the store tells when it has stored a document; null while there is none. */
  Boolean hasIngested(String alias) throws IOException {
    ObjectNode body = JSON.createObjectNode().put("size", 1);
    body.putArray("_source").add("event.ingested");
    JsonNode hits = search(alias, body).path("hits").path("hits");
    return hits.isEmpty()
        ? null
        : Boolean.valueOf(hits.path(0).path("_source").path("event").has("ingested"));
  }

  /** Of each detector the newest. */
  List<JsonNode> newestReports(String alias) throws IOException {
    ObjectNode body = JSON.createObjectNode().put("size", 0);
    body.putObject("query").putObject("term").put("event.action", "window_report");
    ObjectNode detectors = body.putObject("aggs").putObject("detectors");
    detectors.putObject("terms").put("field", "rule.name").put("size", MAX_DETECTORS);
    ObjectNode newest = detectors.putObject("aggs").putObject("newest").putObject("top_hits");
    newest.put("size", 1).putArray("_source").add("event").add("rule");
    newest
        .putArray("sort")
        .addObject()
        .putObject("@timestamp")
        .put("order", "desc")
        .put("unmapped_type", "date");
    List<JsonNode> reports = new ArrayList<>();
    for (JsonNode detector :
        search(alias, body).path("aggregations").path("detectors").path("buckets")) {
      reports.add(detector.path("newest").path("hits").path("hits").path(0).path("_source"));
    }
    return reports;
  }

  private JsonNode search(String alias, ObjectNode body) throws IOException {
    StoreClient.Answer answer =
        client.ask(
            "POST",
            "/" + alias + "/_search?ignore_unavailable=true&allow_partial_search_results=false",
            body.toString());
    if (!answer.isSuccess()) {
      throw new IOException(alias + " cannot be searched: " + answer.reason());
    }
    return JSON.readTree(answer.body());
  }

  /** Documents of event time from the beginning on, and those without; of a bucket, or all. */
  static ObjectNode query(String timeField, long fromMillis, Long bucket) {
    ObjectNode query = JSON.createObjectNode();
    ArrayNode filters = query.putObject("bool").putArray("filter");
    addRange(filters, "@timestamp", true, fromMillis, null);
    if (bucket != null) {
      addRange(filters, timeField, bucket == 0, bucket, bucket + BUCKET_MILLIS);
    }
    return query;
  }

  private static void addRange(
      ArrayNode filters, String field, boolean orMissing, long fromMillis, Long toMillis) {
    if (fromMillis == Long.MIN_VALUE) {
      return;
    }
    ArrayNode either = filters.addObject().putObject("bool").putArray("should");
    ObjectNode range = either.addObject().putObject("range").putObject(field);
    range.put("gte", fromMillis).put("format", "epoch_millis");
    if (toMillis != null) {
      range.put("lt", toMillis);
    }
    if (orMissing) {
      either
          .addObject()
          .putObject("bool")
          .putObject("must_not")
          .putObject("exists")
          .put("field", field);
    }
  }
}
