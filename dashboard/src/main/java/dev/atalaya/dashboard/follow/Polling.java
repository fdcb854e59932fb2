package dev.atalaya.dashboard.follow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atalaya.dashboard.history.History;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A follower that asks its sink again and again, less often while that fails. */
abstract class Polling implements Follower {

  private static final Logger LOG = LoggerFactory.getLogger(Polling.class);

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final long MAX_PAUSE_MILLIS = 10_000;

  private static final long CLOSE_MILLIS = 5_000;

  private static final int MAX_BATCH = 1_000;

  /** Of JSON; as trees ten times as much. */
  private static final int MAX_BATCH_BYTES = 1 << 20;

  private final History history;
  private final String what;
  private final String where;
  private final long pauseMillis;
  private final Thread thread;
  private final CountDownLatch closing = new CountDownLatch(1);

  /** Of the one thread that polls. */
  private final List<JsonNode> batch = new ArrayList<>();

  private int batchBytes;

  private volatile Instant lastDocument;

  private volatile boolean wasRead;

  /** Null while the sink is well. */
  private volatile String failure;

  Polling(History history, String what, String where, long pauseMillis) {
    this.history = history;
    this.what = what;
    this.where = where;
    this.pauseMillis = pauseMillis;
    thread = new Thread(this::run, "follow-" + what);
    thread.setDaemon(true);
  }

  /**
   * Hands what has come since the last time to {@link #take}.
   *
   * @return whether there is more, to be asked for at once
   */
  abstract boolean poll() throws IOException;

  /** Lets connections go, at the end and after a failure; the next poll makes new ones. */
  abstract void disconnect();

  @Override
  public final void start() {
    thread.start();
  }

  private void run() {
    int failures = 0;
    while (!isClosing()) {
      long pause = 0;
      try {
        pause = poll() ? 0 : pauseMillis;
        if (failures > 0) {
          LOG.info("{} at {} can be read again", what, where);
        }
        failures = 0;
        failure = null;
        wasRead = true;
      } catch (Throwable e) { // else the thread would end, and the last state stay
        if (isClosing()) {
          break;
        }
        failure = e.getMessage() == null || e instanceof Error ? e.toString() : e.getMessage();
        if (failures++ == 0) {
          LOG.warn("{} at {} cannot be read; trying again: {}", what, where, failure);
        }
        letGo();
        pause = Math.min(pauseMillis << Math.min(failures, 10), MAX_PAUSE_MILLIS);
      }
      try {
        if (closing.await(pause, TimeUnit.MILLISECONDS)) {
          break;
        }
      } catch (InterruptedException e) {
        break; // by close, or by somebody who means the same
      }
    }
    // Else letting go would be interrupted, too.
    boolean unused = Thread.interrupted();
    letGo();
  }

  private void letGo() {
    try {
      disconnect();
    } catch (RuntimeException | Error e) {
      LOG.warn("The connections of {} at {} could not be closed: {}", what, where, e.toString());
    }
  }

  final boolean isClosing() {
    return closing.getCount() == 0;
  }

  final void take(Collection<JsonNode> documents) {
    if (!documents.isEmpty()) {
      history.add(documents);
      lastDocument = Instant.now();
    }
  }

  /** Takes the document that the bytes are, at the latest by {@link #flush}. */
  final void add(byte[] json) {
    JsonNode document = parse(json);
    if (document != null) {
      batch.add(document);
      batchBytes += json.length;
      if (batch.size() == MAX_BATCH || batchBytes >= MAX_BATCH_BYTES) {
        flush();
      }
    }
  }

  final void flush() {
    List<JsonNode> documents = List.copyOf(batch);
    batch.clear();
    batchBytes = 0;
    take(documents);
  }

  /** Null for what is no JSON, which is a stranger. */
  final JsonNode parse(byte[] json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      countStranger();
      return null;
    }
  }

  final void countStranger() {
    history.countStranger();
  }

  @Override
  public final State state() {
    String message = failure;
    return new State(what, where, wasRead && message == null, message, lastDocument);
  }

  @Override
  public final void close() {
    closing.countDown();
    thread.interrupt();
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The topics or aliases without those that are named twice. */
  static String listed(List<String> names) {
    return String.join(", ", names.stream().distinct().toList());
  }
}
