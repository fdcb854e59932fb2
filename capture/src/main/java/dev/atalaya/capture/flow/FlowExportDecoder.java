package dev.atalaya.capture.flow;

import static dev.atalaya.capture.BigEndian.u16;

import java.net.InetAddress;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Turns datagrams of NetFlow v5, NetFlow v9, IPFIX and sFlow v5 into events, all of them on one
 * port when need be: the first bytes tell which it is. Never throws on content.
 *
 * <p>Memory: for each exporter up to 1,024 templates, and up to 1,000 sets of data that came before
 * their template, 1 MiB each; up to {@link #MAX_EXPORTERS} exporters and {@link #MAX_BYTES} bytes
 * in all. What was not used for longest goes first: sender addresses can be made up.
 *
 * <p>Bytes and packets are multiplied by the sampling rate that the exporter tells, in the record,
 * the datagram or its options.
 *
 * <p>Not thread-safe; what it has counted may be read by any thread.
 *
 * <p>Source: RFC 3954, RFC 5103, RFC 5477, RFC 7011; sFlow version 5 (sflow.org); Cisco's
 * description of the NetFlow v5 datagram.
 */
public final class FlowExportDecoder {

  public static final int MAX_EXPORTERS = 1_024;
  public static final long MAX_BYTES = 128L << 20;

  private final FlowOutput out = new FlowOutput();
  private final NetflowV5 netflowV5 = new NetflowV5(out);
  private final TemplatedFlows templated = new TemplatedFlows(out);
  private final SflowV5 sflow = new SflowV5(out);
  private final Map<InetAddress, Exporter> exporters = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /**
   * Decodes one datagram.
   *
   * @param exporter who sent it
   * @param receivedMillis when it came, ms since the epoch: the time of what tells none
   */
  public void decode(
      InetAddress exporter,
      byte[] datagram,
      int offset,
      int length,
      long receivedMillis,
      FlowListener listener) {
    out.listener(listener);
    out.count(FlowCounter.DATAGRAMS);
    if (length < 4) {
      out.reject(exporter, RejectReason.LENGTH, "shorter than any head", datagram, offset, length);
      return;
    }
    int version = u16(datagram, offset);
    boolean isSflow = version == 0 && u16(datagram, offset + 2) == SflowV5.VERSION;
    if (!isSflow
        && version != NetflowV5.VERSION
        && version != TemplatedFlows.V9
        && version != TemplatedFlows.IPFIX) {
      out.reject(
          exporter,
          RejectReason.VERSION,
          "neither NetFlow v5 or v9, nor IPFIX, nor sFlow v5: version " + version,
          datagram,
          offset,
          length);
      return;
    }
    Exporter known = exporters.get(exporter);
    long before = known == null ? 0 : known.bytes();
    if (known == null) {
      known = new Exporter(exporter, out);
      exporters.put(exporter, known);
    }
    if (isSflow) {
      sflow.decode(known, datagram, offset, length, receivedMillis);
    } else if (version == NetflowV5.VERSION) {
      netflowV5.decode(known, datagram, offset, length, receivedMillis);
    } else {
      templated.decode(known, datagram, offset, length, receivedMillis);
    }
    bytes += known.bytes() - before;
    evict();
  }

  /** Rejects what still waits for a template, and forgets all exporters. */
  public void close(FlowListener listener) {
    out.listener(listener);
    exporters.values().forEach(Exporter::close);
    exporters.clear();
    bytes = 0;
  }

  public long count(FlowCounter counter) {
    return out.counted(counter);
  }

  /** How many datagrams, sets and records were rejected. */
  public long count(RejectReason reason) {
    return out.counted(reason);
  }

  /** What is remembered of all exporters, about. */
  long bytes() {
    return bytes;
  }

  private void evict() {
    while (exporters.size() > MAX_EXPORTERS || (bytes > MAX_BYTES && exporters.size() > 1)) {
      Iterator<Exporter> oldest = exporters.values().iterator();
      Exporter exporter = oldest.next();
      oldest.remove();
      bytes -= exporter.bytes();
      exporter.close();
      out.count(FlowCounter.EXPORTERS_EVICTED);
    }
  }
}
