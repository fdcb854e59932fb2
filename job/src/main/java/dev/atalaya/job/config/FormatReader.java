package dev.atalaya.job.config;

import dev.atalaya.job.config.FormatConfig.Csv;
import dev.atalaya.job.config.FormatConfig.Grok;
import dev.atalaya.job.config.FormatConfig.Json;
import dev.atalaya.job.config.FormatConfig.Kind;
import dev.atalaya.job.config.FormatConfig.Limits;
import dev.atalaya.job.config.FormatConfig.Pairs;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads {@code format}. */
final class FormatReader {

  private static final Map<String, Function<Section, FormatConfig>> KINDS = new LinkedHashMap<>();

  static {
    KINDS.put("json", section -> documents(Kind.JSON, section));
    KINDS.put("csv", FormatReader::csv);
    KINDS.put("lines", section -> plain(Kind.LINES, section));
    KINDS.put("combined-log", section -> plain(Kind.COMBINED_LOG, section));
    KINDS.put("squid", section -> plain(Kind.SQUID, section));
    KINDS.put("zeek", section -> columns(Kind.ZEEK, section));
    KINDS.put("suricata-eve", section -> documents(Kind.SURICATA_EVE, section));
    KINDS.put("snort", section -> plain(Kind.SNORT, section));
    KINDS.put("yaf", section -> plain(Kind.YAF, section));
    KINDS.put("syslog", section -> plain(Kind.SYSLOG, section));
    KINDS.put("cef", section -> plain(Kind.CEF, section));
    KINDS.put("key-value", FormatReader::keyValue);
    KINDS.put("grok", FormatReader::grok);
    KINDS.put("vpc-flow-log", section -> columns(Kind.VPC_FLOW_LOG, section));
    KINDS.put("goflow2", section -> documents(Kind.GOFLOW2, section));
    KINDS.put("pmacct", section -> documents(Kind.PMACCT, section));
    KINDS.put("fastnetmon", section -> documents(Kind.FASTNETMON, section));
    KINDS.put("akvorado", section -> documents(Kind.AKVORADO, section));
    KINDS.put("sentilo", section -> documents(Kind.SENTILO, section));
  }

  private static final Map<String, String> CHARSETS = Map.of("utf-8", "utf-8", "latin1", "latin1");
  private static final Map<String, Boolean> COMPRESSIONS = Map.of("none", false, "gzip", true);
  private static final Map<String, FieldConfig.Type> TYPES =
      Map.of("text", FieldConfig.Type.TEXT, "ip", FieldConfig.Type.IP);
  private static final Map<String, Boolean> NORMALIZATIONS = Map.of("none", false, "nfc", true);

  private FormatReader() {}

  /** Null when refused. */
  static FormatConfig read(Section root, SourceConfig source) {
    Section section = root.section("format", KINDS.keySet());
    String charset = section.choice("charset", "utf-8", CHARSETS);
    boolean gzip = section.choice("compression", "none", COMPRESSIONS);
    boolean lenient = section.flag("lenient", false);
    Limits limits =
        new Limits(
            (int) section.size("max-bytes", "1mb", "1b", "256mb"),
            (int) section.size("max-key-bytes", "1kb", "32b", "16kb"),
            section.wholeInt("max-depth", "64", 1, 1000),
            section.wholeInt("max-fields", "1000", 1, 100_000),
            section.wholeInt("max-name-length", "1024", 1, 65_536),
            (int) section.size("max-string-length", "1mb", "1b", "256mb"),
            section.wholeInt("max-number-length", "100", 1, 1000));
    if (gzip && source instanceof SourceConfig.Files) {
      section.problem(
          "compression", "is for records; files named *.gz are inflated without it: remove it");
    }
    FormatConfig format = section.oneKind(KINDS, "name the format");
    section.close();
    if (format == null) {
      return null;
    }
    if (format.kind() == Kind.CSV
        && format.csv().columns() == null
        && source != null
        && !(source instanceof SourceConfig.Files)) {
      section.problem("csv", "needs 'columns': only files have a header line");
    }
    FormatConfig whole =
        new FormatConfig(
            format.kind(),
            format.fields(),
            charset,
            gzip,
            limits,
            lenient,
            format.json(),
            format.csv(),
            format.pairs(),
            format.grok());
    checkPaths(section, whole);
    return whole;
  }

