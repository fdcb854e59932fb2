package dev.atalaya.job.cli;

import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.config.LocalPath;
import dev.atalaya.job.config.Printable;
import dev.atalaya.job.config.SourceConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a local run needs from outside, asked before the engine starts and answers in its terms. */
final class Preflight {

  private static final int CONNECT_MILLIS = 3000;

  private Preflight() {}

  static void check(JobConfig config) throws UnreachableException {
    if (config.source() instanceof SourceConfig.Files files) {
      checkPath(files.path());
    } else if (config.source() instanceof SourceConfig.Kafka kafka) {
      checkAnyBroker(kafka.settings().servers());
    }
  }

  private static void checkPath(String text) throws UnreachableException {
    Path path = LocalPath.of(text);
    if (path == null) {
      return;
    }
    if (!Files.exists(path)) {
      throw new UnreachableException("source.files.path: there is no " + Printable.escape(text));
    }
    if (!Files.isReadable(path)) {
      throw new UnreachableException(
          "source.files.path: no permission to read " + Printable.escape(text));
    }
  }

  /** One is enough: it knows the others. */
  private static void checkAnyBroker(String servers) throws UnreachableException {
    for (String server : servers.split(",")) {
      int colon = server.lastIndexOf(':');
      try (Socket socket = new Socket()) {
        String host = server.substring(0, colon).replaceAll("[\\[\\]]", "");
        int port = Integer.parseInt(server.substring(colon + 1));
        socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
        return;
      } catch (IOException e) {
        // The next one may answer.
      }
    }
    throw new UnreachableException(
        "source.kafka.servers: no broker answers at "
            + Printable.escape(servers)
            + "; is it running, and is the port right?");
  }
}
