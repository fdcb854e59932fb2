package dev.atalaya.capture.http;

import dev.atalaya.capture.Meters;
import dev.atalaya.capture.publish.Publisher;
import dev.atalaya.connectors.BrokerRefusedException;
import dev.atalaya.connectors.PemFile;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.security.GeneralSecurityException;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.HostPort;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Listens for events over HTTP until it is closed: {@code POST /events}, Sentilo's {@code PUT
 * /data/…}, {@code GET /health} and {@code GET /metrics}. An answer 200 means that the queue has
 * every event of the request; any other, that it may have some of them.
 *
 * <p>Thread-safe.
 */
public final class HttpListener implements AutoCloseable {

  private static final int MAX_THREADS = 16;
  private static final int MAX_HEADER_BYTES = 8 * 1_024;

  /** A path is cut at its slashes and then decoded, so a value may be 50% or km/h. */
  private static final UriCompliance PATHS =
      UriCompliance.RFC3986.with(
          "values",
          UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING,
          UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR);

  /** For requests that are being answered when it is closed. */
  private static final long STOP_MILLIS = 3_000;

  private final Server server;
  private final Deadlines deadlines;
  private final URI uri;

  private HttpListener(Server server, Deadlines deadlines, URI uri) {
    this.server = server;
    this.deadlines = deadlines;
    this.uri = uri;
  }

  /**
   * Listens as soon as it returns.
   *
   * @param publisher that is closed by whoever opened it, after this
   * @throws IOException when the address cannot be listened on, or a file of TLS cannot be read,
   *     saying which
   */
  public static HttpListener start(HttpSettings settings, Publisher publisher, Meters meters)
      throws IOException {
    QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, 4);
    threads.setName("http");
    threads.setDaemon(true);
    threads.setReservedThreads(0);
    Server server = new Server(threads);
    Deadlines deadlines = new Deadlines(server.getScheduler(), settings.requestMillis());
    Front front = new Front(settings, publisher, meters, deadlines);
    server.setHandler(new GracefulHandler(front));
    server.setStopTimeout(STOP_MILLIS);
    server.setErrorHandler(front::error);
    ServerConnector connector = connector(server, settings);
    connector.addBean(deadlines);
    try {
      server.start();
    } catch (Exception e) {
      stop(server);
      throw cannotListen(settings, e);
    }
    String host =
        settings.bind().equals("0.0.0.0") || settings.bind().equals("::")
            ? "localhost"
            : HostPort.normalizeHost(settings.bind());
    String scheme = settings.tls() == null ? "http" : "https";
    return new HttpListener(
        server,
        deadlines,
        URI.create(scheme + "://" + host + ":" + connector.getLocalPort() + "/"));
  }

  private static ServerConnector connector(Server server, HttpSettings settings)
      throws IOException {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(MAX_HEADER_BYTES);
    http.setUriCompliance(PATHS);
    HttpConnectionFactory plain = new HttpConnectionFactory(http);
    ConnectionFactory[] factories =
        settings.tls() == null
            ? new ConnectionFactory[] {plain}
            : new ConnectionFactory[] {
              new SslConnectionFactory(tls(settings.tls()), plain.getProtocol()), plain
            };
    ServerConnector connector = new ServerConnector(server, 1, 1, factories);
    connector.setHost(settings.bind());
    connector.setPort(settings.port());
    connector.setAcceptQueueSize(settings.maxConnections());
    // A request waits for the queue without a sign of life.
    connector.setIdleTimeout(settings.requestMillis() + settings.confirmMillis());
    connector.setShutdownIdleTimeout(STOP_MILLIS);
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(settings.maxConnections(), connector));
    return connector;
  }

  private static SslContextFactory.Server tls(HttpSettings.Tls tls) throws IOException {
    SslContextFactory.Server factory = new SslContextFactory.Server();
    try {
      factory.setKeyStore(PemFile.identity(tls.certFile(), tls.keyFile()));
    } catch (BrokerRefusedException e) {
      // Of this machine, not of a broker.
      throw new FileSystemException("capture.http." + e.getMessage());
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS cannot be set up: " + e.getMessage(), e);
    }
    factory.setKeyStorePassword(new String(PemFile.NO_PASSWORD));
    factory.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    return factory;
  }

  private static IOException cannotListen(HttpSettings settings, Exception failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    IOException told =
        new BindException(settings.bind() + ":" + settings.port() + ": " + cause.getMessage());
    told.initCause(failure);
    return told;
  }

  /** The root. */
  public URI uri() {
    return uri;
  }

  /** Answers the requests there are, within some seconds, and ends all connections. */
  @Override
  public void close() {
    deadlines.closeIdle();
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
