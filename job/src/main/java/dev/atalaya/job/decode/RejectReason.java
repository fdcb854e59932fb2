package dev.atalaya.job.decode;

import java.util.Locale;

/** Why a payload is no event. The kebab-case form is what metrics and dead letters show. */
public enum RejectReason {
  EMPTY,
  TOMBSTONE,
  ENCODING,
  CONTROL,
  OVERSIZE,
  INFLATE_LIMIT,
  COMPRESSION,
  SYNTAX,
  SHAPE,
  DEPTH,
  FIELDS,
  NAME_LENGTH,
  STRING_LENGTH,
  DUPLICATE_FIELD,
  NO_KEY,
  KEY_TYPE,
  NO_WEIGHT,
  NUMBER_RANGE,
  NUMBER_LENGTH,
  NUMBER_FORMAT,
  NEGATIVE,
  TYPE,
  NO_TIME,
  TIME_RANGE,
  TIME_FORMAT,
  COLUMNS,
  QUOTE,
  HEADER,
  FORMAT,
  IP,
  RANGE;

  private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** For example {@code time-range}. */
  public String label() {
    return label;
  }

  /** The reason with this label. */
  public static RejectReason of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
