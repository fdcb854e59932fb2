package dev.atalaya.capture.udp;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Datagrams between the thread that receives and the thread that decodes, bounded in bytes. The
 * kernel's buffer is small and shared: what waits there is lost at the first pause.
 *
 * <p>Thread-safe.
 */
final class DatagramQueue {

  /** What a datagram takes beside its bytes, about. */
  private static final int OVERHEAD = 80;

  /** One datagram. */
  static final class Datagram {
    final InetAddress sender;
    final byte[] bytes;
    final long receivedMillis;

    Datagram(InetAddress sender, byte[] bytes, long receivedMillis) {
      this.sender = sender;
      this.bytes = bytes;
      this.receivedMillis = receivedMillis;
    }
  }

  private final long maxBytes;
  private final Deque<Datagram> waiting = new ArrayDeque<>();
  private long bytes;
  private boolean closed;

  DatagramQueue(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Takes a datagram; false when there is no room. */
  synchronized boolean offer(Datagram datagram) {
    long size = (long) datagram.bytes.length + OVERHEAD;
    if (closed || bytes + size > maxBytes) {
      return false;
    }
    bytes += size;
    waiting.add(datagram);
    notifyAll();
    return true;
  }

  /** The next datagram, waited for; null when the queue is closed and empty. */
  synchronized Datagram take() throws InterruptedException {
    while (waiting.isEmpty() && !closed) {
      wait();
    }
    Datagram next = waiting.poll();
    if (next != null) {
      bytes -= (long) next.bytes.length + OVERHEAD;
    }
    return next;
  }

  synchronized int size() {
    return waiting.size();
  }

  /** Takes no more; what is there can still be taken out. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }
}
