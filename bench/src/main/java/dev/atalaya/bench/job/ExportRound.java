package dev.atalaya.bench.job;

import dev.atalaya.bench.job.Turns.Pass;
import dev.atalaya.bench.job.Turns.Size;
import dev.atalaya.capture.EventJson;
import dev.atalaya.capture.FlowEvent;
import dev.atalaya.capture.flow.FlowExportDecoder;
import dev.atalaya.capture.flow.FlowListener;
import dev.atalaya.capture.flow.RejectReason;
import java.io.IOException;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Decodes datagrams of one protocol in this process. */
final class ExportRound {

  private enum Work {
    /** To events, which nobody looks at. */
    DECODE,
    /** To the JSON that capture puts into a queue. */
    JSON
  }

  private ExportRound() {}

  /** Argument: variant. */
  public static void main(String[] args) throws IOException {
    Fork.answer(run(ExportVariant.valueOf(args[0]), Size.FULL).line());
  }

  static Rates run(ExportVariant variant, Size size) throws IOException {
    List<byte[]> datagrams = variant.datagrams(Flows.get(), size.records());
    int records = datagrams.size() * variant.flowsPerDatagram;
    Map<Work, Pass> passes = new EnumMap<>(Work.class);
    for (Work work : Work.values()) {
      Counter counter = new Counter(work == Work.JSON ? new EventJson() : null);
      FlowExportDecoder decoder = new FlowExportDecoder();
      passes.put(work, () -> pass(variant, decoder, datagrams, counter));
    }
    Size whole = new Size(records, size.warmUpMillis(), size.rounds(), size.roundMillis());
    long bytes = datagrams.stream().mapToLong(datagram -> datagram.length).sum();
    return Rates.of(
        (double) bytes / records,
        Turns.measure(Work.class, passes, whole),
        Work.DECODE,
        List.of(Work.JSON));
  }

  private static long pass(
      ExportVariant variant, FlowExportDecoder decoder, List<byte[]> datagrams, Counter counter) {
    InetAddress exporter = InetAddress.getLoopbackAddress();
    counter.flows = 0;
    byte[] template = variant.template();
    if (template != null) {
      decoder.decode(exporter, template, 0, template.length, Flows.START_MILLIS, counter);
    }
    for (byte[] datagram : datagrams) {
      decoder.decode(exporter, datagram, 0, datagram.length, Flows.START_MILLIS, counter);
    }
    if (counter.flows != (long) datagrams.size() * variant.flowsPerDatagram) {
      throw new IllegalStateException(variant + " gave " + counter.flows + " flows");
    }
    return counter.written;
  }

  /** Counts flows, and writes them if it is to. */
  private static final class Counter implements FlowListener {
    private final EventJson json;
    private long flows;
    private long written;

    Counter(EventJson json) {
      this.json = json;
    }

    @Override
    public void flow(FlowEvent event) {
      flows++;
      if (json != null) {
        written += json.write(event).toBytes().length;
      }
    }

    @Override
    public void rejected(
        InetAddress exporter, RejectReason reason, String detail, byte[] bytes, int from, int n) {
      throw new IllegalStateException(reason + ": " + detail);
    }
  }
}
