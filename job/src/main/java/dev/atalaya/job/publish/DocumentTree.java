package dev.atalaya.job.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A JSON document under construction. Fields are named by dotted paths and come out as nested
 * objects, in the order they were first named. Not thread-safe.
 */
final class DocumentTree {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Map<String, Object> root = new LinkedHashMap<>();

  DocumentTree put(String path, Object value) {
    Map<String, Object> object = root;
    int from = 0;
    for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', from)) {
      object = child(object, path.substring(from, dot));
      from = dot + 1;
    }
    object.put(path.substring(from), value);
    return this;
  }

  DocumentTree putTime(String path, long millis) {
    return put(path, time(millis));
  }

  /** ISO-8601, UTC, always with milliseconds. */
  static String time(long millis) {
    return TIME.format(Instant.ofEpochMilli(millis));
  }

  @SuppressWarnings("unchecked") // every map below root was put there by this method
  private static Map<String, Object> child(Map<String, Object> object, String name) {
    return (Map<String, Object>)
        object.computeIfAbsent(name, missing -> new LinkedHashMap<String, Object>());
  }

  String toJson() {
    try {
      return JSON.writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of strings, numbers and lists must be writable", e);
    }
  }
}
