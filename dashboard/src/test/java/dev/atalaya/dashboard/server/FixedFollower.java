package dev.atalaya.dashboard.server;

import dev.atalaya.dashboard.follow.Follower;
import java.time.Instant;

/** Reads nothing; is as it is told to be. */
final class FixedFollower implements Follower {

  private volatile State state;

  private FixedFollower(State state) {
    this.state = state;
  }

  static FixedFollower healthy() {
    return new FixedFollower(
        new State("files", "out/demo-run", true, null, Instant.parse("2025-01-15T10:05:00Z")));
  }

  static FixedFollower unhealthy() {
    return new FixedFollower(
        new State("kafka", "localhost:9092", false, "no broker answers", null));
  }

  void recover() {
    state = new State(state.what(), state.where(), true, null, null);
  }

  @Override
  public void start() {}

  @Override
  public State state() {
    return state;
  }

  @Override
  public void close() {}
}
