package dev.atalaya.capture.udp;

import dev.atalaya.capture.RunIds;
import dev.atalaya.capture.flow.FlowEvents;
import dev.atalaya.capture.flow.Rejections;
import dev.atalaya.capture.publish.Outlet;
import dev.atalaya.capture.udp.DatagramQueue.Datagram;
import java.util.Map;

/** The flows of exports, each as one event. */
final class FlowDecoder implements DatagramDecoder {

  private final Outlet outlet;
  private final FlowEvents flows;
  private final RunIds ids = new RunIds();

  FlowDecoder(Outlet outlet, Rejections rejections) {
    this.outlet = outlet;
    flows = new FlowEvents(rejections);
  }

  @Override
  public void decode(Datagram datagram) throws InterruptedException {
    byte[] bytes = datagram.bytes;
    flows.decode(
        datagram.sender,
        bytes,
        0,
        bytes.length,
        datagram.receivedMillis,
        event -> outlet.send(ids.next(), event));
  }

  @Override
  public void addCounts(Map<String, Long> counts) {
    flows.addCounts(counts);
  }

  @Override
  public void close() {
    flows.close();
  }
}
