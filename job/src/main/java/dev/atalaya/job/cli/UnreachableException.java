package dev.atalaya.job.cli;

/** Something outside that the job needs is not there. */
final class UnreachableException extends Exception {

  UnreachableException(String message) {
    super(message);
  }
}
