package dev.atalaya.capture.udp;

import java.io.Serializable;
import java.net.InetSocketAddress;

/**
 * Where datagrams are awaited, and what they are.
 *
 * @param address local; port 0 for any that is free
 * @param receiveBufferBytes asked of the kernel, which may give less ({@code net.core.rmem_max})
 * @param waitingBytes of datagrams that are received and not handed on yet; beyond it they are
 *     dropped and counted
 */
public record UdpSettings(
    InetSocketAddress address, Content content, int receiveBufferBytes, long waitingBytes)
    implements Serializable {

  public static final int DEFAULT_RECEIVE_BUFFER = 32 << 20;
  public static final long DEFAULT_WAITING = 64 << 20;

  /** What is in a datagram. */
  public enum Content {
    /** NetFlow v5 and v9, IPFIX, sFlow v5, all on one port if need be. */
    FLOWS,
    /** One line or message of text, such as syslog. */
    LINES
  }
}
