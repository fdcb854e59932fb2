package dev.atalaya.capture.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Makes events of the observations that Sentilo's clients send. An event is {@code
 * {"ts":…,"provider":"…","sensor":"…","timestamp":"…","value":…,"location":"…"}}: the time twice,
 * in milliseconds and as Sentilo writes it, in UTC; the value a number where it is written like
 * one; the location only where there is one.
 *
 * <p>Thread-safe.
 */
final class SentiloEvents {

  /** Of the events of one body, which repeat what it says once of a sensor. */
  private static final int MAX_BYTES = 16 << 20;

  /** Nine for an observation, at most; each becomes an object here. */
  private static final int MAX_TOKENS = 10 * JsonEvents.MAX_EVENTS;

  private static final JsonMapper MAPPER =
      new JsonMapper(
          JsonEvents.JSON
              .rebuild()
              .streamReadConstraints(JsonEvents.LIMITS.rebuild().maxTokenCount(MAX_TOKENS).build())
              .build());

  /** As JSON writes numbers, and not so long that working with it takes long. */
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]{0,29})(\\.[0-9]{1,30})?([eE][+-]?[0-9]{1,2})?");

  private static final int MAX_NAME_LENGTH = 256;
  private static final int MAX_VALUE_LENGTH = 4_096;

  /** One value in the path: the time is that of its arrival. */
  List<CapturedEvent> ofValue(String provider, String sensor, String value, long now)
      throws RefusedException {
    Observation observation = new Observation(name(provider), name(sensor), null);
    return List.of(observation.event(value(value), now));
  }

  /** A body {@code {"observations":[…]}} of one sensor. */
  List<CapturedEvent> ofSensor(String provider, String sensor, byte[] body, long now)
      throws RefusedException {
    List<CapturedEvent> events = new ArrayList<>();
    addAll(events, 0, name(provider), sensor, tree(body), now);
    return events;
  }

  /** A body {@code {"sensors":[{"sensor":"…","observations":[…]},…]}}. */
  List<CapturedEvent> ofProvider(String provider, byte[] body, long now) throws RefusedException {
    List<CapturedEvent> events = new ArrayList<>();
    long bytes = 0;
    for (JsonNode sensor : list(tree(body), "sensors")) {
      bytes = addAll(events, bytes, name(provider), text(sensor, "sensor"), sensor, now);
    }
    return events;
  }

  /**
   * @param bytes of the events so far
   * @return those with the new ones
   */
  private static long addAll(
      List<CapturedEvent> events,
      long bytes,
      String provider,
      String sensor,
      JsonNode body,
      long now)
      throws RefusedException {
    String everywhere = location(body);
    for (JsonNode node : list(body, "observations")) {
      String own = location(node);
      String time = text(node, "timestamp");
      Observation observation =
          new Observation(provider, name(sensor), own == null ? everywhere : own);
      CapturedEvent event =
          observation.event(value(text(node, "value")), time == null ? now : time(time));
      bytes += event.json().length;
      if (bytes > MAX_BYTES) {
        throw new RefusedException(413, "the observations are more than can be taken at once");
      }
      JsonEvents.add(events, event);
    }
    return bytes;
  }

  /** Where something was observed. */
  private record Observation(String provider, String sensor, String location) {

    CapturedEvent event(String value, long millis) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (JsonGenerator json = JsonEvents.JSON.createGenerator(bytes)) {
        json.writeStartObject();
        json.writeNumberField("ts", millis);
        json.writeStringField("provider", provider);
        json.writeStringField("sensor", sensor);
        json.writeStringField("timestamp", SentiloTime.format(millis));
        if (NUMBER.matcher(value).matches()) {
          json.writeFieldName("value");
          json.writeNumber(value);
        } else {
          json.writeStringField("value", value);
        }
        if (location != null) {
          json.writeStringField("location", location);
        }
        json.writeEndObject();
      } catch (IOException e) {
        throw new IllegalStateException(e); // there is no input or output here
      }
      return new CapturedEvent(null, bytes.toByteArray());
    }
  }

  private static JsonNode tree(byte[] body) throws RefusedException {
    try {
      return MAPPER.readTree(body);
    } catch (JsonProcessingException e) {
      throw JsonEvents.noJson(e);
    } catch (IOException e) {
      throw new RefusedException(400, "the body cannot be read");
    }
  }

  private static JsonNode list(JsonNode node, String field) throws RefusedException {
    JsonNode list = node.path(field);
    if (!list.isArray() || list.isEmpty()) {
      throw new RefusedException(400, "there is no list '" + field + "'");
    }
    return list;
  }

  /** A text, a number or a truth value as text; null when there is none. */
  private static String text(JsonNode node, String field) throws RefusedException {
    JsonNode value = node.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isValueNode()) {
      throw new RefusedException(400, "'" + field + "' is no single value");
    }
    return value.asText();
  }

  private static String name(String name) throws RefusedException {
    if (name == null || name.isBlank() || name.length() > MAX_NAME_LENGTH) {
      throw new RefusedException(
          400, "providers and sensors have names of 1 to " + MAX_NAME_LENGTH + " characters");
    }
    return name;
  }

  private static String location(JsonNode node) throws RefusedException {
    String location = text(node, "location");
    if (location != null && location.length() > MAX_NAME_LENGTH) {
      throw new RefusedException(
          400, "a 'location' has at most " + MAX_NAME_LENGTH + " characters");
    }
    return location;
  }

  private static String value(String value) throws RefusedException {
    if (value == null || value.isEmpty() || value.length() > MAX_VALUE_LENGTH) {
      throw new RefusedException(
          400, "an observation has a 'value' of 1 to " + MAX_VALUE_LENGTH + " characters");
    }
    return value;
  }

  private static long time(String text) throws RefusedException {
    try {
      return SentiloTime.parse(text);
    } catch (DateTimeException e) {
      throw new RefusedException(
          400, "a 'timestamp' is written 31/12/2026T23:59:59, a zone behind");
    }
  }
}
