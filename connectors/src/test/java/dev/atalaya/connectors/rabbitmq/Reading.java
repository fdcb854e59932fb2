package dev.atalaya.connectors.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.functions.source.SourceFunction;
import org.apache.flink.streaming.api.operators.StreamSource;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.connectors.rabbitmq.RMQSource;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;

/** A source at work in a thread of its own, with checkpoints taken by hand. */
@SuppressWarnings("deprecation") // what the connector is built on
final class Reading implements AutoCloseable {

  private final RMQSource<String> source;
  private final AbstractStreamOperatorTestHarness<String> harness;
  private final Context context = new Context();
  private Thread thread;

  private Reading(RMQSource<String> source, boolean checkpoints) throws Exception {
    this.source = source;
    harness = new AbstractStreamOperatorTestHarness<>(new StreamSource<>(source), 1, 1, 0);
    harness.getStreamConfig().setCheckpointingEnabled(checkpoints);
    harness.getStreamConfig().serializeAllConfigs();
    harness.setup();
  }

  /**
   * @param state to go on from, or null to begin
   */
  static Reading start(RMQSource<String> source, OperatorSubtaskState state) throws Exception {
    Reading reading = new Reading(source, true);
    if (state == null) {
      reading.harness.initializeEmptyState();
    } else {
      reading.harness.initializeState(state);
    }
    reading.harness.open();
    reading.thread = new Thread(reading::run);
    reading.thread.start();
    return reading;
  }

  static void startWithoutCheckpoints(RMQSource<String> source) throws Exception {
    Reading reading = new Reading(source, false);
    reading.harness.initializeEmptyState();
    reading.harness.open();
  }

  private void run() {
    try {
      source.run(context);
    } catch (Exception e) {
      // Of no interest: the tests look at what was read and acknowledged.
    }
  }

  /** Waits until so many records have come, and gives all. */
  List<String> seen(int count) {
    await().atMost(Duration.ofSeconds(30)).until(() -> seen().size() >= count);
    return seen();
  }

  List<String> seen() {
    synchronized (context.lock) {
      return List.copyOf(context.records);
    }
  }

  /** Waits until the source has ended by itself. */
  void awaitEnd() throws InterruptedException {
    thread.join(30_000);
    assertThat(thread.isAlive()).isFalse();
  }

  OperatorSubtaskState snapshot(long checkpoint) throws Exception {
    synchronized (context.lock) {
      return harness.snapshot(checkpoint, checkpoint);
    }
  }

  void complete(long checkpoint) throws Exception {
    synchronized (context.lock) {
      harness.notifyOfCompletedCheckpoint(checkpoint);
    }
  }

  @Override
  public void close() {
    source.cancel();
    try {
      thread.join(30_000);
      harness.close();
    } catch (Exception e) {
      throw new IllegalStateException("the source did not close", e);
    }
  }

  private static final class Context implements SourceFunction.SourceContext<String> {

    private final Object lock = new Object();
    private final List<String> records = new ArrayList<>();

    @Override
    public void collect(String element) {
      records.add(element);
    }

    @Override
    public void collectWithTimestamp(String element, long timestamp) {
      collect(element);
    }

    @Override
    public void emitWatermark(Watermark mark) {}

    @Override
    public void markAsTemporarilyIdle() {}

    @Override
    public Object getCheckpointLock() {
      return lock;
    }

    @Override
    public void close() {}
  }
}
