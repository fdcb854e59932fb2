package dev.atalaya.capture.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a body into its events: one JSON object, several behind each other (a line each, usually),
 * or arrays of them. The bytes of an event are those that were sent, on one line. What fields mean
 * is the job's business, so an event that a job cannot read is rejected there, with its reason.
 *
 * <p>Thread-safe.
 */
final class JsonEvents {

  private static final int MAX_DEPTH = 64;
  private static final int MAX_NAME_LENGTH = 1_024;

  /** Of one body: the smallest event is two bytes, and takes far more than that here. */
  static final int MAX_EVENTS = 10_000;

  static final StreamReadConstraints LIMITS =
      StreamReadConstraints.builder()
          .maxNestingDepth(MAX_DEPTH)
          .maxNameLength(MAX_NAME_LENGTH)
          .build();

  static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(LIMITS)
          // Names come from outside: none is to stay for the life of the process.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private final String idField;

  /**
   * @param idField whose value is an event's id, or null
   */
  JsonEvents(String idField) {
    this.idField = idField;
  }

  /**
   * @throws RefusedException when not all of it is events; none is taken then
   */
  List<CapturedEvent> cut(byte[] body) throws RefusedException {
    // Jackson would read UTF-16 and UTF-32 too, and its offsets would not be ours.
    for (int i = 0; i < Math.min(4, body.length); i++) {
      if (body[i] == 0) {
        throw new RefusedException(400, "the body is not UTF-8");
      }
    }
    List<CapturedEvent> events = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(body)) {
      while (parser.nextToken() != null) {
        if (parser.currentToken() == JsonToken.START_ARRAY) {
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            add(events, event(parser, body));
          }
        } else {
          add(events, event(parser, body));
        }
      }
    } catch (JsonProcessingException e) {
      throw noJson(e);
    } catch (IOException e) {
      throw new IllegalStateException(e); // there is no input or output here
    }
    if (events.isEmpty()) {
      throw new RefusedException(400, "there is no event in the body");
    }
    return events;
  }

  /** Adds what there is room for. */
  static void add(List<CapturedEvent> events, CapturedEvent event) throws RefusedException {
    if (events.size() >= MAX_EVENTS) {
      throw new RefusedException(413, "more than " + MAX_EVENTS + " events in a request");
    }
    events.add(event);
  }

  /** A limit that was met has no place. */
  static RefusedException noJson(JsonProcessingException e) {
    return new RefusedException(
        400,
        e.getLocation() == null
            ? "the body is too deep or has too many parts, or a name or a number is too long"
            : "no JSON at byte " + e.getLocation().getByteOffset() + " of the body");
  }

  private CapturedEvent event(JsonParser parser, byte[] body) throws IOException, RefusedException {
    int start = (int) parser.currentTokenLocation().getByteOffset();
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new RefusedException(400, "what begins at byte " + start + " is no JSON object");
    }
    String id = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean isId = parser.currentName().equals(idField);
      JsonToken value = parser.nextToken();
      if (isId && value == JsonToken.VALUE_NULL) {
        id = null; // or all events that say so would be the same one
      } else if (isId && value.isScalarValue()) {
        id = parser.getText();
      } else {
        parser.skipChildren();
      }
    }
    int end = (int) parser.currentLocation().getByteOffset();
    return new CapturedEvent(id, onOneLine(Arrays.copyOfRange(body, start, end)));
  }

  /** A line end in JSON is white space: in a string it is written in another way. */
  private static byte[] onOneLine(byte[] json) {
    for (int i = 0; i < json.length; i++) {
      if (json[i] == '\n' || json[i] == '\r') {
        json[i] = ' ';
      }
    }
    return json;
  }
}
