package dev.atalaya.dashboard.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A client of server-sent events that keeps all that it is told. */
final class EventStream implements AutoCloseable {

  private final List<Event> events = new ArrayList<>();
  private final Stream<String> lines;
  private final Thread reader;

  record Event(String name, JsonNode data) {}

  EventStream(URI server) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(server.resolve("/api/v1/events")).build();
    HttpResponse<Stream<String>> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofLines());
    lines = answer.body();
    reader = new Thread(this::read, "event-stream");
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    String[] name = new String[1];
    try {
      lines.forEach(
          line -> {
            if (line.startsWith("event: ")) {
              name[0] = line.substring(7);
            } else if (line.startsWith("data: ")) {
              add(new Event(name[0], parse(line.substring(6))));
            }
          });
    } catch (UncheckedIOException e) {
      // The server ended it.
    }
  }

  private synchronized void add(Event event) {
    events.add(event);
  }

  synchronized List<JsonNode> data(String name) {
    return events.stream().filter(event -> event.name().equals(name)).map(Event::data).toList();
  }

  boolean isOpen() {
    return reader.isAlive();
  }

  @Override
  public void close() {
    lines.close();
  }

  private static JsonNode parse(String json) {
    try {
      return Served.MAPPER.readTree(json);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
