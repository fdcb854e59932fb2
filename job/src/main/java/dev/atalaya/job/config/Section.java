package dev.atalaya.job.config;

import dev.atalaya.job.config.ConfigNode.Entry;
import dev.atalaya.job.config.ConfigNode.Mapping;
import dev.atalaya.job.config.ConfigNode.Scalar;
import dev.atalaya.job.config.ConfigNode.Sequence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * One mapping of the configuration while it is read. Every key that is asked for counts as known;
 * {@link #close} refuses the others. A bad value is noted as a problem and answered with the
 * default, so that reading goes on and all problems are found.
 */
final class Section {

  private final Reading reading;
  private final String path;
  private final Mapping mapping;
  private final Set<String> known = new LinkedHashSet<>();
  private final Set<String> refused = new HashSet<>();

  Section(Reading reading, String path, Mapping mapping) {
    this.reading = reading;
    this.path = path;
    this.mapping = mapping;
  }

  /** Whether the key is written, with or without a value. */
  boolean has(String key) {
    return mapping.entries().containsKey(key);
  }

  /** Every key as written, known or not. */
  Set<String> writtenKeys() {
    return mapping.entries().keySet();
  }

  /** What is written under a key, to be read once more later; null when nothing is. */
  ConfigNode written(String key) {
    return mapping.get(key);
  }

  String text(String key, String fallback) {
    return value(key, fallback, Function.identity());
  }

  String requiredText(String key) {
    return required(key, Function.identity());
  }

  boolean flag(String key, boolean fallback) {
    return value(
        key,
        String.valueOf(fallback),
        text -> {
          if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("is neither true nor false");
          }
          return text.equals("true");
        });
  }

  /** Milliseconds; 0 when neither written nor given a default. */
  long duration(String key, String fallback, String min, String max) {
    long least = Units.parseDuration(min);
    long most = Units.parseDuration(max);
    return number(key, fallback, text -> between(Units.parseDuration(text), least, most, min, max));
  }

  /** Bytes. */
  long size(String key, String fallback, String min, String max) {
    long least = Units.parseSize(min);
    long most = Units.parseSize(max);
    return number(key, fallback, text -> between(Units.parseSize(text), least, most, min, max));
  }

  /** A whole number; 0 when neither written nor given a default. */
  long whole(String key, String fallback, long min, long max) {
    return number(key, fallback, text -> wholeOf(text, min, max));
  }

  int wholeInt(String key, String fallback, int min, int max) {
    return Math.toIntExact(whole(key, fallback, min, max));
  }

  /** A whole number that must be written; 0 when it is not. */
  int requiredInt(String key, int min, int max) {
    Long value = required(key, text -> wholeOf(text, min, max));
    return value == null ? 0 : value.intValue();
  }

  /** One of some words. */
  <T> T choice(String key, String fallback, Map<String, T> words) {
    return value(key, fallback, text -> oneOf(text, words));
  }

  /** Parsed by {@code parser}, which refuses with IllegalArgumentException; null when absent. */
  <T> T value(String key, String fallback, Function<String, T> parser) {
    know(key, fallback);
    T otherwise = fallback == null ? null : parser.apply(fallback);
    return has(key) ? parsed(key, parser, otherwise) : otherwise;
  }

  /** As {@link #value}, but the key must be written; null when it is not. */
  <T> T required(String key, Function<String, T> parser) {
    know(key, "required");
    if (!has(key)) {
      problem(key, "is missing");
      return null;
    }
    return parsed(key, parser, null);
  }

  /** A list of texts, or one text, which is a list of one; empty when absent. */
  List<String> texts(String key) {
    return texts(key, "");
  }

  /**
   * As {@link #texts(String)}.
   *
   * @param whyOnce why none may be given twice
   */
  List<String> texts(String key, String whyOnce) {
    know(key, null);
    return has(key) ? textsOf(key, mapping.get(key), whyOnce) : List.of();
  }

  /** As {@link #texts}, but the key must be written. */
  List<String> requiredTexts(String key) {
    know(key, "required");
    if (!has(key)) {
      problem(key, "is missing");
      return List.of();
    }
    return textsOf(key, mapping.get(key));
  }

  /** A mapping of texts to texts, in the order written; empty when absent. */
  Map<String, String> textMap(String key) {
    Section child = section(key);
    child.know("<name>");
    Map<String, String> texts = new LinkedHashMap<>();
    for (String name : child.writtenKeys()) {
      String text = child.requiredText(name);
      if (text != null) {
        texts.put(name, text);
      }
    }
    return texts;
  }

  /** The mapping under a key; empty when absent. */
  Section section(String key) {
    known.add(key);
    return new Section(reading, pathOf(key), mappingOf(key));
  }

  /**
   * As {@link #section(String)}, of one of several kinds: a bare kind is refused with how it is
   * written, and read on as that.
   */
  Section section(String key, Set<String> kinds) {
    Mapping bare = bareKind(mapping.get(key), kinds);
    if (bare != null) {
      problem(key, "write " + key + ": { " + onlyKeyOf(bare) + ": {} }");
      mapping.entries().put(key, new Entry(placeOf(key), bare));
    }
    return section(key);
  }

  private static String onlyKeyOf(Mapping mapping) {
    return mapping.entries().keySet().iterator().next();
  }

  /** What a kind alone stands for, {@code json} for {@code json: {}}; null when it is none. */
  private static Mapping bareKind(ConfigNode node, Set<String> kinds) {
    if (!(node instanceof Scalar scalar)
        || scalar.text() == null
        || !kinds.contains(scalar.text())) {
      return null;
    }
    Entry nothing = new Entry(scalar.place(), new Mapping(scalar.place(), Map.of()));
    return new Mapping(scalar.place(), Map.of(scalar.text(), nothing));
  }

  /**
   * The mappings of a list, each with its index in its path; empty when absent.
   *
   * <p>In a catalogue of keys there is always one, without content.
   */
  List<Section> sections(String key) {
    return sections(key, Set.of());
  }

  /** As {@link #sections(String)}, each of one of several kinds. */
  List<Section> sections(String key, Set<String> kinds) {
    known.add(key);
    List<Section> sections = new ArrayList<>();
    if (reading.isCatalogue()) {
      sections.add(new Section(reading, pathOf(key) + "[0]", mapping));
    } else if (mapping.get(key) instanceof Sequence sequence && !sequence.items().isEmpty()) {
      for (int i = 0; i < sequence.items().size(); i++) {
        ConfigNode item = sequence.items().get(i);
        String itemPath = pathOf(key) + "[" + i + "]";
        Mapping bare = bareKind(item, kinds);
        if (bare != null) {
          reading.problem(item.place(), itemPath, "write - " + onlyKeyOf(bare) + ": {}");
          sequence.items().set(i, bare);
          sections.add(new Section(reading, itemPath, bare));
        } else if (item instanceof Mapping itemMapping) {
          sections.add(new Section(reading, itemPath, itemMapping));
        } else {
          reading.problem(item.place(), itemPath, "expected a mapping, got " + item.kind());
        }
      }
    } else if (has(key)) {
      problem(key, "expected a list with at least one item, got " + mapping.get(key).kind());
    }
    return sections;
  }

  /**
   * The one key that says which of several kinds this section is, read by the reader of that kind.
   * Ask for it last: when there is none, an unknown key is taken for an unknown kind.
   *
   * <p>In a catalogue of keys, every reader is run.
   *
   * @param missing what to say when there is none
   * @return null when there is none
   */
  <T> T oneKind(Map<String, Function<Section, T>> readers, String missing) {
    known.addAll(readers.keySet());
    List<String> kinds =
        readers.keySet().stream().filter(kind -> has(kind) || reading.isCatalogue()).toList();
    if (kinds.isEmpty() && writtenKeys().stream().allMatch(this::isKnown)) {
      problem(missing + ": one of " + String.join(", ", readers.keySet()));
    }
    T result = null;
    for (String kind : kinds) {
      if (!kind.equals(kinds.get(0))) {
        problem(kind, "there is '" + kinds.get(0) + "' already; keep one");
      }
      Section child = section(kind);
      result = readers.get(kind).apply(child);
      child.close();
    }
    return result;
  }

  /** A condition of a filter: a text, a list of texts, or {@code not} one of these. */
  DetectorConfig.Condition condition(String field) {
    ConfigNode node = mapping.get(field);
    known.add(field);
    if (!(node instanceof Mapping)) {
      return new DetectorConfig.Condition(field, Set.copyOf(textsOf(field, node)), false);
    }
    Section child = section(field);
    List<String> values = child.texts("not");
    if (!child.has("not")) {
      problem(field, "expected a value, a list of values, or { not: [values] }");
    }
    child.close();
    return new DetectorConfig.Condition(field, Set.copyOf(values), true);
  }

  /** Notes a problem with a key: at its own line, or at this section's when it is not written. */
  void problem(String key, String message) {
    reading.problem(placeOf(key), pathOf(key), message);
  }

  /** Notes a problem with the section as a whole. */
  void problem(String message) {
    reading.problem(mapping.place(), path, message);
  }

  void warning(String key, String message) {
    reading.warning(placeOf(key), pathOf(key), message);
  }

  Reading reading() {
    return reading;
  }

  /** Refuses a key that one may look for and that there is not, with the reason. */
  void refuse(String key, String reason) {
    if (has(key)) {
      refused.add(key);
      problem(key, reason);
    }
  }

  /** Refuses one of two keys without the other. */
  void bothOrNone(String key, String other) {
    if (has(key) != has(other)) {
      problem(has(key) ? key : other, "needs both '" + key + "' and '" + other + "'");
    }
  }

  /** Refuses the keys nobody asked for. */
  void close() {
    for (String key : writtenKeys()) {
      if (!isKnown(key)) {
        problem(key, "unknown key; " + Suggestion.among(key, known));
      }
    }
  }

  private boolean isKnown(String key) {
    return known.contains(key) || refused.contains(key);
  }

  /** Says that there is a key, one of any number that the user names himself. */
  void know(String key) {
    know(key, null);
  }

  private void know(String key, String fallback) {
    known.add(key);
    reading.know(pathOf(key), fallback);
  }

  private <T> T parsed(String key, Function<String, T> parser, T otherwise) {
    ConfigNode node = mapping.get(key);
    if (!(node instanceof Scalar scalar)) {
      problem(key, "expected one value, got " + node.kind());
      return otherwise;
    }
    if (scalar.text() == null) {
      problem(key, "has no value; give one or remove the key");
      return otherwise;
    }
    try {
      return parser.apply(scalar.text());
    } catch (IllegalArgumentException e) {
      problem(key, scalar.kind() + " " + e.getMessage());
      return otherwise;
    }
  }

  private long number(String key, String fallback, Function<String, Long> parser) {
    Long value = value(key, fallback, parser);
    return value == null ? 0 : value;
  }

  private List<String> textsOf(String key, ConfigNode node) {
    return textsOf(key, node, "");
  }

  private List<String> textsOf(String key, ConfigNode node, String whyOnce) {
    List<ConfigNode> items = node instanceof Sequence list ? list.items() : List.of(node);
    List<String> texts = new ArrayList<>();
    for (ConfigNode item : items) {
      if (!(item instanceof Scalar scalar) || scalar.text() == null) {
        reading.problem(
            item.place(), pathOf(key), "expected a text or a list of texts, got " + item.kind());
      } else if (texts.contains(scalar.text())) {
        String why = whyOnce.isEmpty() ? "" : ": " + whyOnce;
        reading.problem(
            item.place(), pathOf(key), scalar.kind() + " is given twice; keep one" + why);
      } else {
        texts.add(scalar.text());
      }
    }
    if (items.isEmpty()) {
      problem(key, "is an empty list; give at least one or remove the key");
    }
    return List.copyOf(texts);
  }

  private Mapping mappingOf(String key) {
    ConfigNode node = mapping.get(key);
    if (node instanceof Mapping found) {
      return found;
    }
    boolean nothing = node == null || (node instanceof Scalar scalar && scalar.text() == null);
    if (node instanceof Scalar scalar && !nothing && key.equals("files")) {
      problem(key, "write files: { path: " + Printable.escape(scalar.text()) + " }");
    } else if (!nothing) {
      problem(key, "expected a mapping such as { … }, got " + node.kind());
    }
    return new Mapping(placeOf(key), Map.of());
  }

  private Place placeOf(String key) {
    Entry entry = mapping.entries().get(key);
    return entry == null ? mapping.place() : entry.place();
  }

  private String pathOf(String key) {
    String step = key.indexOf('.') >= 0 ? "[" + key + "]" : path.isEmpty() ? key : "." + key;
    return path + step;
  }

  private static long wholeOf(String text, long min, long max) {
    if (!text.matches("[+-]?\\d{1,18}")) {
      throw new IllegalArgumentException("is no whole number");
    }
    return between(Long.parseLong(text), min, max, String.valueOf(min), String.valueOf(max));
  }

  private static long between(long value, long min, long max, String minText, String maxText) {
    if (value < min) {
      throw new IllegalArgumentException("must be at least " + minText);
    }
    if (value > max) {
      throw new IllegalArgumentException("must be at most " + maxText);
    }
    return value;
  }

  private static <T> T oneOf(String text, Map<String, T> words) {
    T value = words.get(text.toLowerCase(Locale.ROOT));
    if (value == null) {
      throw new IllegalArgumentException("is unknown; " + Suggestion.among(text, words.keySet()));
    }
    return value;
  }
}
