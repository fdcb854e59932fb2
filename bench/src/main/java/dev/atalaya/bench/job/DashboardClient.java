package dev.atalaya.bench.job;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Asks for what a browser would, one after the other, and throws it away. */
final class DashboardClient {

  /** What a page names in its markup or imports in its scripts, relative to itself. */
  private static final Pattern REFERENCE =
      Pattern.compile(
          "(?:src=|href=|from |import )\"(\\.{0,2}/?[a-z][\\w./-]*\\.(?:js|css|svg))\"");

  private static final Pattern EPOCH = Pattern.compile("\"epoch\":(\\d+)");

  /** What the page asks for when it is opened. */
  private static final List<String> FIRST_DATA =
      List.of(
          "api/v1/status",
          "api/v1/detectors",
          "api/v1/windows?count=300",
          "api/v1/timeline?count=300",
          "api/v1/alerts?limit=10");

  private final URI root;
  private final HttpClient http = HttpClient.newHttpClient();

  DashboardClient(URI root) {
    this.root = root;
  }

  record Loaded(int requests, long bytes, long micros) {}

  Loaded firstView() {
    long start = System.nanoTime();
    long bytes = 0;
    Set<URI> seen = new LinkedHashSet<>(Set.of(root));
    Deque<URI> next = new ArrayDeque<>(seen);
    while (!next.isEmpty()) {
      URI uri = next.poll();
      HttpResponse<byte[]> answer = get(uri);
      bytes += bytes(answer);
      Matcher references = REFERENCE.matcher(text(answer));
      while (references.find()) {
        URI reference = uri.resolve(references.group(1));
        if (seen.add(reference)) {
          next.add(reference);
        }
      }
    }
    for (String path : FIRST_DATA) {
      bytes += bytes(get(root.resolve(path)));
    }
    return new Loaded(seen.size() + FIRST_DATA.size(), bytes, micros(start));
  }

  Loaded load(String path) {
    long start = System.nanoTime();
    long bytes = bytes(get(root.resolve(path)));
    return new Loaded(1, bytes, micros(start));
  }

  /** Time enough for what is looked at to be compiled is part of it. */
  long medianMicros(int times, Supplier<Loaded> load) {
    return Stream.generate(load).limit(times).map(Loaded::micros).sorted().toList().get(times / 2);
  }

  private HttpResponse<byte[]> get(URI uri) {
    try {
      HttpRequest request = HttpRequest.newBuilder(uri).header("Accept-Encoding", "gzip").build();
      HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(uri + " answers " + answer.statusCode());
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static long bytes(HttpResponse<byte[]> answer) {
    long headers =
        answer.headers().map().entrySet().stream()
            .mapToLong(header -> header.getKey().length() + header.getValue().get(0).length() + 4)
            .sum();
    return headers + answer.body().length;
  }

  private static String text(HttpResponse<byte[]> answer) {
    try {
      byte[] body = answer.body();
      if (answer.headers().firstValue("Content-Encoding").isPresent()) {
        body = new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
      }
      return new String(body, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long micros(long startNanos) {
    return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - startNanos);
  }

  /** Begins to listen; returns when the server has said its first words. */
  Events events() throws Exception {
    HttpRequest request = HttpRequest.newBuilder(root.resolve("api/v1/events")).build();
    return new Events(http.send(request, HttpResponse.BodyHandlers.ofLines()).body());
  }

  /** Of which windows the server has told. */
  static final class Events implements AutoCloseable {
    private static final long WAIT_MILLIS = 60_000;

    private final Stream<String> lines;
    private final Map<Integer, Long> toldNanos = new HashMap<>();

    private Events(Stream<String> lines) {
      this.lines = lines;
      Thread reader = new Thread(this::read, "events");
      reader.setDaemon(true);
      reader.start();
    }

    private void read() {
      try {
        lines.forEach(this::take);
      } catch (UncheckedIOException e) {
        // Closed; whoever still waits will say so.
      }
    }

    private synchronized void take(String line) {
      Matcher epoch = EPOCH.matcher(line);
      if (epoch.find()) {
        toldNanos.putIfAbsent(Integer.valueOf(epoch.group(1)), System.nanoTime());
        notifyAll();
      }
    }

    /**
     * @return when it was told of, as {@link System#nanoTime}
     */
    synchronized long await(int epoch) throws InterruptedException {
      long until = System.currentTimeMillis() + WAIT_MILLIS;
      while (!toldNanos.containsKey(epoch)) {
        long left = until - System.currentTimeMillis();
        if (left <= 0) {
          throw new IllegalStateException("nobody has told of window " + epoch);
        }
        wait(left);
      }
      return toldNanos.get(epoch);
    }

    @Override
    public void close() {
      lines.close();
    }
  }
}
