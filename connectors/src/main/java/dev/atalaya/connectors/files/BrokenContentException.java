package dev.atalaya.connectors.files;

import java.io.IOException;

/** What comes next in a file cannot be what its format says, so that nothing more is read of it. */
public final class BrokenContentException extends IOException {

  private static final long serialVersionUID = 1L;

  private final String reason;

  /**
   * @param reason why, as a reject reason
   */
  public BrokenContentException(String reason, IOException cause) {
    super(cause.getMessage(), cause);
    this.reason = reason;
  }

  public String reason() {
    return reason;
  }
}
