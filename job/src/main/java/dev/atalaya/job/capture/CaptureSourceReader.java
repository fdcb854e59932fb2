package dev.atalaya.job.capture;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.atalaya.capture.Intake;
import dev.atalaya.connectors.Decoder;
import dev.atalaya.connectors.Origin;
import dev.atalaya.connectors.Payload;
import dev.atalaya.job.config.SourceConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/**
 * Hands on what comes in, and says to those who wait when a checkpoint has it. The ways in are open
 * from when it has its split until it is closed, or the process is told to end.
 *
 * <p>Used by the task's thread.
 */
final class CaptureSourceReader<T> implements SourceReader<T, CaptureSplit>, Origin {

  private static final CompletableFuture<Void> NOW = CompletableFuture.completedFuture(null);

  private final SourceConfig.Capture config;
  private final Decoder<T> decoder;
  private final MetricGroup metrics;
  private final Inbox inbox = new Inbox();
  private final Queue<Arrival> batch = new ArrayDeque<>();
  private final Map<Way, SourceOutput<T>> outputs = new HashMap<>();
  private final Payload payload = new Payload();

  /** Handed on since the last snapshot, and before it by checkpoint. */
  private List<Arrival> uncovered = new ArrayList<>();

  private final TreeMap<Long, List<Arrival>> covered = new TreeMap<>();

  private Progress progress;
  private Ways ways;
  private Thread hook;
  private boolean hasOwnOutputs;
  private Arrival decoded;
  private SourceOutput<T> output;

  CaptureSourceReader(SourceConfig.Capture config, Decoder<T> decoder, MetricGroup metrics) {
    this.config = config;
    this.decoder = decoder;
    this.metrics = metrics;
  }

  @Override
  public void start() {
    decoder.open();
  }

  @Override
  public void addSplits(List<CaptureSplit> splits) {
    progress = new Progress(splits.get(0).lastBytes());
    try {
      ways = Ways.open(config, inbox);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
    for (Intake intake : ways.intakes()) {
      MetricGroup group = metrics.addGroup("way", intake.name());
      for (String name : intake.counts().keySet()) {
        group.gauge(name, (Gauge<Long>) () -> intake.counts().get(name));
      }
    }
    // So that clients are told 503 and the follower keeps its positions.
    hook = new Thread(this::closeWays, "capture-end");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  @Override
  public void notifyNoMoreSplits() {}

  @Override
  public InputStatus pollNext(ReaderOutput<T> out) {
    if (ways != null && !hasOwnOutputs) {
      // Flink's for the split: nothing would ever come by it, and watermarks would wait for it.
      out.releaseOutputForSplit(CaptureSplit.ID);
      hasOwnOutputs = true;
    }
    if (batch.isEmpty()) {
      inbox.drainTo(batch);
    }
    Arrival arrival = batch.poll();
    if (arrival != null) {
      handOn(arrival, out);
    }
    return batch.isEmpty() ? InputStatus.NOTHING_AVAILABLE : InputStatus.MORE_AVAILABLE;
  }

  @Override
  public CompletableFuture<Void> isAvailable() {
    return batch.isEmpty() ? inbox.something() : NOW;
  }

  private void handOn(Arrival arrival, ReaderOutput<T> out) {
    Way way = arrival.way;
    byte[] bytes = way.handOn(arrival);
    if (arrival.settled.isCancelled()) {
      way.forget(arrival);
      return;
    }
    boolean isNew = !way.name().equals(Ways.FOLLOW) || progress.advance(arrival.id);
    if (isNew) {
      decode(arrival, bytes, out);
    }
    if (way.promise() == Way.Promise.CHECKPOINT) {
      uncovered.add(arrival);
    } else {
      way.confirm(arrival);
    }
  }

  private void decode(Arrival arrival, byte[] bytes, ReaderOutput<T> out) {
    decoded = arrival;
    output = outputs.computeIfAbsent(arrival.way, way -> out.createOutputForSplit(way.name()));
    payload.set(bytes, 0, bytes.length, this);
    payload.timestampMillis = arrival.receivedMillis;
    payload.fault = arrival.fault;
    payload.faultDetail = arrival.faultDetail;
    decoder.decode(payload, this::collect);
  }

  private void collect(T element) {
    output.collect(element, decoded.receivedMillis);
  }

  /** Whoever sends chooses the id, so it is escaped as in a URL. */
  @Override
  public String describe() {
    return decoded.way.name() + "@" + URLEncoder.encode(decoded.id, UTF_8);
  }

  @Override
  public List<CaptureSplit> snapshotState(long checkpointId) {
    if (progress == null) {
      return List.of();
    }
    covered.put(checkpointId, uncovered);
    uncovered = new ArrayList<>();
    return List.of(new CaptureSplit(progress.lastBytes()));
  }

  /** Also of earlier checkpoints, which may never have completed themselves. */
  @Override
  public void notifyCheckpointComplete(long checkpointId) {
    Map<Long, List<Arrival>> complete = covered.headMap(checkpointId, true);
    complete.values().forEach(arrivals -> arrivals.forEach(one -> one.way.confirm(one)));
    complete.clear();
  }

  @Override
  public void close() throws IOException {
    if (ways == null) {
      return;
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // the process ends, and the hook does it
    }
    ways.close();
  }

  private void closeWays() {
    try {
      ways.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
