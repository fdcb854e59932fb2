package dev.atalaya.job.config;

import dev.atalaya.job.config.ConfigNode.Entry;
import dev.atalaya.job.config.ConfigNode.Mapping;
import dev.atalaya.job.config.ConfigNode.Scalar;
import dev.atalaya.job.config.ConfigNode.Sequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts values of the environment and the command line in the place of those of the file. Values are
 * YAML, so that a list can be given; placeholders in them stay as they are.
 */
final class Overrides {

  /** With two underscores, so that it cannot be taken for another variable of ours. */
  static final String ENV_PREFIX = "ATALAYA__";

  /** What the place of a setting of the command line begins with; its key follows. */
  static final String OPTION = "--set ";

  private static final Pattern STEP = Pattern.compile("\\.?([^.\\[\\]=]+)|\\[\"?([^\\]\"]+)\"?\\]");

  private final Mapping root;
  private final Reading reading;

  Overrides(Mapping root, Reading reading) {
    this.root = root;
    this.reading = reading;
  }

  /** {@code ATALAYA__TIME__OUT_OF_ORDERNESS} stands for {@code time.out-of-orderness}. */
  void applyEnvironment(Map<String, String> env) {
    for (Map.Entry<String, String> variable : new TreeMap<>(env).entrySet()) {
      String name = variable.getKey();
      if (name.startsWith(ENV_PREFIX)) {
        String path = name.substring(ENV_PREFIX.length()).toLowerCase(Locale.ROOT);
        List<String> steps = Arrays.asList(path.replace("__", ".").replace('_', '-').split("\\."));
        set(new Place("environment variable " + name, 0), steps, variable.getValue());
      }
    }
  }

  /** Each {@code path=value}, such as {@code detectors[0].window=5s}. */
  void applySettings(List<String> settings) {
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      String path = equals < 0 ? setting : setting.substring(0, equals);
      // Without the value, which may be a secret.
      Place place = new Place(OPTION + path, 0);
      List<String> steps = equals < 0 ? List.of() : steps(path);
      if (steps.isEmpty()) {
        reading.problem(place, "", "write --set path=value, such as --set window=5s");
      } else {
        set(place, steps, setting.substring(equals + 1));
      }
    }
  }

  /** Fills in keys of the top that are not written, in the order given; null leaves one out. */
  void applyOtherwise(Map<String, Supplier<String>> otherwise) {
    for (Map.Entry<String, Supplier<String>> entry : otherwise.entrySet()) {
      ConfigNode written = root.get(entry.getKey());
      String yaml = written == null || isNothing(written) ? entry.getValue().get() : null;
      if (yaml != null) {
        set(new Place("guess", 0), List.of(entry.getKey()), yaml);
      }
    }
  }

  private static List<String> steps(String path) {
    List<String> steps = new ArrayList<>();
    Matcher matcher = STEP.matcher(path);
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      steps.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
      end = matcher.end();
    }
    return end == path.length() ? steps : List.of();
  }

  private void set(Place place, List<String> steps, String yaml) {
    ConfigNode value =
        new YamlReader(place.origin(), false, UnaryOperator.identity(), reading.problems())
            .read(yaml);
    if (value == null) {
      value = new Scalar(place, null);
    }
    ConfigNode node = root;
    for (int i = 0; i < steps.size(); i++) {
      String step = steps.get(i);
      boolean last = i == steps.size() - 1;
      if (node instanceof Mapping mapping) {
        ConfigNode child = mapping.get(step);
        if (last || child == null || isNothing(child)) {
          child = last ? value : new Mapping(place, new LinkedHashMap<>());
          mapping.entries().put(step, new Entry(place, child));
        }
        node = child;
      } else if (node instanceof Sequence sequence) {
        int index = indexOf(step, sequence);
        if (index < 0) {
          reading.problem(
              place,
              String.join(".", steps.subList(0, i)),
              "the list has "
                  + sequence.items().size()
                  + " items and none is '"
                  + Printable.escape(step)
                  + "'"
                  + knownNames(sequence));
          return;
        }
        if (last) {
          sequence.items().set(index, value);
        }
        node = sequence.items().get(index);
      } else {
        reading.problem(
            place,
            String.join(".", steps.subList(0, i)),
            "is " + node.kind() + ", so nothing can be set in it");
        return;
      }
    }
  }

  private static boolean isNothing(ConfigNode node) {
    return node instanceof Scalar scalar && scalar.text() == null;
  }

  /** The item by its index, or by what its key {@code name} says; -1 when there is none. */
  private static int indexOf(String step, Sequence sequence) {
    if (step.matches("\\d{1,9}")) {
      int index = Integer.parseInt(step);
      return index < sequence.items().size() ? index : -1;
    }
    return names(sequence).indexOf(step);
  }

  /** Of each item its name, or the empty text. */
  private static List<String> names(Sequence sequence) {
    return sequence.items().stream()
        .map(
            item ->
                item instanceof Mapping mapping
                        && mapping.get("name") instanceof Scalar name
                        && name.text() != null
                    ? name.text()
                    : "")
        .toList();
  }

  private static String knownNames(Sequence sequence) {
    List<String> known = names(sequence).stream().filter(name -> !name.isEmpty()).toList();
    return known.isEmpty() ? "" : "; known: " + Printable.escape(String.join(", ", known));
  }
}
