package dev.atalaya.dashboard.server;

/** A request that is answered with an error. Its text is never part of the answer. */
final class RefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  final int status;

  /**
   * @param status 400 to 599
   */
  RefusedException(int status) {
    super("HTTP " + status, null, false, false);
    this.status = status;
  }

  static RefusedException badRequest() {
    return new RefusedException(400);
  }

  static RefusedException notFound() {
    return new RefusedException(404);
  }
}
