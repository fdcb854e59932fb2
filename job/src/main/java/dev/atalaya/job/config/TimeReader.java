package dev.atalaya.job.config;

import dev.atalaya.job.config.FormatConfig.Kind;
import dev.atalaya.job.config.TimeConfig.Unit;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads {@code time}. */
final class TimeReader {

  private static final Map<String, Unit> UNITS = new LinkedHashMap<>();

  static {
    for (Unit unit : Unit.values()) {
      UNITS.put(FieldNames.kebab(unit), unit);
    }
  }

  private static final Set<String> LANGUAGES = Set.of(Locale.getISOLanguages());

  private TimeReader() {}

  static TimeConfig read(Section root, SourceConfig source, FormatConfig format) {
    Section section = root.section("time");
    FormatNames names = FormatNames.of(format == null ? Kind.JSON : format.kind());
    boolean files =
        source instanceof SourceConfig.Files
            || source instanceof SourceConfig.Packets
            || (source instanceof SourceConfig.Capture capture && capture.follow() != null);
    String field = section.text("field", null);
    if (field == null && !section.has("field")) {
      field = names.timeField();
    }
    boolean fallback = section.flag("broker-fallback", false);
    Unit unit = section.choice("unit", null, UNITS);
    if (unit == null) {
      unit = names.timeUnit();
    }
    ZoneId zone = section.value("zone", "UTC", TimeReader::zone);
    long year = section.whole("year", null, 1980, 2099);
    Locale locale = section.value("locale", "en", TimeReader::locale);
    long outOfOrderness = section.duration("out-of-orderness", "2s", "0s", "1d");
    long idle = section.duration("idle", "30s", "100ms", "1d");
    long maxAhead = section.duration("max-ahead", "5m", "0s", "366d");
    section.close();
    if (field == null && files) {
      section.problem(
          "field",
          "is missing: name the field with the time, such as time: { field: ts, unit: ms };"
              + " a line of a file has no time of its own");
    }
    if (fallback && files) {
      section.problem("broker-fallback", "has no effect: files have no broker; remove it");
    }
    if (fallback && field == null) {
      section.problem("broker-fallback", "has no effect without 'field'; remove it");
    }
    if (field != null && format != null && format.kind() == Kind.LINES) {
      section.problem("field", "lines have no time; remove it to take the broker's");
    } else if (field != null) {
      FieldNames.check(section, "field", field, format);
    }
    return new TimeConfig(
        field, fallback, unit, zone, year, locale, outOfOrderness, idle, maxAhead);
  }

  static ZoneId zone(String text) {
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("is no time zone: write UTC, Europe/Madrid or +02:00", e);
    }
  }

  private static Locale locale(String text) {
    Locale locale = Locale.forLanguageTag(text.replace('_', '-'));
    if (!LANGUAGES.contains(locale.getLanguage())) {
      throw new IllegalArgumentException("is no language: write en, es or de");
    }
    return locale;
  }
}
