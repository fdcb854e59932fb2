package dev.atalaya.job.capture;

import dev.atalaya.capture.Intake;
import dev.atalaya.capture.Meters;
import dev.atalaya.capture.RunIds;
import dev.atalaya.capture.follow.FileFollower;
import dev.atalaya.capture.http.HttpListener;
import dev.atalaya.capture.udp.UdpListener;
import dev.atalaya.capture.udp.UdpSettings;
import dev.atalaya.job.capture.Way.Promise;
import dev.atalaya.job.config.SourceConfig;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** The ways in of a job, open from the beginning on. One thread opens and closes them. */
final class Ways implements Closeable {

  /** The way whose records come again in the order of their ids. */
  static final String FOLLOW = "follow";

  private final List<Way> ways = new ArrayList<>();
  private final List<Intake> intakes = new ArrayList<>();
  private final Meters meters = new Meters();
  private HttpListener http;

  /**
   * @throws IOException when an address or a file cannot be used
   */
  static Ways open(SourceConfig.Capture config, Inbox inbox) throws IOException {
    Ways ways = new Ways();
    try {
      ways.listen(config, inbox);
      if (config.follow() != null) {
        Way way = ways.way(FOLLOW, Promise.CHECKPOINT, inbox);
        ways.start(FOLLOW, new FileFollower(config.follow(), way));
      }
      return ways;
    } catch (IOException | RuntimeException e) {
      ways.close();
      throw e;
    }
  }

  /** Opens what listens, and closes it again: to know beforehand that it can be opened. */
  static void check(SourceConfig.Capture config) throws IOException {
    try (Ways ways = new Ways()) {
      ways.listen(config, new Inbox());
    }
  }

  private void listen(SourceConfig.Capture config, Inbox inbox) throws IOException {
    if (config.http() != null) {
      http = HttpListener.start(config.http(), way("http", Promise.CHECKPOINT, inbox), meters);
    }
    for (UdpSettings udp : config.udp()) {
      Way way = way(name(udp.address()), Promise.NONE, inbox);
      RunIds ids = new RunIds();
      start(
          "udp",
          new UdpListener(
              udp,
              way,
              (exporter, reason, detail, part) ->
                  way.reject(
                      exporter.getHostAddress() + "-" + ids.next(), part, reason.code(), detail)));
    }
  }

  private static String name(InetSocketAddress address) {
    return "udp:" + address.getHostString() + ":" + address.getPort();
  }

  private Way way(String name, Promise promise, Inbox inbox) {
    Way way = new Way(name, promise, inbox);
    ways.add(way);
    return way;
  }

  private void start(String kind, Intake intake) throws IOException {
    intake.start();
    meters.intake(kind, intake);
    intakes.add(intake);
  }

  /** Those that count what they do. */
  List<Intake> intakes() {
    return intakes;
  }

  /** Takes no more; then ends what listens and reads, each whatever becomes of the others. */
  @Override
  public void close() throws IOException {
    ways.forEach(Way::close);
    List<Closeable> parts = new ArrayList<>(intakes);
    if (http != null) {
      parts.add(0, http::close);
    }
    IOException failure = null;
    for (Closeable part : parts) {
      try {
        part.close();
      } catch (IOException | RuntimeException e) {
        failure = failure == null ? new IOException(e.getMessage(), e) : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
