package dev.atalaya.capture.publish;

/** An event will not be published; whoever sent it must keep it, send it again, or count it. */
public final class PublishRefusedException extends Exception {

  /** Why. */
  public enum Reason {
    /** Too much is not confirmed yet; later there may be room. */
    FULL,
    /** The broker will not take this event, or nothing from us; waiting changes nothing. */
    REFUSED,
    /** The publisher was closed. */
    CLOSED
  }

  private final Reason reason;

  /**
   * @param cause or null
   */
  public PublishRefusedException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
