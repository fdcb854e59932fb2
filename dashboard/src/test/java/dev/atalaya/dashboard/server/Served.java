package dev.atalaya.dashboard.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atalaya.dashboard.follow.Follower;
import dev.atalaya.dashboard.history.History;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** A history that is served, and clients of it. */
final class Served implements AutoCloseable {

  /** Long enough for a machine that is busy. */
  static final Duration SOON = Duration.ofSeconds(60);

  static final ObjectMapper MAPPER = new ObjectMapper();

  final History history;
  final DashboardServer server;
  private final HttpClient client = HttpClient.newHttpClient();

  Served(History history, List<Follower> followers, ServerSettings settings, Limits limits) {
    this.history = history;
    try {
      server = DashboardServer.start(history, followers, settings, limits);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Served(History history) {
    this(history, List.of(FixedFollower.healthy()), ServerSettings.loopback(0), Limits.DEFAULT);
  }

  static ServerSettings withOrigin(String origin) {
    return new ServerSettings(
        ServerSettings.LOOPBACK, 0, Set.of("tower.example"), Set.of(origin), null);
  }

  HttpResponse<String> get(String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.uri().resolve(path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The JSON of an answer, whatever its status. */
  JsonNode json(String path) {
    try {
      return MAPPER.readTree(get(path).body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
  }

  Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.connect(address());
    socket.setSoTimeout((int) SOON.toMillis());
    return socket;
  }

  /** Sends bytes as they are and returns what comes until the server ends the connection. */
  String raw(String request) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      try {
        socket.getInputStream().transferTo(answer);
      } catch (SocketException e) {
        // Reset, since the server has not read all that was sent; what it said has come.
      }
      return answer.toString(StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
