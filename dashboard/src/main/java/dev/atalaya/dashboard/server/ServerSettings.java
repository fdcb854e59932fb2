package dev.atalaya.dashboard.server;

import java.util.Set;

/**
 * How the dashboard is served.
 *
 * @param bind address or name of the interface to listen on; {@code 127.0.0.1} unless others shall
 *     reach it
 * @param port 0 for a free one
 * @param allowedHosts names, without port, that requests may call the server by in {@code Host},
 *     beside {@code localhost}, {@code 127.0.0.1}, {@code [::1]} and {@code bind}
 * @param allowedOrigins whose pages may read the API from a browser, such as {@code
 *     http://localhost:3000}; with none, only the dashboard's own page may
 * @param shownDetector whose windows the page shows first and the contract of the thesis tells of;
 *     null for the first one seen
 */
public record ServerSettings(
    String bind,
    int port,
    Set<String> allowedHosts,
    Set<String> allowedOrigins,
    String shownDetector) {

  public static final String LOOPBACK = "127.0.0.1";

  public ServerSettings {
    if (bind.isBlank()) {
      throw new IllegalArgumentException("bind must name an address");
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port must be 0 to 65535, got " + port);
    }
    allowedHosts = Set.copyOf(allowedHosts);
    allowedOrigins = Set.copyOf(allowedOrigins);
  }

  /** For this machine alone. */
  public static ServerSettings loopback(int port) {
    return new ServerSettings(LOOPBACK, port, Set.of(), Set.of(), null);
  }
}
