package dev.atalaya.capture.spool;

import dev.atalaya.capture.publish.BoundedPublisher;
import dev.atalaya.capture.publish.PublishRefusedException;
import dev.atalaya.capture.publish.PublishRefusedException.Reason;
import dev.atalaya.capture.publish.Publisher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
 * <p>What was handed to the queue just before it went away waits in memory: it goes to the disk
 * when the queue's publisher is closed before this, and is lost when the process is killed, its
 * futures not completed. What comes from disk may be published again after the process was killed,
 * one file of it, with the same ids.
 *
 * <p>A disk that refuses is waited for as the queue is: what is to be stored goes to whichever
 * takes it first.
 */
public final class SpoolingPublisher extends BoundedPublisher {

  /** One file. Small, since it is read whole and published again whole. */
  static final int SEGMENT_BYTES = 4 << 20;

  /** Of one file, too: a job must know all of it again, and remembers so many ids and more. */
  static final int SEGMENT_EVENTS = 20_000;

  private static final Logger LOG = LoggerFactory.getLogger(SpoolingPublisher.class);

  private static final int MAX_BATCH = 10_000;

  /** Of what waits for the disk, in memory. */
  private static final long MAX_WAITING_BYTES = 16L << 20;

  private static final long LOOK_MILLIS = 100;
  private static final long RETRY_MILLIS = 1_000;
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

  // Of the thread that stores.
  private Path file;
  private Segment segment;
  private boolean diskRefuses;

  // Guarded by this.
  private final Deque<Finished> finished = new ArrayDeque<>();
  private long bytes;
  private long waitingBytes;
  private boolean isFirstWanted;

  /**
   * @param queue is not closed with this
   * @throws IOException when the folder cannot be used
   */
  public SpoolingPublisher(SpoolSettings settings, Publisher queue) throws IOException {
    this.queue = queue;
    maxBytes = settings.maxBytes();
    folder = new SpoolFolder(settings.directory());
    try {
      for (Path earlier : folder.segments()) {
        Segment.checkVersion(earlier);
        Finished one = new Finished(earlier, Files.size(earlier));
        finished.add(one);
        bytes += one.bytes();
      }
    } catch (IOException e) {
      folder.close();
      throw e;
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
      done =
          isRefused(done, Reason.FULL)
              ? null
              : done.exceptionallyCompose(
                  failure ->
                      isFor(failure, Reason.CLOSED)
                          ? store(id, event, true)
                          : CompletableFuture.failedFuture(failure));
    }
    if (done == null) {
      done = store(id, event, false);
    }
    if (isRefused(done, Reason.FULL)) {
      return done;
    }
    published.increment();
    CompletableFuture<Void> unused =
        done.whenComplete((nothing, failure) -> (failure == null ? confirmed : failed).increment());
    return done;
  }

  /**
   * @param isTaken whether it is in memory anyway, and has to be kept beyond all bounds
   */
  private CompletableFuture<Void> store(String id, byte[] event, boolean isTaken) {
    if (isTooLong(id) || event.length > SEGMENT_BYTES) {
      return refused(Reason.REFUSED, "the event or its id is too large");
    }
    Waiting one = new Waiting(new Segment.Stored(id, event), new CompletableFuture<>());
    synchronized (this) {
      if (isClosed()) {
        return refused(Reason.CLOSED, "the spool is closed");
      }
      if (!isTaken && isFull()) {
        return refused(Reason.FULL, "the spool is full");
      }
      bytes += one.stored.bytes();
      waitingBytes += one.stored.bytes();
      waiting.add(one);
    }
    return one.done;
  }

  private static CompletableFuture<Void> refused(Reason reason, String why) {
    return CompletableFuture.failedFuture(new PublishRefusedException(reason, why, null));
  }

  private static boolean isRefused(CompletableFuture<Void> done, Reason reason) {
    return done.isCompletedExceptionally()
        && done.handle((nothing, failure) -> isFor(failure, reason)).join();
  }

