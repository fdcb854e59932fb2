package dev.atalaya.capture.pcap;

import java.io.IOException;

/** A capture file whose next bytes cannot be what their format says. What was read before stays. */
public final class MalformedCaptureException extends IOException {

  private static final long serialVersionUID = 1L;

  MalformedCaptureException(String message) {
    super(message);
  }
}
