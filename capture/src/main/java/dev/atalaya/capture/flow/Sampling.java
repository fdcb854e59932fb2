package dev.atalaya.capture.flow;

import dev.atalaya.capture.FlowEvent;

/** From what was counted to what there was. */
final class Sampling {

  private Sampling() {}

  /** One of so many, rounded; at least 1. */
  static long rate(long population, long sampled) {
    return Math.max(1, Math.round((double) population / sampled));
  }

  /**
   * Sets bytes and packets of an event, multiplied by the rate, and the rate when it is above 1.
   *
   * @param bytes negative when not known, and so packets
   * @return false when a product is above 2^63 - 1
   */
  static boolean apply(FlowEvent event, long rate, long bytes, long packets) {
    if (rate > 1) {
      if (bytes > Long.MAX_VALUE / rate || packets > Long.MAX_VALUE / rate) {
        return false;
      }
      event.set(FlowEvent.SAMPLING, rate);
    }
    event.set(FlowEvent.BYTES, bytes < 0 ? FlowEvent.ABSENT : bytes * rate);
    event.set(FlowEvent.PACKETS, packets < 0 ? FlowEvent.ABSENT : packets * rate);
    return true;
  }
}
