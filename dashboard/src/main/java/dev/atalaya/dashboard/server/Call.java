package dev.atalaya.dashboard.server;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.util.Fields;

/**
 * What a request asks for: the variable parts of its path, and its parameters. A parameter that is
 * not what it has to be refuses the request with 400; one that nobody knows does not matter.
 */
final class Call {

  private final List<String> parts;
  private final Fields parameters;

  Call(List<String> parts, Fields parameters) {
    this.parts = parts;
    this.parameters = parameters;
  }

  /** The variable parts of the path, in order. */
  String part(int index) {
    return parts.get(index);
  }

  /** The same of a number. */
  long numberPart(int index) {
    return parse(part(index));
  }

  /** Null without it. An empty one is none. */
  String text(String name) {
    List<String> values = parameters.getValuesOrEmpty(name);
    if (values.size() > 1) {
      throw RefusedException.badRequest();
    }
    return values.isEmpty() || values.get(0).isEmpty() ? null : values.get(0);
  }

  /** Null without it. */
  String oneOf(String name, Set<String> values) {
    String text = text(name);
    if (text != null && !values.contains(text)) {
      throw RefusedException.badRequest();
    }
    return text;
  }

  /** Null without it. */
  Long number(String name) {
    String text = text(name);
    return text == null ? null : parse(text);
  }

  int number(String name, int min, int max, int otherwise) {
    Long number = number(name);
    if (number == null) {
      return otherwise;
    }
    if (number < min || number > max) {
      throw RefusedException.badRequest();
    }
    return number.intValue();
  }

  /** Milliseconds since 1970; null without it. */
  Long time(String name) {
    String text = text(name);
    try {
      return text == null ? null : Instant.parse(text).toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      throw RefusedException.badRequest();
    }
  }

  private static long parse(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw RefusedException.badRequest();
    }
  }
}
