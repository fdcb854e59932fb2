package dev.atalaya.sketch;

/** Bytes that are not a summary, or not one of a known version, or a damaged one. */
public final class CorruptSummaryException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public CorruptSummaryException(String message) {
    super(message);
  }
}
