package dev.atalaya.capture.flow;

/** Why a datagram, or a part of one, gave no events. */
public enum RejectReason {
  /** A length or a count that what follows contradicts. */
  LENGTH("length"),
  /** No version of a protocol that is read here. */
  VERSION("version"),
  /** A template that cannot be meant, or a set of a reserved kind. */
  TEMPLATE("template"),
  /** Data whose template did not come in time. */
  NO_TEMPLATE("no-template"),
  /** A number beyond 2^63 - 1, as it is or multiplied by the sampling rate. */
  NUMBER_RANGE("number-range");

  private final String code;

  RejectReason(String code) {
    this.code = code;
  }

  /** As in dead letters and metrics. */
  public String code() {
    return code;
  }
}
