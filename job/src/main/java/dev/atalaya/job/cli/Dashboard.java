package dev.atalaya.job.cli;

import dev.atalaya.dashboard.follow.FilesFollower;
import dev.atalaya.dashboard.follow.Follower;
import dev.atalaya.dashboard.follow.KafkaFollower;
import dev.atalaya.dashboard.follow.SearchFollower;
import dev.atalaya.dashboard.history.History;
import dev.atalaya.dashboard.server.DashboardServer;
import dev.atalaya.dashboard.server.ServerSettings;
import dev.atalaya.job.config.LocalPath;
import dev.atalaya.job.config.SinkConfig;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * A dashboard in this process, until it is closed. Nothing else here knows the dashboard's classes:
 * the jar for clusters does not have them, and does without.
 */
final class Dashboard implements AutoCloseable {

  private final List<Follower> followers;
  private final DashboardServer server;

  private Dashboard(List<Follower> followers, DashboardServer server) {
    this.followers = followers;
    this.server = server;
  }

  /**
   * @param sinks of which at least one {@linkplain FollowedSinks#canFollow can be followed}
   * @throws IllegalArgumentException when an option is refused
   * @throws IOException when the address cannot be listened on
   */
  static Dashboard start(List<SinkConfig> sinks, DashboardOptions options) throws IOException {
    History history = new History(options.windows(), History.DEFAULT_BYTES);
    List<Follower> followers = new ArrayList<>();
    for (SinkConfig sink : sinks) {
      if (FollowedSinks.canFollow(sink)) {
        followers.add(follower(sink, history, options.windows()));
      }
    }
    ServerSettings settings =
        new ServerSettings(
            options.bind(), options.port(), options.hosts(), options.origins(), options.detector());
    DashboardServer server = DashboardServer.start(history, followers, settings);
    followers.forEach(Follower::start);
    return new Dashboard(followers, server);
  }

  /** For this machine alone, on the default port, or another one when that is taken. */
  static Dashboard onFreePort(List<SinkConfig> sinks) throws IOException {
    try {
      return start(sinks, DashboardOptions.loopback(DashboardOptions.DEFAULT_PORT));
    } catch (IOException e) {
      if (!isTaken(e)) {
        throw e;
      }
      return start(sinks, DashboardOptions.loopback(0));
    }
  }

  private static boolean isTaken(Throwable failure) {
    return failure instanceof BindException
        || (failure.getCause() != null && isTaken(failure.getCause()));
  }

  private static Follower follower(SinkConfig sink, History history, int windows) {
    if (sink instanceof SinkConfig.Files files) {
      return new FilesFollower(history, LocalPath.of(files.settings().path()));
    }
    if (sink instanceof SinkConfig.Kafka kafka) {
      return new KafkaFollower(history, kafka.settings(), windows);
    }
    SinkConfig.Search search = (SinkConfig.Search) sink;
    return new SearchFollower(history, search.system(), search.settings(), windows);
  }

  /** Of the page. */
  URI uri() {
    return server.uri();
  }

  @Override
  public void close() {
    followers.forEach(Follower::close);
    server.close();
  }
}
