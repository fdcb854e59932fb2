package dev.atalaya.job.config;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Reads {@code servers}: a list of {@code host:port}, or one text separated by commas. */
public final class ServersReader {

  private static final Pattern SERVER =
      Pattern.compile("(\\[[0-9A-Fa-f:.%]+\\]|[^:\\s,/]+):\\d{1,5}");

  private static final int MAX_PORT = 65_535;

  private ServersReader() {}

  /**
   * @param example of a server, for messages
   */
  static List<String> read(Section section, String example) {
    List<String> servers =
        section.requiredTexts("servers").stream()
            .flatMap(text -> Arrays.stream(text.split(",")))
            .map(String::strip)
            .toList();
    for (String server : servers) {
      if (!isServer(server)) {
        section.problem(
            "servers", "'" + Printable.escape(server) + "' is no host:port such as " + example);
      }
    }
    return servers;
  }

  private static boolean isServer(String text) {
    return SERVER.matcher(text).matches() && port(text) <= MAX_PORT;
  }

  /** Of a server that was not refused; looks up its name. */
  public static InetSocketAddress address(String server) {
    String host = server.substring(0, server.lastIndexOf(':')).replaceAll("[\\[\\]]", "");
    return new InetSocketAddress(host, port(server));
  }

  private static int port(String server) {
    return Integer.parseInt(server.substring(server.lastIndexOf(':') + 1));
  }
}
