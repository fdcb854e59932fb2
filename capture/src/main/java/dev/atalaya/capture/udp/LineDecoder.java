package dev.atalaya.capture.udp;

import dev.atalaya.capture.RunIds;
import dev.atalaya.capture.publish.Outlet;
import dev.atalaya.capture.udp.DatagramQueue.Datagram;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * One datagram is one message, as syslog over UDP has it (RFC 5426): handed on as it came, without
 * the line ends and zero bytes that some senders put behind it.
 */
final class LineDecoder implements DatagramDecoder {

  private final Outlet outlet;
  private final RunIds ids = new RunIds();
  private final LongAdder empty = new LongAdder();

  LineDecoder(Outlet outlet) {
    this.outlet = outlet;
  }

  @Override
  public void decode(Datagram datagram) throws InterruptedException {
    byte[] bytes = datagram.bytes;
    int end = bytes.length;
    while (end > 0 && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r' || bytes[end - 1] == 0)) {
      end--;
    }
    if (end == 0) {
      empty.increment();
      return;
    }
    outlet.send(ids.next(), end == bytes.length ? bytes : Arrays.copyOf(bytes, end));
  }

  @Override
  public void addCounts(Map<String, Long> counts) {
    counts.put("empty", empty.sum());
  }
}
