package dev.atalaya.job.decode;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

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
  RANGE,
  /** A record whose format took too long to read. */
  TIMEOUT,
  /** No payload but a gap: offsets that the broker removed before they were read. */
  LOST_OFFSETS,
  /** A message without the id that tells it from all others. */
  NO_ID,
  /** A message in which an MQTT broker tells of itself. */
  SYSTEM_TOPIC,
  /** No payload of the source but rules for the running job, which cannot be taken. */
  RULES_REFUSED,
  /** Of flow exports: a length or a count that what follows contradicts. */
  LENGTH,
  /** A datagram of no protocol of flow exports. */
  VERSION,
  /** A template of flow exports that cannot be meant. */
  TEMPLATE,
  /** Flows whose template did not come in time. */
  NO_TEMPLATE,
  /** A fault of the decoder itself, never of the payload. */
  INTERNAL;

  private static final Map<String, RejectReason> BY_LABEL =
      Arrays.stream(values()).collect(Collectors.toMap(RejectReason::label, reason -> reason));

  private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** For example {@code time-range}. */
  public String label() {
    return label;
  }

  /** The reason with this label, or null when there is none. */
  public static RejectReason of(String label) {
    return BY_LABEL.get(label);
  }
}
