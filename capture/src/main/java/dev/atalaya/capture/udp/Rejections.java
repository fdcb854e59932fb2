package dev.atalaya.capture.udp;

import dev.atalaya.capture.flow.RejectReason;
import java.net.InetAddress;

/** Takes datagrams, or parts of them, that gave no events. Called by a listener's own thread. */
@FunctionalInterface
public interface Rejections {

  /**
   * @param part what was rejected, the receiver's to keep
   */
  void rejected(InetAddress exporter, RejectReason reason, byte[] part);
}
