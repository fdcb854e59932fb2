package dev.atalaya.capture.spool;

import dev.atalaya.capture.publish.PublishRefusedException;
import dev.atalaya.capture.publish.PublishRefusedException.Reason;
import dev.atalaya.capture.publish.Publisher;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes to the queue, and on disk while the queue is away or full or has not taken yet what is
 * on disk. An event is kept when the queue has confirmed it, or when it is on the disk; what is
 * there is published when the queue is back, oldest first, by this process or the next one with the
 * same folder.
 *
 * <p>What was handed to the queue just before it went away waits in memory, and is lost with the
 * process: its futures are not completed. What comes from disk may be published again after the
 * process was killed, up to {@value #SEGMENT_BYTES} bytes of it, with the same ids.
 */
public final class SpoolingPublisher implements Publisher {

  /** One file. Small, since it is read whole and published again whole. */
  static final int SEGMENT_BYTES = 4 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(SpoolingPublisher.class);

  private static final int MAX_BATCH = 10_000;

  /** Of what waits for the disk, in memory. */
  private static final long MAX_WAITING_BYTES = 16L << 20;

  private static final long LOOK_MILLIS = 100;
  private static final long CLOSE_MILLIS = 10_000;

  private record Waiting(Segment.Stored stored, CompletableFuture<Void> done) {}

  /**
   * A file that is written no more.
   *
   * @param bytes that it counts for
   */
  private record Finished(Path file, long bytes) {}

  private final Publisher queue;
  private final long maxBytes;
  private final SpoolFolder folder;
  private final LinkedBlockingQueue<Waiting> waiting = new LinkedBlockingQueue<>();
  private final Thread storer = new Thread(this::store, "spool-store");
  private final Thread drainer = new Thread(this::drain, "spool-drain");
  private final LongAdder published = new LongAdder();
  private final LongAdder confirmed = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder lost = new LongAdder();

  // Guarded by this.
  private final Deque<Finished> finished = new ArrayDeque<>();
  private long bytes;
  private long waitingBytes;
  private boolean isFirstWanted;
  private boolean closed;

  /**
   * @param queue is not closed with this
   * @throws IOException when the folder cannot be used
   */
  public SpoolingPublisher(SpoolSettings settings, Publisher queue) throws IOException {
    this.queue = queue;
    maxBytes = settings.maxBytes();
    folder = new SpoolFolder(settings.directory());
    for (Path segment : folder.segments()) {
      Finished one = new Finished(segment, Files.size(segment));
      finished.add(one);
      bytes += one.bytes();
    }
    if (!finished.isEmpty()) {
      LOG.info("{} bytes of an earlier run wait in {}", bytes, settings.directory());
    }
    for (Thread thread : List.of(storer, drainer)) {
      thread.setDaemon(true);
      thread.start();
    }
  }

  @Override
  public CompletableFuture<Void> publish(String id, byte[] event) {
    CompletableFuture<Void> done = null;
    if (storedBytes() == 0 && !queue.isAway()) {
      done = queue.publish(id, event);
      done = isRefusedAsFull(done) ? null : done;
    }
    if (done == null) {
      done = store(id, event);
    }
    if (isRefusedAsFull(done)) {
      return done;
    }
    published.increment();
    CompletableFuture<Void> unused =
        done.whenComplete((nothing, failure) -> (failure == null ? confirmed : failed).increment());
    return done;
  }

  private CompletableFuture<Void> store(String id, byte[] event) {
    if (id.getBytes(StandardCharsets.UTF_8).length > MAX_ID_BYTES || event.length > SEGMENT_BYTES) {
      return refused(Reason.REFUSED, "the event or its id is too large", null);
    }
    Waiting one = new Waiting(new Segment.Stored(id, event), new CompletableFuture<>());
    synchronized (this) {
      if (closed) {
        return refused(Reason.CLOSED, "the spool is closed", null);
      }
      if (isFull()) {
        return refused(Reason.FULL, "the spool is full", null);
      }
      bytes += one.stored.bytes();
      waitingBytes += one.stored.bytes();
      waiting.add(one);
    }
    return one.done;
  }

  private static CompletableFuture<Void> refused(Reason reason, String why, Throwable cause) {
    return CompletableFuture.failedFuture(new PublishRefusedException(reason, why, cause));
  }

  private static boolean isRefusedAsFull(CompletableFuture<Void> done) {
    if (!done.isCompletedExceptionally()) {
      return false;
    }
    try {
      done.join();
      return false;
    } catch (CompletionException e) {
      return e.getCause() instanceof PublishRefusedException refused
          && refused.reason() == Reason.FULL;
    }
  }

  @Override
  public synchronized boolean isFull() {
    return bytes >= maxBytes || waitingBytes >= MAX_WAITING_BYTES;
  }

  @Override
  public synchronized boolean awaitRoom(long millis) throws InterruptedException {
    long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (isFull() && !closed) {
      long left = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return !closed;
  }

  /** Not while there is room on disk. */
  @Override
  public boolean isAway() {
    return queue.isAway() && isFull();
  }

  /** Here an event is confirmed when it is kept, be it on disk. */
  @Override
  public Counts counts() {
    long taken = published.sum();
    long kept = confirmed.sum();
    long notKept = failed.sum();
    return new Counts(taken, kept, notKept, Math.max(0, taken - kept - notKept));
  }

  /** Of what is on disk, or on its way there. */
  public synchronized long storedBytes() {
    return bytes;
  }

  /** Events that were on disk and that the queue refused for good. */
  public long lost() {
    return lost.sum();
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      storer.join(CLOSE_MILLIS);
      drainer.interrupt();
      drainer.join(CLOSE_MILLIS);
      folder.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.warn("The lock of the spool could not be given back: {}", e.toString());
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  /** Writes what waits, many events at once. */
  private void store() {
    Path file = null;
    Segment segment = null;
    try {
      while (true) {
        List<Waiting> batch = nextBatch();
        if (batch.isEmpty() && isClosed()) {
          break;
        }
        if (!batch.isEmpty()) {
          try {
            if (segment == null) {
              file = folder.next();
              segment = Segment.create(file);
              free(-segment.bytes());
              folder.sync();
            }
            segment.append(batch.stream().map(Waiting::stored).toList());
            batch.forEach(one -> one.done.complete(null));
          } catch (IOException e) {
            // The next batch tries another file: half a batch may be in this one.
            LOG.error("Events could not be stored in {}: {}", file, e.toString());
            fail(batch, e);
            segment = finish(file, segment);
          }
        }
        if (segment != null && (segment.bytes() >= SEGMENT_BYTES || isFirstWanted())) {
          segment = finish(file, segment);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (segment != null) {
      finish(file, segment);
    }
  }

  private List<Waiting> nextBatch() throws InterruptedException {
    List<Waiting> batch = new ArrayList<>();
    Waiting first = waiting.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    int size = 0;
    for (Waiting one = first; one != null; one = waiting.poll()) {
      batch.add(one);
      size += one.stored.bytes();
      if (size >= SEGMENT_BYTES || batch.size() >= MAX_BATCH) {
        break;
      }
    }
    synchronized (this) {
      waitingBytes -= size;
      notifyAll();
    }
    return batch;
  }

  private void fail(List<Waiting> batch, IOException failure) {
    free(batch.stream().mapToLong(one -> one.stored.bytes()).sum());
    for (Waiting one : batch) {
      one.done.completeExceptionally(
          new PublishRefusedException(Reason.REFUSED, "the disk refused it", failure));
    }
  }

  /** Hands a file to the thread that drains. */
  private Segment finish(Path file, Segment segment) {
    if (segment != null) {
      try {
        segment.close();
      } catch (IOException e) {
        LOG.warn("{} could not be closed: {}", file, e.toString());
      }
      synchronized (this) {
        finished.add(new Finished(file, segment.bytes()));
        isFirstWanted = false;
        notifyAll();
      }
    }
    return null;
  }

  private synchronized boolean isFirstWanted() {
    return isFirstWanted;
  }

  private synchronized void free(long freed) {
    bytes -= freed;
    notifyAll();
  }

  /** Publishes what is on disk whenever the queue is there. */
  private void drain() {
    try {
      while (!isClosed()) {
        Finished oldest = queue.isAway() ? null : oldest();
        if (oldest == null) {
          TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        } else {
          drain(oldest);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Null when nothing is finished; then, what is being written is asked for. */
  private synchronized Finished oldest() {
    isFirstWanted = finished.isEmpty() && bytes > 0;
    return finished.peek();
  }

  private void drain(Finished oldest) throws InterruptedException {
    Path file = oldest.file();
    try {
      Segment.Content content = Segment.read(file);
      if (content.unreadableBytes() > 0) {
        LOG.warn(
            "{} ends in {} bytes that are no whole event: a process was killed while it wrote them,"
                + " or the disk is damaged",
            file,
            content.unreadableBytes());
      }
      List<CompletableFuture<Void>> pending = new ArrayList<>();
      for (Segment.Stored one : content.events()) {
        pending.add(publishToQueue(one));
      }
      for (CompletableFuture<Void> one : pending) {
        awaitEnd(one);
      }
      Files.delete(file);
      folder.sync();
      synchronized (this) {
        finished.remove();
      }
      free(oldest.bytes());
    } catch (IOException e) {
      LOG.error("{} cannot be read or deleted: {}; it is tried again", file, e.toString());
      TimeUnit.SECONDS.sleep(1);
    }
  }

  private CompletableFuture<Void> publishToQueue(Segment.Stored one) throws InterruptedException {
    while (true) {
      if (queue.awaitRoom(LOOK_MILLIS)) {
        CompletableFuture<Void> done = queue.publish(one.id(), one.event());
        if (!isRefusedAsFull(done)) {
          return done;
        }
      } else if (isClosed()) {
        throw new InterruptedException("closed");
      }
    }
  }

  private void awaitEnd(CompletableFuture<Void> one) throws InterruptedException {
    try {
      one.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof PublishRefusedException refused
          && refused.reason() == Reason.CLOSED) {
        throw new InterruptedException("the queue's publisher was closed");
      }
      lost.increment();
      LOG.warn("An event from disk is lost: {}", e.getCause().toString());
    }
  }
}
