package dev.atalaya.job.cli;

import dev.atalaya.connectors.MessageWriter;
import dev.atalaya.job.config.Printable;
import dev.atalaya.job.produce.Production;
import java.io.PrintWriter;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What {@code produce} says while it works and, once, in the end; also when the process is told to
 * end. Thread-safe.
 */
final class ProduceReport implements MessageWriter.Watcher {

  private static final long EVERY_SECONDS = 2;
  private static final long PATIENCE_MILLIS = 10_000;

  private final PrintWriter err;
  private final Messages messages;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "progress");
            thread.setDaemon(true);
            return thread;
          });
  private final Thread hook = new Thread(this::interrupted, "produce-end");
  private boolean hooked;

  // Guarded by this.
  private Production production;
  private long lastEvents;
  private boolean closed;

  ProduceReport(PrintWriter err, Messages messages) {
    this.err = err;
    this.messages = messages;
  }

  /**
   * @param ownProcess whether the end of the process is this command's to hear
   */
  void open(String destination, boolean ownProcess) {
    say("produce.to", destination);
    if (ownProcess) {
      Runtime.getRuntime().addShutdownHook(hook);
      hooked = true;
    }
  }

  synchronized void watch(Production started) {
    production = started;
    var unused =
        clock.scheduleAtFixedRate(this::progress, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void away(String reason) {
    say("produce.away", Printable.escape(reason));
  }

  @Override
  public void back() {
    say("produce.back");
  }

  /** Says how it ended. */
  void close() {
    clock.shutdownNow();
    closing();
    if (hooked) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // It is running: the process ends.
      }
    }
  }

  private void interrupted() {
    Production running;
    synchronized (this) {
      running = production;
    }
    try {
      if (running != null) {
        running.stop(PATIENCE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    closing();
  }

  private synchronized void progress() {
    if (closed) {
      return;
    }
    Production.Progress now = production.progress();
    say(
        "produce.progress",
        now.events(),
        Math.max(0, now.events() - lastEvents) / EVERY_SECONDS,
        now.confirmed());
    lastEvents = now.events();
  }

  private synchronized void closing() {
    if (closed) {
      return;
    }
    closed = true;
    if (production == null) {
      say("produce.nothing");
      return;
    }
    Production.Progress all = production.progress();
    say(
        all.confirmed() >= all.events() ? "produce.done" : "produce.unconfirmed",
        all.events(),
        all.seconds(),
        Math.round(all.events() / all.seconds()),
        all.confirmed(),
        all.events() - all.confirmed());
  }

  private void say(String key, Object... arguments) {
    synchronized (err) {
      err.println(messages.text(key, arguments));
      err.flush();
    }
  }
}
