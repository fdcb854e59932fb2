package dev.atalaya.connectors.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.atalaya.connectors.Document;

/**
 * A document that is not stored yet.
 *
 * @param tries that reached the store and that the store failed at, for this document's own sake
 * @param failingSinceMillis the first of those by the wall clock, as far as this process knows; 0
 *     before it
 * @param bytes of the document as it is sent
 */
record Entry(Document document, int tries, long failingSinceMillis, long bytes) {

  /** Of the line that says where it goes, without names. */
  private static final int OVERHEAD = 100;

  static Entry of(Document document, int tries) {
    return new Entry(
        document,
        tries,
        0,
        (long) OVERHEAD + document.id().length() + document.json().getBytes(UTF_8).length);
  }

  Entry triedAgain(long nowMillis) {
    return new Entry(
        document, tries + 1, failingSinceMillis == 0 ? nowMillis : failingSinceMillis, bytes);
  }
}
