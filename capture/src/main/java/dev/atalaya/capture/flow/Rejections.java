package dev.atalaya.capture.flow;

import java.net.InetAddress;

/** Takes datagrams, or parts of them, that gave no events. Called by the thread that decodes. */
@FunctionalInterface
public interface Rejections {

  /**
   * @param detail one sentence for people
   * @param part what was rejected, the receiver's to keep
   */
  void rejected(InetAddress exporter, RejectReason reason, String detail, byte[] part);
}
