package dev.atalaya.capture;

import dev.atalaya.capture.follow.CaptureFiles;
import dev.atalaya.capture.follow.FileFollower;
import dev.atalaya.capture.follow.StreamLines;
import dev.atalaya.capture.http.HttpListener;
import dev.atalaya.capture.publish.Publisher;
import dev.atalaya.capture.publish.QueuePublisher;
import dev.atalaya.capture.spool.SpoolingPublisher;
import dev.atalaya.capture.udp.UdpListener;
import dev.atalaya.capture.udp.UdpSettings;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * All ways in of one process, and the one way out of it. What listens or reads stops first, then
 * what passes on.
 *
 * <p>Thread-safe.
 */
public final class Capture implements AutoCloseable {

  private static final long FLUSH_MILLIS = 5_000;

  /** Closed from the first on: what was opened last, and behind all the spool. */
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  private final List<String> ways = Collections.synchronizedList(new ArrayList<>());
  private final List<Intake> intakes = Collections.synchronizedList(new ArrayList<>());
  private final Meters meters = new Meters();
  private final QueuePublisher queue;

  /** Null for none. */
  private SpoolingPublisher spool;

  private Capture(QueuePublisher queue) {
    this.queue = queue;
    parts.push(queue);
  }

  /**
   * Begins to capture.
   *
   * @throws IOException when an address or a folder cannot be used
   */
  public static Capture start(CaptureSettings settings) throws IOException {
    Capture capture = new Capture(settings.publish().open());
    try {
      capture.open(settings);
      return capture;
    } catch (IOException | RuntimeException e) {
      capture.close();
      throw e;
    }
  }

  private void open(CaptureSettings settings) throws IOException {
    meter("queue", queue);
    meters.gauge("queue_away", "1 while the queue is away.", () -> queue.isAway() ? 1 : 0);
    Publisher publisher = queue;
    if (settings.spool() != null) {
      spool = new SpoolingPublisher(settings.spool(), queue);
      // Behind the queue: what that has not passed on is kept there.
      parts.addLast(spool);
      meter("spool", spool);
      meters.gauge("spool_bytes", "On disk, waiting for the queue.", spool::storedBytes);
      meters.counter("spool_lost", "Events of the disk that the queue refused.", spool::lost);
      publisher = spool;
    }
    if (settings.http() != null) {
      // Past the spool: an answer 200 means that the queue has it.
      HttpListener http = HttpListener.start(settings.http(), queue, meters);
      parts.push(http);
      ways.add("http " + http.uri());
    }
    openStreams(settings.streams(), publisher);
  }

  /** The ways in that send without waiting for an answer, or are read. */
  private void openStreams(StreamSettings settings, Publisher publisher) throws IOException {
    for (UdpSettings udp : settings.udp()) {
      open("udp", new UdpListener(udp, publisher));
    }
    if (settings.follow() != null) {
      open("follow", new FileFollower(settings.follow(), publisher));
    }
    if (settings.pcap() != null) {
      open("pcap", new CaptureFiles(settings.pcap(), publisher));
    }
    if (settings.stdin() != null && settings.stdin().isPcap()) {
      open("stdin", new CaptureFiles("stdin", System.in, publisher));
    }
    if (settings.stdin() != null && !settings.stdin().isPcap()) {
      int maxLineBytes = settings.stdin().maxLineBytes();
      open("stdin", new StreamLines("stdin", System.in, maxLineBytes, publisher));
    }
  }

  private void open(String kind, Intake intake) throws IOException {
    intake.start();
    parts.push(intake);
    intakes.add(intake);
    ways.add(intake.name());
    meters.intake(kind, intake);
  }

  private void meter(String name, Publisher publisher) {
    meters.counter(
        name + "_events_published", "Events taken.", () -> publisher.counts().published());
    meters.counter(
        name + "_events_confirmed", "Events kept.", () -> publisher.counts().confirmed());
    meters.counter(name + "_events_failed", "Events refused.", () -> publisher.counts().failed());
    meters.gauge(
        name + "_events_unconfirmed",
        "Events on their way.",
        () -> publisher.counts().unconfirmed());
  }

  /** Completed when the queue was there for the first time; fails when it refused. */
  public CompletableFuture<Void> connected() {
    return queue.connected();
  }

  /** What is open, each with its address, for people. */
  public List<String> ways() {
    return List.copyOf(ways);
  }

  /** Whether nothing more can come in, as after the last of some files, and the queue has all. */
  public boolean isDone() {
    return intakes.size() == ways.size()
        && intakes.stream().allMatch(Intake::isDone)
        && (spool == null || spool.storedBytes() == 0)
        && queue.counts().unconfirmed() == 0;
  }

  /** Of what went to the queue. */
  public Publisher.Counts counts() {
    return queue.counts();
  }

  /** Why the queue is away, in a sentence; null when it is not. */
  public String awayBecause() {
    return queue.awayBecause();
  }

  /** Waits some seconds for what the queue has not confirmed. */
  @Override
  public synchronized void close() {
    IllegalStateException failure = null;
    while (!parts.isEmpty()) {
      try {
        AutoCloseable part = parts.pop();
        if (part == queue) {
          queue.flush(queue.isAway() ? 0 : FLUSH_MILLIS);
        }
        part.close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception e) {
        // The others have to be closed all the same.
        failure = failure == null ? new IllegalStateException(e) : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
