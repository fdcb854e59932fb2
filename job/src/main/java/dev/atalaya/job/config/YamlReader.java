package dev.atalaya.job.config;

import dev.atalaya.job.config.ConfigNode.Entry;
import dev.atalaya.job.config.ConfigNode.Mapping;
import dev.atalaya.job.config.ConfigNode.Scalar;
import dev.atalaya.job.config.ConfigNode.Sequence;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.DocumentEndEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingEndEvent;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceEndEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.events.StreamEndEvent;
import org.yaml.snakeyaml.events.StreamStartEvent;

/**
 * YAML to nodes that know their line.
 *
 * <p>Built on parser events, not on object construction: nothing can be instantiated by a tag, and
 * aliases, with which a short file can grow without end, are refused like tags.
 */
final class YamlReader {

  private static final int MAX_DEPTH = 32;

  private final String origin;
  private final boolean lines;
  private final UnaryOperator<String> substitution;
  private final List<ConfigProblem> problems;
  private Iterator<Event> events;
  private Event current;

  /**
   * @param lines whether line numbers help, as they do in a file
   * @param substitution applied to every scalar value; refuses with IllegalArgumentException
   */
  YamlReader(
      String origin,
      boolean lines,
      UnaryOperator<String> substitution,
      List<ConfigProblem> problems) {
    this.origin = origin;
    this.lines = lines;
    this.substitution = substitution;
    this.problems = problems;
  }

  /** The one document; null when it is empty or unreadable, which is then among the problems. */
  ConfigNode read(String text) {
    try {
      events = new Yaml().parse(new StringReader(text)).iterator();
      advance(StreamStartEvent.class);
      if (peek() instanceof StreamEndEvent) {
        return null;
      }
      advance(DocumentStartEvent.class);
      ConfigNode root = node("", 0);
      advance(DocumentEndEvent.class);
      if (!(peek() instanceof StreamEndEvent)) {
        problem(peek(), "", "a second document; one file holds one configuration");
      }
      return root;
    } catch (Refused e) {
      return null;
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
      problems.add(new ConfigProblem(place(line), "", syntaxMessage(e.getProblem())));
      return null;
    } catch (YAMLException e) {
      problems.add(new ConfigProblem(place(0), "", syntaxMessage(e.getMessage())));
      return null;
    }
  }

  private ConfigNode node(String path, int depth) {
    Event event = next();
    if (depth > MAX_DEPTH) {
      throw refuse(event, path, "nested more than " + MAX_DEPTH + " deep");
    }
    if (event instanceof ScalarEvent scalar) {
      refuseTag(event, path, scalar.getTag());
      return scalar(scalar, path);
    }
    if (event instanceof SequenceStartEvent start) {
      refuseTag(event, path, start.getTag());
      return sequence(start, path, depth);
    }
    if (event instanceof MappingStartEvent start) {
      refuseTag(event, path, start.getTag());
      return mapping(start, path, depth);
    }
    if (event instanceof AliasEvent) {
      throw refuse(event, path, "YAML aliases (*name) are not allowed; write the value out");
    }
    throw refuse(event, path, "unexpected YAML");
  }

  private Scalar scalar(ScalarEvent event, String path) {
    String value = event.getValue();
    boolean plain = event.getScalarStyle() == ScalarStyle.PLAIN;
    if (plain && (value.isEmpty() || value.equals("~") || value.equals("null"))) {
      return new Scalar(place(event), null);
    }
    try {
      value = substitution.apply(value);
    } catch (IllegalArgumentException e) {
      problem(event, path, e.getMessage());
    }
    return new Scalar(place(event), value);
  }

  private Sequence sequence(Event start, String path, int depth) {
    List<ConfigNode> items = new ArrayList<>();
    while (!(peek() instanceof SequenceEndEvent)) {
      items.add(node(path + "[" + items.size() + "]", depth + 1));
    }
    next();
    return new Sequence(place(start), items);
  }

  private Mapping mapping(Event start, String path, int depth) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    while (!(peek() instanceof MappingEndEvent)) {
      Event keyEvent = next();
      if (!(keyEvent instanceof ScalarEvent keyScalar)) {
        throw refuse(keyEvent, path, "a key must be plain text");
      }
      String key = keyScalar.getValue();
      String keyPath = path.isEmpty() ? key : path + "." + key;
      refuseTag(keyEvent, keyPath, keyScalar.getTag());
      Place place = place(keyEvent);
      Entry earlier = entries.putIfAbsent(key, new Entry(place, node(keyPath, depth + 1)));
      if (earlier != null) {
        problem(
            keyEvent,
            keyPath,
            "given twice, first on line " + earlier.place().line() + "; keep one");
      }
    }
    next();
    return new Mapping(place(start), entries);
  }

  private void refuseTag(Event event, String path, String tag) {
    if (tag != null) {
      throw refuse(
          event, path, "YAML tags are not allowed, got " + Printable.escape(tag) + "; remove it");
    }
  }

  private static String syntaxMessage(String problem) {
    String text = problem == null ? "unreadable" : Printable.escape(problem);
    return text.contains("TAB") ? "a tab character; indent with spaces" : "not valid YAML: " + text;
  }

  private Event peek() {
    if (current == null) {
      current = events.next();
    }
    return current;
  }

  private Event next() {
    Event event = peek();
    current = null;
    return event;
  }

  private void advance(Class<? extends Event> expected) {
    Event event = next();
    if (!expected.isInstance(event)) {
      throw refuse(event, "", "unexpected YAML");
    }
  }

  private void problem(Event event, String path, String message) {
    problems.add(new ConfigProblem(place(event), path, message));
  }

  private Refused refuse(Event event, String path, String message) {
    problem(event, path, message);
    return new Refused();
  }

  private Place place(Event event) {
    return place(event.getStartMark() == null ? 0 : event.getStartMark().getLine() + 1);
  }

  private Place place(int line) {
    return new Place(origin, lines ? line : 0);
  }

  /** Ends the reading of a document; its reason is among the problems already. */
  private static final class Refused extends RuntimeException {
    Refused() {
      super(null, null, false, false);
    }
  }
}
