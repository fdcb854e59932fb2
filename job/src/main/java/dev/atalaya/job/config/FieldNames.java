package dev.atalaya.job.config;

import dev.atalaya.job.config.FormatConfig.Kind;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which fields a format can have, where that is known before the first record. */
final class FieldNames {

  private FieldNames() {}

  /**
   * The parts of a record of this format, and what else they are called; null when any may come.
   */
  static List<String> partsOf(FormatConfig format) {
    FormatNames names = FormatNames.of(format.kind());
    if (format.kind() == Kind.CSV) {
      return format.csv().columns();
    } else if (format.kind() == Kind.GROK) {
      return withAliases(GrokPatterns.names(format.grok()), names);
    }
    return names.parts() == null ? null : withAliases(names.parts(), names);
  }

  private static List<String> withAliases(Collection<String> parts, FormatNames names) {
    Set<String> known = new LinkedHashSet<>(parts);
    names
        .aliases()
        .forEach(
            (alias, own) -> {
              if (own.stream().anyMatch(parts::contains)) {
                known.add(alias);
              }
            });
    return List.copyOf(known);
  }

  /** Notes a problem when a text field cannot exist. */
  static void check(Section section, String key, String field, FormatConfig format) {
    if (format == null || partsOf(format) == null) {
      return;
    }
    Set<String> names = new LinkedHashSet<>(format.fields().keySet());
    names.addAll(partsOf(format));
    if (!names.contains(field)) {
      section.problem(
          key,
          "there is no field '"
              + Printable.escape(field)
              + "' in "
              + kebab(format.kind())
              + "; "
              + Suggestion.among(field, names));
    }
  }

  /** Notes a problem when a number field cannot exist. */
  static void checkNumber(Section section, String key, String field, FormatConfig format) {
    if (format == null) {
      return;
    }
    if (format.kind() == Kind.LINES) {
      section.problem(key, "lines have no numbers; remove it to count lines");
      return;
    }
    FormatNames names = FormatNames.of(format.kind());
    if (names.numbers() == null) {
      check(section, key, field, format);
      return;
    }
    String part = format.fields().getOrDefault(field, FieldConfig.named(field)).path();
    if (!names.numbers().containsAll(names.own(part))) {
      section.problem(
          key,
          "'"
              + Printable.escape(field)
              + "' is no number of "
              + kebab(format.kind())
              + "; known: "
              + String.join(", ", withAliases(names.numbers(), names)));
    }
  }

  static String kebab(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
