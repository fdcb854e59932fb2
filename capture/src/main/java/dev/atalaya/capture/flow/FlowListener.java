package dev.atalaya.capture.flow;

import dev.atalaya.capture.FlowEvent;
import java.net.InetAddress;

/** Takes what a {@link FlowExportDecoder} makes of datagrams. */
public interface FlowListener {

  /**
   * One event of traffic.
   *
   * @param event good until this returns
   */
  void flow(FlowEvent event);

  /**
   * A datagram, a set or a record that gave no events.
   *
   * @param detail one sentence for people
   * @param bytes whose part from {@code offset} is refused; good until this returns
   */
  void rejected(
      InetAddress exporter,
      RejectReason reason,
      String detail,
      byte[] bytes,
      int offset,
      int length);
}
