package dev.atalaya.capture.flow;

import dev.atalaya.capture.EventJson;
import dev.atalaya.capture.FlowEvent;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The flows of exports, each as JSON. Of what is rejected, one in a minute is told for each reason,
 * with its first bytes in hexadecimal digits; all of it is counted.
 *
 * <p>Memory is that of a {@link FlowExportDecoder}. Not thread-safe; counts are for any thread.
 */
public final class FlowEvents {

  private static final Logger LOG = LoggerFactory.getLogger(FlowEvents.class);
  private static final int TOLD_BYTES = 64;
  private static final long TELL_NANOS = 60_000_000_000L;

  private final FlowExportDecoder decoder = new FlowExportDecoder();
  private final EventJson json = new EventJson();
  private final Map<RejectReason, Long> told = new EnumMap<>(RejectReason.class);
  private final FlowListener listener = new Listener();
  private final Rejections rejections;
  private Sink sink;
  private InterruptedException interrupted;

  public FlowEvents() {
    this((exporter, reason, detail, part) -> {});
  }

  /**
   * @param rejections gets what is rejected, besides
   */
  public FlowEvents(Rejections rejections) {
    this.rejections = rejections;
  }

  /** Takes events, and may wait with each. */
  @FunctionalInterface
  public interface Sink {
    void take(byte[] event) throws InterruptedException;
  }

  /**
   * Hands on the events of one datagram, and of what waited for the templates in it, one by one:
   * all of them may take a hundred times the memory of the datagrams.
   *
   * @throws InterruptedException of the sink; what comes behind is dropped
   */
  public void decode(
      InetAddress exporter, byte[] bytes, int offset, int length, long receivedMillis, Sink to)
      throws InterruptedException {
    sink = to;
    interrupted = null;
    decoder.decode(exporter, bytes, offset, length, receivedMillis, listener);
    if (interrupted != null) {
      throw interrupted;
    }
  }

  /** Adds what was counted. */
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

  /** Rejects what still waits for a template. */
  public void close() {
    decoder.close(listener);
  }

  private final class Listener implements FlowListener {

    @Override
    public void flow(FlowEvent event) {
      if (interrupted != null) {
        return;
      }
      try {
        sink.take(json.write(event).toBytes());
      } catch (InterruptedException e) {
        interrupted = e;
      }
    }

    @Override
    public void rejected(
        InetAddress exporter,
        RejectReason reason,
        String detail,
        byte[] bytes,
        int offset,
        int length) {
      byte[] part = Arrays.copyOfRange(bytes, offset, offset + length);
      rejections.rejected(exporter, reason, detail, part);
      long now = System.nanoTime();
      Long before = told.get(reason);
      if (before != null && now - before < TELL_NANOS) {
        return;
      }
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
}
