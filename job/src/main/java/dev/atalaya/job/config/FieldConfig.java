package dev.atalaya.job.config;

import java.io.Serializable;

/**
 * How one field is found in a record and what it may hold.
 *
 * @param name what detectors call it
 * @param path where it is: a dotted path in JSON, a column in CSV, a part of a log line
 * @param type what its text must be
 * @param optional whether an event without it is passed over by detectors that need it, instead of
 *     rejected
 * @param allowEmpty whether the empty text is a value
 * @param nfc whether Unicode text is normalised to NFC
 */
public record FieldConfig(
    String name, String path, Type type, boolean optional, boolean allowEmpty, boolean nfc)
    implements Serializable {

  /** What the text of a field must be. */
  public enum Type {
    TEXT,
    /** An IP address, brought to its canonical form; anything else is rejected. */
    IP
  }

  /** A field that is not declared: found by its own name, any text. */
  public static FieldConfig named(String name) {
    return new FieldConfig(name, name, Type.TEXT, false, false, false);
  }
}
