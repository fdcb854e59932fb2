package dev.atalaya.capture.http;

/** A request is answered with a problem document (RFC 9457) instead of being taken. */
final class RefusedException extends Exception {

  final int status;

  /**
   * @param detail for whoever sent it, or null; shows nothing of what was sent
   */
  RefusedException(int status, String detail) {
    super(detail, null, false, false);
    this.status = status;
  }
}
