package dev.atalaya.job.config;

import dev.atalaya.job.config.DetectorConfig.Rollup;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code rollup}: the prefixes of a key that are watched beside it. */
final class RollupReader {

  private static final List<Integer> IPV4 = List.of(8, 16, 24);
  private static final List<Integer> IPV6 = List.of(32, 48, 64);
  private static final int MAX_LEVELS = 8;
  private static final int MAX_STEPS = 8;

  private RollupReader() {}

  static Rollup rollup(Section detector, List<String> key, FormatConfig format) {
    Section section = detector.section("rollup");
    int path = section.wholeInt("path", null, 1, MAX_STEPS);
    List<Integer> ipv4 = lengths(section, "ipv4", 8, 31);
    List<Integer> ipv6 = lengths(section, "ipv6", 8, 127);
    section.close();
    if (!detector.has("rollup")) {
      return null;
    }
    if (key.size() != 1) {
      detector.problem("rollup", "needs a key of one field");
    }
    if (section.has("path")) {
      section.refuse("ipv4", "give either 'path' or prefixes of addresses");
      section.refuse("ipv6", "give either 'path' or prefixes of addresses");
      return new Rollup(List.of(), List.of(), path);
    }
    if (format != null && key.size() == 1 && !isAddress(key.get(0), format)) {
      detector.problem(
          "rollup",
          "needs an address, so that each has one form: declare '"
              + Printable.escape(key.get(0))
              + "' under the format's fields with type: ip; or give 'path'");
    }
    return new Rollup(section.has("ipv4") ? ipv4 : IPV4, section.has("ipv6") ? ipv6 : IPV6, 0);
  }

  private static boolean isAddress(String field, FormatConfig format) {
    FieldConfig declared = format.fields().get(field);
    return declared != null && declared.type() == FieldConfig.Type.IP;
  }

  private static List<Integer> lengths(Section section, String key, int min, int max) {
    List<Integer> lengths = new ArrayList<>();
    for (String text : section.texts(key)) {
      int length = text.matches("\\d{1,3}") ? Integer.parseInt(text) : 0;
      if (length < min || length > max) {
        section.problem(
            key,
            "'" + Printable.escape(text) + "' is no length of a prefix: " + min + " to " + max);
      } else {
        lengths.add(length);
      }
    }
    if (lengths.size() > MAX_LEVELS) {
      section.problem(key, "has " + lengths.size() + " lengths; at most " + MAX_LEVELS);
    }
    // 8 and 08 are one length.
    return lengths.stream().distinct().sorted().toList();
  }
}
