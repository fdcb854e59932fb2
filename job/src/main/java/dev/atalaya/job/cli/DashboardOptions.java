package dev.atalaya.job.cli;

import java.util.Set;

/**
 * How a dashboard is served; the server's settings, but known also where the server is not.
 *
 * @param bind address to listen on
 * @param port 0 for a free one
 * @param hosts more names by which it may be called
 * @param origins whose pages may read the API
 * @param detector what is shown first, or null
 * @param windows that are remembered of each detector
 */
record DashboardOptions(
    String bind, int port, Set<String> hosts, Set<String> origins, String detector, int windows) {

  static final String LOOPBACK = "127.0.0.1";

  static final int DEFAULT_PORT = 8080;

  static final int DEFAULT_WINDOWS = 10_000;

  /** For this machine alone. */
  static DashboardOptions loopback(int port) {
    return new DashboardOptions(LOOPBACK, port, Set.of(), Set.of(), null, DEFAULT_WINDOWS);
  }
}
