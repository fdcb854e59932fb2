package dev.atalaya.dashboard.history;

/** A document does not look like one of Atalaya's. */
final class Stranger extends Exception {

  private static final long serialVersionUID = 1;

  Stranger(String path) {
    // Without a stack trace: there may be many, and nobody reads it.
    super(path, null, false, false);
  }
}
