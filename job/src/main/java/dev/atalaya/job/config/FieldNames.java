package dev.atalaya.job.config;

import dev.atalaya.job.config.FormatConfig.Kind;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which fields a format can have, where that is known before the first record. */
final class FieldNames {

  private static final List<String> COMBINED_LOG =
      List.of(
          "src",
          "ident",
          "user",
          "time",
          "method",
          "url",
          "path",
          "protocol",
          "status",
          "bytes",
          "referer",
          "ua");

  private static final List<String> LINES = List.of("line");

  private static final List<String> COMBINED_LOG_NUMBERS = List.of("status", "bytes");

  private FieldNames() {}

  /** The parts of a record of this format; null when any may come. */
  static List<String> partsOf(FormatConfig format) {
    return switch (format.kind()) {
      case COMBINED_LOG -> COMBINED_LOG;
      case LINES -> LINES;
      case CSV -> format.csv().columns();
      case JSON -> null;
    };
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
    } else if (format.kind() == Kind.COMBINED_LOG) {
      String part = format.fields().getOrDefault(field, FieldConfig.named(field)).path();
      if (!COMBINED_LOG_NUMBERS.contains(part)) {
        section.problem(
            key,
            "'"
                + Printable.escape(field)
                + "' is no number of combined-log; known: "
                + String.join(", ", COMBINED_LOG_NUMBERS));
      }
    } else {
      check(section, key, field, format);
    }
  }

  static String kebab(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
