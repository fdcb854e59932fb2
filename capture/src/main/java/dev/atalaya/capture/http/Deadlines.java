package dev.atalaya.capture.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Closes connections on which no request has begun for some time, however its bytes are spread: an
 * idle timeout alone is met by one byte now and then.
 */
final class Deadlines implements Connection.Listener {

  private final Scheduler scheduler;
  private final long millis;
  private final Map<EndPoint, Scheduler.Task> running = new ConcurrentHashMap<>();
  private volatile boolean closing;

  Deadlines(Scheduler scheduler, long millis) {
    this.scheduler = scheduler;
    this.millis = millis;
  }

  @Override
  public void onOpened(Connection connection) {
    set(transport(connection.getEndPoint()));
  }

  @Override
  public void onClosed(Connection connection) {
    clear(transport(connection.getEndPoint()));
  }

  /** From now on the request's own deadlines hold, until it has been answered. */
  void begun(Request request) {
    EndPoint endPoint = transport(request.getConnectionMetaData().getConnection().getEndPoint());
    clear(endPoint);
    Request.addCompletionListener(request, failure -> set(endPoint));
  }

  /** Closes each connection on which no request is being answered, now or as soon as that is so. */
  void closeIdle() {
    closing = true;
    running.keySet().forEach(EndPoint::close);
  }

  /** The one of the socket: with TLS there are two connections above it, and both are told of. */
  private static EndPoint transport(EndPoint endPoint) {
    return endPoint instanceof EndPoint.Wrapper wrapper ? wrapper.unwrap() : endPoint;
  }

  private void set(EndPoint endPoint) {
    Scheduler.Task task =
        scheduler.schedule(
            () -> {
              running.remove(endPoint);
              endPoint.close();
            },
            millis,
            TimeUnit.MILLISECONDS);
    cancel(running.put(endPoint, task));
    if (closing) {
      endPoint.close();
    }
    if (!endPoint.isOpen()) {
      clear(endPoint);
    }
  }

  private void clear(EndPoint endPoint) {
    cancel(running.remove(endPoint));
  }

  private static void cancel(Scheduler.Task task) {
    if (task != null) {
      task.cancel();
    }
  }
}
