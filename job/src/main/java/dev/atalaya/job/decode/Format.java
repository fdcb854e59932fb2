package dev.atalaya.job.decode;

import dev.atalaya.connectors.Payload;

/**
 * One format: finds the planned fields in bytes that are valid UTF-8.
 *
 * <p>Not thread-safe.
 */
interface Format {

  /** Called for each payload before it is read. */
  default void begin(Payload payload) {}

  /**
   * Reads the record that is {@code from} to {@code end}, without a line end behind it, into {@code
   * event}, which learns of any fault.
   */
  void read(byte[] bytes, int from, int end, EventBuilder event);

  /**
   * A name in this record that is {@code path} but for upper and lower case, or null. Asked only
   * when the field is missing.
   */
  default String similarName(byte[] bytes, int from, int end, String path) {
    return null;
  }
}
