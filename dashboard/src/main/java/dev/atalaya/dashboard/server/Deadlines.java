package dev.atalaya.dashboard.server;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Closes connections whose client takes too long to send a request, or to read its answer, however
 * it spreads the bytes. An idle timeout alone is met by one byte now and then.
 */
final class Deadlines extends Handler.Wrapper implements Connection.Listener {

  private final Scheduler scheduler;
  private final Limits limits;
  private final Map<EndPoint, Scheduler.Task> running = new ConcurrentHashMap<>();

  Deadlines(Scheduler scheduler, Limits limits, Handler handler) {
    super(handler);
    this.scheduler = scheduler;
    this.limits = limits;
  }

  @Override
  public void onOpened(Connection connection) {
    set(connection.getEndPoint(), limits.requestMillis());
  }

  @Override
  public void onClosed(Connection connection) {
    clear(connection.getEndPoint());
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    EndPoint endPoint = endPoint(request);
    set(endPoint, limits.answerMillis());
    Request.addCompletionListener(request, failure -> set(endPoint, limits.requestMillis()));
    return super.handle(request, response, callback);
  }

  /** For an answer that has no end. */
  void lift(Request request) {
    clear(endPoint(request));
  }

  static EndPoint endPoint(Request request) {
    return request.getConnectionMetaData().getConnection().getEndPoint();
  }

  private void set(EndPoint endPoint, long millis) {
    if (!endPoint.isOpen()) {
      clear(endPoint);
      return;
    }
    Scheduler.Task task =
        scheduler.schedule(
            () -> {
              running.remove(endPoint);
              endPoint.close();
            },
            millis,
            TimeUnit.MILLISECONDS);
    cancel(running.put(endPoint, task));
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
