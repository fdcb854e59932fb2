package dev.atalaya.dashboard.server;

import dev.atalaya.dashboard.follow.Follower;
import dev.atalaya.dashboard.history.History;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.HostPort;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Serves a history as REST APIs and as a page, read-only, until it is closed. Has at most 14
 * threads, all daemons.
 *
 * <p>Thread-safe.
 */
public final class DashboardServer implements AutoCloseable {

  private static final int MAX_THREADS = 12;
  private static final int MAX_CONNECTIONS = 512;
  private static final int MAX_REQUEST_BYTES = 8 * 1_024;

  private final Server server;
  private final Router router;
  private final Events events;
  private final int port;
  private final URI uri;

  private DashboardServer(Server server, Router router, Events events, ServerSettings settings) {
    this.server = server;
    this.router = router;
    this.events = events;
    port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    uri = URI.create("http://" + reachable(settings.bind()) + ":" + port + "/");
  }

  /**
   * Serves as soon as it returns.
   *
   * @param followers that fill the history, to tell how they are; they are neither started nor
   *     closed
   * @throws IOException when the address cannot be listened on, saying which
   */
  public static DashboardServer start(
      History history, List<Follower> followers, ServerSettings settings) throws IOException {
    return start(history, followers, settings, Limits.DEFAULT);
  }

  static DashboardServer start(
      History history, List<Follower> followers, ServerSettings settings, Limits limits)
      throws IOException {
    QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, 4);
    threads.setName("dashboard");
    threads.setDaemon(true);
    threads.setReservedThreads(0);
    Server server = new Server(threads);
    Shown shown = new Shown(history, settings.shownDetector());
    Health health = new Health(followers);
    StatusDocument status = new StatusDocument(history, shown, health);
    Router router = new Router(new AnswerBudget(limits.answerBytes()));
    Deadlines deadlines = new Deadlines(server.getScheduler(), limits, new Gate(settings, router));
    new ThesisApi(history, shown).addTo(router);
    new Api(history, shown, status).addTo(router);
    new Metrics(history, shown, health).addTo(router);
    health.addTo(router);
    Assets.addTo(router);
    server.setHandler(deadlines);
    server.setErrorHandler(DashboardServer::error);
    ServerConnector connector = connector(server, settings, limits);
    connector.addBean(deadlines);
    Events events = new Events(history, status, deadlines, limits.queuedEventBytes());
    router.handle("/api/v1/events", events);
    DashboardServer started;
    try {
      server.start();
      started = new DashboardServer(server, router, events, settings);
    } catch (Exception e) {
      events.close();
      stop(server);
      throw new IOException(
          "cannot listen on " + settings.bind() + ":" + settings.port() + ": " + reason(e), e);
    }
    return started;
  }

  private static ServerConnector connector(Server server, ServerSettings settings, Limits limits) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(MAX_REQUEST_BYTES);
    http.setUriCompliance(UriCompliance.RFC3986);
    ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(settings.bind());
    connector.setPort(settings.port());
    connector.setAcceptQueueSize(MAX_CONNECTIONS);
    connector.setIdleTimeout(limits.requestMillis());
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(MAX_CONNECTIONS, connector));
    return connector;
  }

  /** What the server itself refuses, such as a request that cannot be read. */
  private static boolean error(Request request, Response response, Callback callback) {
    Answer.error(response.getStatus()).send(request, response, callback);
    return true;
  }

  /** Jetty says which address; the reason that a person can do something about is within. */
  private static String reason(Exception failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage();
  }

  private static String reachable(String bind) {
    return bind.equals("0.0.0.0") || bind.equals("::") ? "localhost" : HostPort.normalizeHost(bind);
  }

  /** Of the page; the root of the APIs. */
  public URI uri() {
    return uri;
  }

  /** That it listens on. */
  public int port() {
    return port;
  }

  /** All that it answers, with {@code {names}} for what is variable. */
  Set<String> paths() {
    return router.paths();
  }

  int eventClients() {
    return events.clients();
  }

  /** Ends all connections. */
  @Override
  public void close() {
    events.close();
    stop(server);
  }

  private static void stop(Server server) {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
