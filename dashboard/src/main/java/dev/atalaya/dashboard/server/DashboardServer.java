package dev.atalaya.dashboard.server;

import dev.atalaya.dashboard.follow.Follower;
import dev.atalaya.dashboard.history.History;
import java.io.IOException;
import java.net.URI;
import java.util.List;

/**
 * Serves a history as REST APIs and as a page, read-only, until it is closed.
 *
 * <p>Thread-safe.
 */
public final class DashboardServer implements AutoCloseable {

  private DashboardServer() {}

  /**
   * Serves as soon as it returns.
   *
   * @param followers that fill the history, to tell how they are; they are neither started nor
   *     closed
   * @throws IOException when the address cannot be listened on, saying which
   */
  public static DashboardServer start(
      History history, List<Follower> followers, ServerSettings settings) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Of the page; the root of the APIs. */
  public URI uri() {
    throw new UnsupportedOperationException();
  }

  /** That it listens on. */
  public int port() {
    throw new UnsupportedOperationException();
  }

  /** Ends all connections. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
