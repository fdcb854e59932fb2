package dev.atalaya.bench.job;

import java.io.Serializable;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/** Drops its input, and tells the {@link Probe} how many events it spoke of. */
final class TallySink<T> implements Sink<T> {

  /** How many events a result speaks of. */
  @FunctionalInterface
  interface EventsOf<T> extends Serializable {
    long events(T result);
  }

  private final EventsOf<T> eventsOf;
  private final int eventsPerLook;

  /** It tells when it flushes. */
  TallySink(EventsOf<T> eventsOf) {
    this(eventsOf, Integer.MAX_VALUE);
  }

  /**
   * @param eventsPerLook it also tells after so many events of a subtask
   */
  TallySink(EventsOf<T> eventsOf, int eventsPerLook) {
    this.eventsOf = eventsOf;
    this.eventsPerLook = eventsPerLook;
  }

  /** Abstract in Flink 1.20, gone in 2.x. */
  @Override
  @SuppressWarnings("deprecation")
  public SinkWriter<T> createWriter(InitContext context) {
    return new Writer();
  }

  @Override
  public SinkWriter<T> createWriter(WriterInitContext context) {
    return new Writer();
  }

  private final class Writer implements SinkWriter<T> {

    private long events;
    private long results;

    @Override
    public void write(T result, Context context) {
      events += eventsOf.events(result);
      results++;
      if (events >= eventsPerLook) {
        tell();
      }
    }

    @Override
    public void flush(boolean endOfInput) {
      tell();
    }

    private void tell() {
      Probe.counted(events, results);
      events = 0;
      results = 0;
    }

    @Override
    public void close() {}
  }
}
