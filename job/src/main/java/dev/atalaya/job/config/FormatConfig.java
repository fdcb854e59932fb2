package dev.atalaya.job.config;

import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * How the bytes of a record are read.
 *
 * @param kind the format
 * @param fields declared fields, by name
 * @param charset of the payload: {@code utf-8} or {@code latin1}
 * @param gzip whether each payload is compressed
 * @param limits beyond which a record is rejected
 * @param lenient whether numbers may come as strings
 * @param json what only JSON has
 * @param csv what formats in columns have
 * @param pairs what only key=value has, or null
 * @param grok what only Grok has, or null
 */
public record FormatConfig(
    Kind kind,
    Map<String, FieldConfig> fields,
    String charset,
    boolean gzip,
    Limits limits,
    boolean lenient,
    Json json,
    Csv csv,
    @Later Pairs pairs,
    @Later Grok grok)
    implements Serializable {

  /** The formats, named as in the configuration in kebab-case. */
  public enum Kind {
    JSON,
    CSV,
    LINES,
    COMBINED_LOG,
    /** Squid's native access log. */
    SQUID,
    /** Zeek's logs: columns after its header lines, or JSON. */
    ZEEK,
    SURICATA_EVE,
    /** Alerts of Snort and Suricata: one line, or CSV. */
    SNORT,
    /** YAF's flows in columns. */
    YAF,
    /** RFC 3164 and RFC 5424. */
    SYSLOG,
    /** ArcSight Common Event Format. */
    CEF,
    KEY_VALUE,
    GROK,
    /** Flow logs of Amazon VPC. */
    VPC_FLOW_LOG,
    GOFLOW2,
    PMACCT,
    FASTNETMON,
    AKVORADO,
    SENTILO;

    /** Whether records are JSON documents and nothing else. */
    public boolean isJson() {
      return switch (this) {
        case JSON, SURICATA_EVE, GOFLOW2, PMACCT, FASTNETMON, AKVORADO, SENTILO -> true;
        default -> false;
      };
    }
  }

  /**
   * @param maxBytes of a payload, after decompression
   * @param maxKeyBytes of a text field; longer ones are cut and end in a hash
   * @param maxDepth of nested JSON
   * @param maxFields of a JSON document, columns of a CSV line
   * @param maxNameLength of a JSON field name, characters
   * @param maxStringLength of a JSON string, characters
   * @param maxNumberLength of a number, characters
   */
  public record Limits(
      int maxBytes,
      int maxKeyBytes,
      int maxDepth,
      int maxFields,
      int maxNameLength,
      int maxStringLength,
      int maxNumberLength)
      implements Serializable {

    public static final Limits DEFAULT = new Limits(1 << 20, 1024, 64, 1000, 1024, 1 << 20, 100);
  }

  /**
   * @param ndjson whether one payload may hold several documents
   */
  public record Json(boolean ndjson) implements Serializable {

    public static final Json DEFAULT = new Json(false);
  }

  /**
   * @param separator between columns
   * @param columns their names, or null when the first line of each file names them
   * @param multiline whether a quoted field may hold line ends
   */
  public record Csv(char separator, List<String> columns, boolean multiline)
      implements Serializable {

    public static final Csv DEFAULT = new Csv(',', null, false);
  }

  /**
   * @param separator between pairs; of blanks there may be several
   * @param assign between a name and its value
   */
  public record Pairs(char separator, char assign) implements Serializable {}

  /**
   * @param patterns of which the first that matches counts
   * @param definitions of further names, which patterns may use
   * @param timeoutMillis of one record
   */
  public record Grok(List<String> patterns, Map<String, String> definitions, long timeoutMillis)
      implements Serializable {}
}
