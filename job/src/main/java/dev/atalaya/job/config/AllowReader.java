package dev.atalaya.job.config;

import dev.atalaya.job.config.DetectorConfig.Allow;
import dev.atalaya.job.config.DetectorConfig.KeyGroup;
import dev.atalaya.job.match.ValuePatterns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads lists of values: {@code allow}, and the {@code where} of {@code overrides}. */
final class AllowReader {

  private static final String FILE = "file:";
  private static final long MAX_FILE_BYTES = 4 << 20;

  private final FormatConfig format;

  AllowReader(FormatConfig format) {
    this.format = format;
  }

  List<Allow> allow(Section detector) {
    return lists(detector.section("allow"));
  }

  List<KeyGroup> overrides(
      Section detector, List<String> key, String weight, ThresholdReader thresholds) {
    List<KeyGroup> groups = new ArrayList<>();
    for (Section section : detector.sections("overrides")) {
      Section where = section.section("where");
      List<Allow> lists = lists(where);
      for (String field : where.writtenKeys()) {
        if (!key.contains(field)) {
          where.problem(field, "is no field of the key; " + Suggestion.among(field, key));
        }
      }
      if (lists.isEmpty()) {
        section.problem("where", "is missing: name the keys, such as { src: 10.0.0.0/8 }");
      }
      KeyGroup group =
          new KeyGroup(
              lists,
              thresholds.hitters(section, weight),
              thresholds.changers(section),
              thresholds.spreaders(section));
      for (String kind : List.of("hitters", "changers", "spreaders")) {
        if (section.has(kind) && !detector.has(kind)) {
          section.problem(kind, "the detector has no '" + kind + "' to override");
        }
      }
      if (group.hitters() == null && group.changers() == null && group.spreaders() == null) {
        section.problem("give 'hitters', 'changers' or 'spreaders', or it overrides nothing");
      }
      groups.add(group);
      section.close();
    }
    return List.copyOf(groups);
  }

  private List<Allow> lists(Section section) {
    section.know("<field>");
    List<Allow> lists = new ArrayList<>();
    for (String field : section.writtenKeys()) {
      FieldNames.check(section, field, field, format);
      Set<String> patterns = new LinkedHashSet<>();
      List<String> files = new ArrayList<>();
      for (String text : section.texts(field)) {
        if (text.startsWith(FILE)) {
          files.add(text);
          patterns.addAll(linesOf(section, field, text));
        } else {
          patterns.add(text);
        }
      }
      patterns.forEach(pattern -> check(section, field, pattern));
      lists.add(new Allow(field, List.copyOf(patterns), List.copyOf(files)));
    }
    return List.copyOf(lists);
  }

  private static void check(Section section, String field, String pattern) {
    try {
      ValuePatterns.check(pattern);
    } catch (IllegalArgumentException e) {
      section.problem(field, "'" + Printable.escape(pattern) + "' " + e.getMessage());
    }
  }

  /** A value a line; empty lines and those that begin with # say nothing. */
  private static List<String> linesOf(Section section, String field, String file) {
    String shown = Printable.escape(file);
    try {
      Path path = LocalPath.of(file);
      if (Files.size(path) > MAX_FILE_BYTES) {
        section.problem(field, shown + " is larger than 4mb; this is no list");
        return List.of();
      }
      return Files.readString(path, StandardCharsets.UTF_8)
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .toList();
    } catch (NoSuchFileException e) {
      section.problem(field, shown + " does not exist; create it or correct the path");
    } catch (IOException | IllegalArgumentException e) {
      section.problem(field, shown + " cannot be read: " + Printable.escape(String.valueOf(e)));
    }
    return List.of();
  }
}
