package dev.atalaya.capture;

import java.io.Closeable;
import java.io.IOException;
import java.util.Map;

/**
 * A way in: takes what comes from outside and hands it to a {@link
 * dev.atalaya.capture.publish.Publisher} until it is closed. No content ends it.
 *
 * <p>One thread starts and closes it; the rest is for any thread.
 */
public interface Intake extends Closeable {

  /** What it is called in messages and metrics, such as {@code udp 0.0.0.0:2055}. */
  String name();

  /** Begins, in threads of its own; returns when what comes from now on is taken. */
  void start() throws IOException;

  /** Whether nothing more will come: the end of a file, of standard input. */
  default boolean isDone() {
    return false;
  }

  /** What was counted since the start, by names in the form of metrics. */
  Map<String, Long> counts();

  /** Whether a count also shrinks, as that of files that are open. */
  default boolean isLevel(String name) {
    return false;
  }

  /** Ends it. What was handed on and is not confirmed yet stays with the publisher. */
  @Override
  void close() throws IOException;
}
