package dev.atalaya.dashboard.history;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;

/** Reads the fields of a document by dotted path; what is not as it should be is strange. */
final class Fields {

  private static final int MAX_NAME_LENGTH = 200;

  /** Far from where 64 bits of milliseconds end. */
  private static final Instant MIN_TIME = Instant.parse("0000-12-31T23:59:59.999Z");

  private static final Instant MAX_TIME = Instant.parse("+10000-01-01T00:00:00Z");

  private final JsonNode document;

  Fields(JsonNode document) {
    this.document = document;
  }

  private JsonNode at(String path) {
    JsonNode node = document;
    for (int from = 0; from <= path.length(); ) {
      int dot = path.indexOf('.', from);
      int end = dot < 0 ? path.length() : dot;
      node = node.path(path.substring(from, end));
      from = end + 1;
    }
    return node;
  }

  boolean has(String path) {
    return !at(path).isMissingNode();
  }

  String text(String path) throws Stranger {
    JsonNode node = at(path);
    if (!node.isTextual()) {
      throw new Stranger(path);
    }
    return node.textValue();
  }

  /** A text that is kept for as long as the dashboard runs. */
  String name(String path) throws Stranger {
    String name = text(path);
    if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
      throw new Stranger(path);
    }
    return name;
  }

  long number(String path) throws Stranger {
    JsonNode node = at(path);
    if (!node.isIntegralNumber() || !node.canConvertToLong()) {
      throw new Stranger(path);
    }
    return node.longValue();
  }

  /** A number that is not negative. */
  long count(String path) throws Stranger {
    long count = number(path);
    if (count < 0) {
      throw new Stranger(path);
    }
    return count;
  }

  boolean flag(String path) throws Stranger {
    JsonNode node = at(path);
    if (!node.isBoolean()) {
      throw new Stranger(path);
    }
    return node.booleanValue();
  }

  long timeMillis(String path) throws Stranger {
    try {
      Instant time = Instant.parse(text(path));
      if (time.isAfter(MIN_TIME) && time.isBefore(MAX_TIME)) {
        return time.toEpochMilli();
      }
    } catch (DateTimeException e) {
      // Told below.
    }
    throw new Stranger(path);
  }
}
