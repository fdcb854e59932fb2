package dev.atalaya.capture;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * What capture counts, as Prometheus reads it (text, version 0.0.4). Every number has a name that
 * begins with {@code atalaya_capture_} and may have labels.
 *
 * <p>Thread-safe.
 */
public final class Meters {

  private static final String PREFIX = "atalaya_capture_";

  private record Family(String type, String help, Map<String, LongSupplier> values) {}

  // Guarded by this.
  private final Map<String, Family> families = new LinkedHashMap<>();

  /**
   * A number that only grows.
   *
   * @param name without its beginning and without {@code _total}
   * @param help one sentence
   * @param labels name, value, name, value …
   */
  public void counter(String name, String help, LongSupplier value, String... labels) {
    add(name + "_total", "counter", help, value, labels);
  }

  /** A number that grows and shrinks, as {@link #counter} else. */
  public void gauge(String name, String help, LongSupplier value, String... labels) {
    add(name, "gauge", help, value, labels);
  }

  /**
   * All that a way in counts, with its name as the label {@code way}.
   *
   * @param kind what the names of the numbers begin with
   */
  public void intake(String kind, Intake intake) {
    for (String name : intake.counts().keySet()) {
      LongSupplier value = () -> intake.counts().get(name);
      if (intake.isLevel(name)) {
        gauge(kind + "_" + name, "Now.", value, "way", intake.name());
      } else {
        counter(kind + "_" + name, "Since the start.", value, "way", intake.name());
      }
    }
  }

  private synchronized void add(
      String name, String type, String help, LongSupplier value, String... labels) {
    families
        .computeIfAbsent(PREFIX + name, any -> new Family(type, help, new TreeMap<>()))
        .values()
        .put(labels(labels), value);
  }

  /** All of them as they are now. */
  public synchronized String text() {
    StringBuilder text = new StringBuilder();
    families.forEach(
        (name, family) -> {
          text.append("# HELP ").append(name).append(' ').append(family.help()).append('\n');
          text.append("# TYPE ").append(name).append(' ').append(family.type()).append('\n');
          family
              .values()
              .forEach(
                  (labels, value) ->
                      text.append(name)
                          .append(labels)
                          .append(' ')
                          .append(value.getAsLong())
                          .append('\n'));
        });
    return text.toString();
  }

  private static String labels(String... labels) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < labels.length; i += 2) {
      text.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"");
      text.append(escape(labels[i + 1])).append('"');
    }
    return text.append(labels.length == 0 ? "" : "}").toString();
  }

  private static String escape(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
