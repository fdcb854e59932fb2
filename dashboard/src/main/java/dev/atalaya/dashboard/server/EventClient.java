package dev.atalaya.dashboard.server;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;

/**
 * One reader of server-sent events. What it has not taken yet waits in a queue; when that is full,
 * its connection is closed.
 *
 * <p>Thread-safe.
 */
final class EventClient extends IteratingCallback {

  private final Response response;
  private final Callback end;
  private final EndPoint endPoint;
  private final int maxQueuedBytes;
  private final Consumer<EventClient> onGone;
  private final Queue<byte[]> queue = new ArrayDeque<>();
  private int queuedBytes;

  EventClient(
      Response response,
      Callback end,
      EndPoint endPoint,
      int maxQueuedBytes,
      Consumer<EventClient> onGone) {
    this.response = response;
    this.end = end;
    this.endPoint = endPoint;
    this.maxQueuedBytes = maxQueuedBytes;
    this.onGone = onGone;
  }

  /** Returns at once. The bytes are shared with others and not changed. */
  void send(byte[] frame) {
    boolean isFull;
    synchronized (queue) {
      isFull = queuedBytes + frame.length > maxQueuedBytes;
      if (!isFull) {
        queue.add(frame);
        queuedBytes += frame.length;
      }
    }
    if (isFull) {
      drop();
    } else {
      iterate();
    }
  }

  void drop() {
    onGone.accept(this);
    // A write that waits for the client ends with it.
    endPoint.close();
    abort(new IllegalStateException("too slow, or the server stops"));
  }

  @Override
  protected Action process() {
    byte[] frame;
    synchronized (queue) {
      frame = queue.poll();
      if (frame == null) {
        return Action.IDLE;
      }
      queuedBytes -= frame.length;
    }
    response.write(false, ByteBuffer.wrap(frame), this);
    return Action.SCHEDULED;
  }

  @Override
  protected void onCompleteFailure(Throwable cause) {
    onGone.accept(this);
    end.failed(cause);
  }
}
