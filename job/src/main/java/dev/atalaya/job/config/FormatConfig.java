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
 * @param csv what only CSV has
 */
public record FormatConfig(
    Kind kind,
    Map<String, FieldConfig> fields,
    String charset,
    boolean gzip,
    Limits limits,
    boolean lenient,
    Json json,
    Csv csv)
    implements Serializable {

  /** The formats, named as in the configuration in kebab-case. */
  public enum Kind {
    JSON,
    CSV,
    LINES,
    COMBINED_LOG
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
}
