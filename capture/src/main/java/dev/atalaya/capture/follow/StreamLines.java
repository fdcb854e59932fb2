package dev.atalaya.capture.follow;

import dev.atalaya.capture.Intake;
import dev.atalaya.capture.RunIds;
import dev.atalaya.capture.follow.FollowedLines.Outcome;
import dev.atalaya.capture.publish.Outlet;
import dev.atalaya.capture.publish.Publisher;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lines of a stream that is there once, such as standard input: at most once. */
public final class StreamLines implements Intake {

  private static final Logger LOG = LoggerFactory.getLogger(StreamLines.class);

  private final String name;
  private final Content content;
  private final int maxLineBytes;
  private final Outlet outlet;
  private final LineCounts lineCounts = new LineCounts();
  private final Thread thread;
  private volatile boolean done;

  /**
   * @param in closed with this, though a read that waits may outlast it
   */
  public StreamLines(String name, InputStream in, int maxLineBytes, Publisher publisher) {
    this.name = name;
    content = Content.of(in);
    this.maxLineBytes = maxLineBytes;
    outlet = new Outlet(publisher);
    thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void start() {
    thread.start();
  }

  @Override
  public boolean isDone() {
    return done;
  }

  @Override
  public Map<String, Long> counts() {
    Map<String, Long> counts = new LinkedHashMap<>();
    lineCounts.addCounts(counts);
    outlet.addCounts(counts);
    return counts;
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    try (content) {
      FollowedLines lines =
          new FollowedLines(Position.start(RunIds.random()), maxLineBytes, outlet, lineCounts);
      byte[] buffer = FollowedLines.buffer(maxLineBytes);
      while (lines.read(content, buffer, false) == Outcome.READ) {
        // until the end
      }
    } catch (IOException e) {
      LOG.warn("{} ends: {}", name, e.toString());
    } catch (InterruptedException e) {
      LOG.debug("{} ends", name);
    }
    done = true;
  }
}
