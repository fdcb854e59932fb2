package dev.atalaya.dashboard.follow;

import java.time.Instant;

/** Brings the documents of one sink to a history, in a thread of its own, until it is closed. */
public interface Follower extends AutoCloseable {

  /** Begins to read; returns at once. Errors of the sink are told by {@link #state} and healed. */
  void start();

  State state();

  @Override
  void close();

  /**
   * @param what {@code files}, {@code kafka}, {@code elasticsearch} or {@code opensearch}
   * @param where without secrets
   * @param isHealthy whether the sink could be read last time; not before the first time
   * @param message why it is not healthy; null when it is, and while it is read for the first time
   * @param lastDocument when the last document came, by the wall clock; null before the first
   */
  record State(
      String what, String where, boolean isHealthy, String message, Instant lastDocument) {}
}