  private static FormatConfig plain(Kind kind, Section section) {
    return of(kind, section, Json.DEFAULT, Csv.DEFAULT, null, null);
  }

  private static FormatConfig documents(Kind kind, Section section) {
    Json json = new Json(section.flag("ndjson", false));
    return of(kind, section, json, Csv.DEFAULT, null, null);
  }

  /** Of formats whose columns a header can name. */
  private static FormatConfig columns(Kind kind, Section section) {
    List<String> names = section.texts("columns");
    Csv csv = new Csv(Csv.DEFAULT.separator(), names.isEmpty() ? null : names, false);
    return of(kind, section, Json.DEFAULT, csv, null, null);
  }

  private static FormatConfig keyValue(Section section) {
    Pairs pairs =
        new Pairs(
            section.value("separator", "space", FormatReader::separator),
            section.value("assign", "=", FormatReader::separator));
    if (pairs.separator() == pairs.assign()) {
      section.problem("assign", "is the separator too; choose another");
    }
    return of(Kind.KEY_VALUE, section, Json.DEFAULT, Csv.DEFAULT, pairs, null);
  }

  private static FormatConfig grok(Section section) {
    Grok grok =
        new Grok(
            section.requiredTexts("patterns"),
            Collections.unmodifiableMap(section.textMap("definitions")),
            section.duration("timeout", "1s", "10ms", "1m"));
    try {
      GrokPatterns.names(grok);
    } catch (IllegalArgumentException e) {
      section.problem("patterns", e.getMessage());
      grok = new Grok(List.of(), Map.of(), grok.timeoutMillis());
    }
    return of(Kind.GROK, section, Json.DEFAULT, Csv.DEFAULT, null, grok);
  }

  private static FormatConfig csv(Section section) {
    char separator = section.value("separator", ",", FormatReader::separator);
    List<String> columns = section.texts("columns");
    boolean multiline = section.flag("multiline", false);
    Csv csv = new Csv(separator, columns.isEmpty() ? null : columns, multiline);
    return of(Kind.CSV, section, Json.DEFAULT, csv, null, null);
  }

  private static FormatConfig of(
      Kind kind, Section section, Json json, Csv csv, Pairs pairs, Grok grok) {
    return new FormatConfig(
        kind, fields(section), "utf-8", false, Limits.DEFAULT, false, json, csv, pairs, grok);
  }

  private static char separator(String text) {
    if (text.equals("tab") || text.equals("\\t")) {
      return '\t';
    }
    if (text.equals("space")) {
      return ' ';
    }
    if (text.length() != 1 || text.charAt(0) > 126 || "\"\r\n".indexOf(text.charAt(0)) >= 0) {
      throw new IllegalArgumentException("is no separator: write one character, tab or space");
    }
    return text.charAt(0);
  }

  private static Map<String, FieldConfig> fields(Section kind) {
    Section section = kind.section("fields");
    Map<String, FieldConfig> fields = new LinkedHashMap<>();
    Iterable<String> names =
        kind.reading().isCatalogue() ? List.of("<name>") : section.writtenKeys();
    for (String name : names) {
      Section field = section.section(name);
      fields.put(
          name,
          new FieldConfig(
              name,
              field.text("path", name),
              field.choice("type", "text", TYPES),
              field.flag("optional", false),
              field.flag("allow-empty", false),
              field.choice("normalize", "none", NORMALIZATIONS)));
      field.close();
    }
    return Collections.unmodifiableMap(fields);
  }

  /** Where the format itself says which parts there are, a field must be one of them. */
  private static void checkPaths(Section section, FormatConfig format) {
    List<String> parts = FieldNames.partsOf(format);
    if (parts == null) {
      return;
    }
    String kind = FieldNames.kebab(format.kind());
    Section fields = section.section(kind).section("fields");
    for (FieldConfig field : format.fields().values()) {
      if (!parts.contains(field.path())) {
        fields.problem(
            field.name(),
            "there is no '"
                + Printable.escape(field.path())
                + "' in "
                + kind
                + "; "
                + Suggestion.among(field.path(), parts));
      }
    }
  }
}
