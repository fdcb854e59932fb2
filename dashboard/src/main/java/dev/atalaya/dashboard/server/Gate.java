package dev.atalaya.dashboard.server;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.HostPort;

/**
 * Lets through what only reads and calls the server by a name of its own: a foreign page whose name
 * was made to point at this machine sends its own name as {@code Host}.
 */
final class Gate extends Handler.Wrapper {

  private final Set<String> hosts;
  private final Set<String> origins;

  Gate(ServerSettings settings, Handler handler) {
    super(handler);
    hosts = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));
    hosts.add(normal(settings.bind()));
    settings.allowedHosts().forEach(host -> hosts.add(normal(host)));
    origins = settings.allowedOrigins();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (!isOurs(request.getHeaders().get(HttpHeader.HOST))
        || !hosts.contains(normal(Request.getServerName(request)))) {
      Answer.error(421).send(request, response, callback);
      return true;
    }
    if (!HttpMethod.GET.is(request.getMethod()) && !HttpMethod.HEAD.is(request.getMethod())) {
      Answer.error(405).send(request, response, callback);
      return true;
    }
    if (!origins.isEmpty()) {
      response.getHeaders().add(HttpHeader.VARY, "Origin");
      String origin = request.getHeaders().get(HttpHeader.ORIGIN);
      if (origin != null && origins.contains(origin)) {
        response.getHeaders().put(HttpHeader.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
      }
    }
    return super.handle(request, response, callback);
  }

  /**
   * @param host with or without a port; null in old requests
   */
  private boolean isOurs(String host) {
    try {
      return host != null && hosts.contains(normal(new HostPort(host).getHost()));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String normal(String host) {
    return host == null ? "" : HostPort.normalizeHost(host).toLowerCase(Locale.ROOT);
  }
}