  private static boolean isFor(Throwable failure, Reason reason) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof PublishRefusedException refused && refused.reason() == reason;
  }

  @Override
  public synchronized boolean isFull() {
    return bytes >= maxBytes || waitingBytes >= MAX_WAITING_BYTES;
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
    closeDoor();
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

  /** Writes what waits, many events at once. */
  private void store() {
    try {
      while (true) {
        List<Waiting> batch = nextBatch();
        if (!batch.isEmpty()) {
          keep(batch);
        } else if (isClosed()) {
          break;
        }
        if (segment != null && (isLarge(segment) || isFirstWanted())) {
          finish();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    finish();
  }

  private static boolean isLarge(Segment segment) {
    return segment.bytes() >= SEGMENT_BYTES || segment.events() >= SEGMENT_EVENTS;
  }

  private void keep(List<Waiting> batch) throws InterruptedException {
    while (!isStored(batch)) {
      if (!queue.isAway()) {
        for (Waiting one : batch) {
          CompletableFuture<Void> unused =
              publishToQueue(one.stored).whenComplete((nothing, failure) -> settle(one, failure));
        }
        return;
      }
      if (isClosed()) {
        PublishRefusedException why =
            new PublishRefusedException(Reason.CLOSED, "the spool is closed", null);
        batch.forEach(one -> settle(one, why));
        return;
      }
      TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
    }
    batch.forEach(one -> one.done.complete(null));
  }

  private boolean isStored(List<Waiting> batch) {
    try {
      if (segment == null) {
        file = folder.next();
        segment = Segment.create(file);
        free(-segment.bytes());
        folder.sync();
      }
      segment.append(batch.stream().map(Waiting::stored).toList());
      diskRefuses = false;
      return true;
    } catch (IOException e) {
      if (!diskRefuses) {
        LOG.error("Events cannot be stored in {}: {}; it is tried again", file, e.toString());
      }
      diskRefuses = true;
      // Next time another file: half a batch may be in this one.
      finish();
      return false;
    }
  }

  /** What becomes of an event that is not on disk. */
  private void settle(Waiting one, Throwable failure) {
    free(one.stored.bytes());
    if (failure == null) {
      one.done.complete(null);
    } else {
      one.done.completeExceptionally(failure);
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

  /** Hands the file to the thread that drains. */
  private void finish() {
    if (segment == null) {
      return;
    }
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
    segment = null;
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
    try {
      publish(oldest.file());
    } catch (NoSuchFileException e) {
      LOG.error("{} is gone, and what was in it is lost", oldest.file());
    } catch (IOException e) {
      LOG.error("{} cannot be read: {}; it is tried again", oldest.file(), e.toString());
      TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
      return;
    }
    while (!isDeleted(oldest.file())) {
      TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
    }
    synchronized (this) {
      finished.remove();
    }
    free(oldest.bytes());
  }

  /** Returns when the queue has what is in a file. */
  private void publish(Path stored) throws IOException, InterruptedException {
    Segment.Content content = Segment.read(stored);
    if (content.unreadableBytes() > 0) {
      LOG.warn(
          "{} ends in {} bytes that are no whole event: a process was killed while it wrote them,"
              + " or the disk is damaged",
          stored,
          content.unreadableBytes());
    }
    List<CompletableFuture<Void>> pending = new ArrayList<>();
    for (Segment.Stored one : content.events()) {
      pending.add(publishToQueue(one));
    }
    for (CompletableFuture<Void> one : pending) {
      awaitEnd(one);
    }
  }

  private boolean isDeleted(Path stored) {
    try {
      Files.deleteIfExists(stored);
      folder.sync();
      return true;
    } catch (NoSuchFileException e) {
      return true; // the folder is gone
    } catch (IOException e) {
      LOG.error("{} cannot be deleted: {}; it is tried again", stored, e.toString());
      return false;
    }
  }

  private CompletableFuture<Void> publishToQueue(Segment.Stored one) throws InterruptedException {
    while (true) {
      if (queue.awaitRoom(LOOK_MILLIS)) {
        CompletableFuture<Void> done = queue.publish(one.id(), one.event());
        if (!isRefused(done, Reason.FULL)) {
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
