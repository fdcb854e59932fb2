package dev.atalaya.job.capture;

import dev.atalaya.capture.publish.BoundedPublisher;
import dev.atalaya.capture.publish.PublishRefusedException;
import dev.atalaya.capture.publish.PublishRefusedException.Reason;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * One way in, as its listener sees it: takes records for the job, bounded in what waits for the
 * task and in what waits for a checkpoint. Thread-safe.
 */
final class Way extends BoundedPublisher {

  /** When a record is kept for certain. */
  enum Promise {
    /** When a checkpoint that covers it is complete. */
    CHECKPOINT,
    /** As soon as the task has it: nobody could send it again. */
    NONE
  }

  /** Beyond it a checkpoint is waited for; a record without its bytes takes some 250 bytes. */
  static final int MAX_UNSETTLED = 250_000;

  static final long MAX_WAITING_BYTES = 64L << 20;

  private final String name;
  private final Promise promise;
  private final Inbox inbox;

  // Guarded by this.
  private final Set<Arrival> unsettled = Collections.newSetFromMap(new IdentityHashMap<>());

  private long published;
  private long confirmed;
  private long failed;
  private long waitingBytes;

  Way(String name, Promise promise, Inbox inbox) {
    this.name = name;
    this.promise = promise;
    this.inbox = inbox;
  }

  /** What it is called in origins, and the name of its watermarks. */
  String name() {
    return name;
  }

  Promise promise() {
    return promise;
  }

  @Override
  public CompletableFuture<Void> publish(String id, byte[] event) {
    if (isTooLong(id)) {
      return refused(Reason.REFUSED, "its id is longer than " + MAX_ID_BYTES + " bytes");
    }
    return take(new Arrival(this, id, event, null, null));
  }

  /** Hands on what is no record, for the dead letters; drops it when there is no room. */
  void reject(String id, byte[] bytes, String reason, String detail) {
    var unused = take(new Arrival(this, id, bytes, reason, detail));
  }

  private CompletableFuture<Void> take(Arrival arrival) {
    synchronized (this) {
      if (isClosed()) {
        return refused(Reason.CLOSED, "the job ends");
      }
      if (isFull()) {
        return refused(Reason.FULL, "too much waits for a checkpoint");
      }
      published++;
      waitingBytes += arrival.bytes.length;
      unsettled.add(arrival);
    }
    inbox.add(arrival);
    return arrival.settled;
  }

  private static CompletableFuture<Void> refused(Reason reason, String why) {
    return CompletableFuture.failedFuture(
        new PublishRefusedException(reason, "the event is not taken: " + why, null));
  }

  /** Gives the task what came; what waits for a checkpoint is kept without it. */
  synchronized byte[] handOn(Arrival arrival) {
    byte[] bytes = arrival.bytes;
    arrival.bytes = null;
    waitingBytes -= bytes.length;
    notifyAll();
    return bytes;
  }

  /** It is kept for certain. */
  void confirm(Arrival arrival) {
    synchronized (this) {
      if (!unsettled.remove(arrival)) {
        return; // closed
      }
      confirmed++;
      notifyAll();
    }
    arrival.settled.complete(null);
  }

  /** Whoever sent it has given it up. */
  synchronized void forget(Arrival arrival) {
    if (unsettled.remove(arrival)) {
      failed++;
      notifyAll();
    }
  }

  @Override
  public synchronized boolean isFull() {
    return unsettled.size() >= MAX_UNSETTLED || waitingBytes >= MAX_WAITING_BYTES;
  }

  /** The job is there until it ends. */
  @Override
  public boolean isAway() {
    return isClosed();
  }

  @Override
  public synchronized Counts counts() {
    return new Counts(published, confirmed, failed, unsettled.size());
  }

  /** Takes no more, and tells those who wait that nobody keeps what they sent. */
  @Override
  public void close() {
    List<Arrival> given;
    synchronized (this) {
      closeDoor();
      given = List.copyOf(unsettled);
      failed += given.size();
      unsettled.clear();
    }
    PublishRefusedException why = new PublishRefusedException(Reason.CLOSED, "the job ends", null);
    given.forEach(arrival -> arrival.settled.completeExceptionally(why));
  }
}
