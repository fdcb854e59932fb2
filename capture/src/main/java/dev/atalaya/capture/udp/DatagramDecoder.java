package dev.atalaya.capture.udp;

import dev.atalaya.capture.udp.DatagramQueue.Datagram;
import java.util.Map;

/**
 * Makes events of datagrams and hands them on. Used by one thread; its counts are for any thread.
 */
interface DatagramDecoder {

  /**
   * Takes one datagram; waits while there is no room for what is in it.
   *
   * @throws InterruptedException when it should end
   */
  void decode(Datagram datagram) throws InterruptedException;

  void addCounts(Map<String, Long> counts);

  /** Gives up what waits for other datagrams. */
  default void close() {}
}
