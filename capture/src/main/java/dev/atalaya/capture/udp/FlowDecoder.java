package dev.atalaya.capture.udp;

import dev.atalaya.capture.EventJson;
import dev.atalaya.capture.FlowEvent;
import dev.atalaya.capture.RunIds;
import dev.atalaya.capture.flow.FlowCounter;
import dev.atalaya.capture.flow.FlowExportDecoder;
import dev.atalaya.capture.flow.FlowListener;
import dev.atalaya.capture.flow.RejectReason;
import dev.atalaya.capture.publish.Outlet;
import dev.atalaya.capture.udp.DatagramQueue.Datagram;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The flows of exports, each as one event. Of what is rejected, one in a minute is told for each
 * reason, with its first bytes in hexadecimal digits; all of it is counted.
 */
final class FlowDecoder implements DatagramDecoder, FlowListener {

  private static final Logger LOG = LoggerFactory.getLogger(FlowDecoder.class);
  private static final int TOLD_BYTES = 64;
  private static final long TELL_MILLIS = 60_000;

  private final Outlet outlet;
  private final Rejections rejections;
  private final FlowExportDecoder decoder = new FlowExportDecoder();
  private final EventJson json = new EventJson();
  private final RunIds ids = new RunIds();
  private final List<byte[]> events = new ArrayList<>();
  private final Map<RejectReason, Long> told = new EnumMap<>(RejectReason.class);

  FlowDecoder(Outlet outlet, Rejections rejections) {
    this.outlet = outlet;
    this.rejections = rejections;
  }

  @Override
  public void decode(Datagram datagram) throws InterruptedException {
    events.clear();
    decoder.decode(
        datagram.sender, datagram.bytes, 0, datagram.bytes.length, datagram.receivedMillis, this);
    for (byte[] event : events) {
      outlet.send(ids.next(), event);
    }
  }

  @Override
  public void flow(FlowEvent event) {
    events.add(json.write(event).toBytes());
  }

  @Override
  public void rejected(
      InetAddress exporter,
      RejectReason reason,
      String detail,
      byte[] bytes,
      int offset,
      int length) {
    rejections.rejected(exporter, reason, Arrays.copyOfRange(bytes, offset, offset + length));
    long now = System.currentTimeMillis();
    Long before = told.get(reason);
    if (before == null || now - before >= TELL_MILLIS) {
      told.put(reason, now);
      int shown = Math.min(length, TOLD_BYTES);
      LOG.warn(
          "rejected from {}: {}: {}: {}{}",
          exporter.getHostAddress(),
          reason.code(),
          detail,
          HexFormat.of().formatHex(bytes, offset, offset + shown),
          shown < length ? "... (" + length + " bytes)" : "");
    }
  }

  @Override
  public void addCounts(Map<String, Long> counts) {
    for (FlowCounter counter : FlowCounter.values()) {
      if (counter != FlowCounter.DATAGRAMS) {
        counts.put(counter.code(), decoder.count(counter));
      }
    }
    for (RejectReason reason : RejectReason.values()) {
      counts.put("rejected_" + reason.code().replace('-', '_'), decoder.count(reason));
    }
  }

  @Override
  public void close() {
    decoder.close(this);
  }
}
