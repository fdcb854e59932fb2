package dev.atalaya.dashboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/** Documents as the job writes them, of windows of 10 s in 2025 that are counted from 0. */
public final class Documents {

  public static final String HITTER = "heavy_hitter";
  public static final String CHANGER = "heavy_changer";
  public static final long START_MILLIS = Instant.parse("2025-01-15T10:00:00Z").toEpochMilli();
  public static final long LENGTH_MILLIS = 10_000;

  private static final ObjectMapper JSON = new ObjectMapper();

  private Documents() {}

  public static ObjectNode json(String text) {
    try {
      return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  public static long startMillis(int window) {
    return START_MILLIS + window * LENGTH_MILLIS;
  }

  private static ObjectNode windowed(String detector, int window, String id) {
    long start = startMillis(window);
    ObjectNode document =
        json("{'event': {}, 'rule': {}, 'Atalaya': {'measure': 'bytes', 'warmup': false}}");
    document.put("@timestamp", Instant.ofEpochMilli(start + LENGTH_MILLIS - 1).toString());
    document
        .withObjectProperty("event")
        .put("id", start + LENGTH_MILLIS + "-" + id)
        .put("start", Instant.ofEpochMilli(start).toString())
        .put("end", Instant.ofEpochMilli(start + LENGTH_MILLIS).toString());
    document.withObjectProperty("rule").put("id", detector).put("name", detector);
    return document;
  }

  /** A certain one with a value of 1,000 in a window of 10,000, which is exact. */
  public static ObjectNode alert(String detector, int window, String action, String key, int rank) {
    ObjectNode alert = windowed(detector, window, detector + "-" + action + "-" + key + "-0");
    alert.withObjectProperty("event").put("kind", "alert").put("action", action);
    alert
        .withObjectProperty("Atalaya")
        .put("key", key)
        .put("actual", 1_000)
        .put("rank", rank)
        .put("certainty", "certain")
        .put("error_bound", 0)
        .put("window_total", 10_000);
    return alert;
  }

  /** Of 100 events and 7 keys; the window is exact. */
  public static ObjectNode report(String detector, int window, int hitters, int changers) {
    ObjectNode report = windowed(detector, window, detector + "-window_report");
    report.withObjectProperty("event").put("kind", "metric").put("action", "window_report");
    ObjectNode own = report.withObjectProperty("Atalaya");
    own.put("events", 100)
        .put("window_total", 10_000)
        .put("distinct_keys", 7)
        .put("exact", true)
        .put("error_bound", 0);
    own.putObject("hitters").put("found", hitters);
    own.putObject("changers").put("found", changers);
    return report;
  }

  public static ObjectNode ledger(String detector, String time, long revision) {
    return json(
        String.format(
            "{'@timestamp': '%s', 'event': {'kind': 'metric', 'action': 'ledger', 'id': '%s-%d'},"
                + " 'rule': {'id': '%s', 'name': '%s'},"
                + " 'Atalaya': {'revision': %d, 'received': 5, 'counted': 5}}",
            time, detector, revision, detector, detector, revision));
  }

  public static ObjectNode deadLetter(String id, String reason) {
    return json(
        String.format(
            "{'event': {'kind': 'pipeline_error', 'action': 'dead_letter', 'id': '%s',"
                + " 'reason': '%s'}, 'Atalaya': {'reason': '%s'}}",
            id, reason, reason));
  }

  public static String id(JsonNode document) {
    return document.path("event").path("id").textValue();
  }

  public static String key(JsonNode alert) {
    return alert.path("Atalaya").path("key").textValue();
  }
}
