package dev.atalaya.connectors.rabbitmq;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The arguments of a queue in the types that the broker compares them in. */
final class QueueArguments {

  private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,18}");

  /** These are text even when they look like a number. */
  private static final Set<String> TEXTS =
      Set.of("x-dead-letter-exchange", "x-dead-letter-routing-key");

  private QueueArguments() {}

  static Map<String, Object> typed(Map<String, String> arguments) {
    Map<String, Object> typed = new HashMap<>();
    arguments.forEach((name, value) -> typed.put(name, typed(name, value)));
    return typed;
  }

  private static Object typed(String name, String value) {
    if (TEXTS.contains(name)) {
      return value;
    }
    if (value.equals("true") || value.equals("false")) {
      return Boolean.valueOf(value);
    }
    return INTEGER.matcher(value).matches() ? (Object) Long.valueOf(value) : value;
  }
}
