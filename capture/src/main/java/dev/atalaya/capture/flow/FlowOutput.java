package dev.atalaya.capture.flow;

import dev.atalaya.capture.FlowEvent;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * The listener of the datagram in hand, and all that is counted. Counts may be read by any thread.
 */
final class FlowOutput {

  private final Map<FlowCounter, LongAdder> counters = new EnumMap<>(FlowCounter.class);
  private final Map<RejectReason, LongAdder> rejected = new EnumMap<>(RejectReason.class);
  private final FlowEvent event = new FlowEvent();

  private FlowListener listener;

  FlowOutput() {
    for (FlowCounter counter : FlowCounter.values()) {
      counters.put(counter, new LongAdder());
    }
    for (RejectReason reason : RejectReason.values()) {
      rejected.put(reason, new LongAdder());
    }
  }

  void listener(FlowListener next) {
    listener = next;
  }

  /** The one event, to be filled and emitted. */
  FlowEvent event() {
    return event;
  }

  void emit() {
    counters.get(FlowCounter.EVENTS).increment();
    listener.flow(event);
  }

  void reject(
      InetAddress exporter,
      RejectReason reason,
      String detail,
      byte[] bytes,
      int offset,
      int length) {
    rejected.get(reason).increment();
    listener.rejected(exporter, reason, detail, bytes, offset, length);
  }

  void count(FlowCounter counter) {
    counters.get(counter).increment();
  }

  long counted(FlowCounter counter) {
    return counters.get(counter).sum();
  }

  long counted(RejectReason reason) {
    return rejected.get(reason).sum();
  }
}
