package dev.atalaya.bench.job;

import dev.atalaya.fixtures.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** {@code atalaya capture} in a process of its own, which listens on HTTP and in another way. */
final class CaptureProcess implements AutoCloseable {

  private static final long READY_NANOS = 60_000_000_000L;
  private static final long LOOK_MILLIS = 50;

  final Path folder;
  final int port = FreePort.pick();
  private final Process process;
  private final HttpClient http = HttpClient.newHttpClient();

  /**
   * Waits until the queue is there.
   *
   * @param otherWay of {@code capture}, in YAML; {@code $folder} is a new folder
   */
  CaptureProcess(CaptureQueue queue, String otherWay) throws IOException, InterruptedException {
    folder = Files.createTempDirectory("atalaya-bench-");
    Path config = folder.resolve("capture.yaml");
    Files.writeString(
        config,
        "publish: { "
            + queue.publish()
            + " }\ncapture:\n  http: { port: "
            + port
            + " }\n"
            + otherWay.replace("$folder", folder.toString()));
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Dlog4j2.configurationFile=log4j2-local.xml",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.atalaya.job.cli.Main",
                "capture",
                config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    long end = System.nanoTime() + READY_NANOS;
    while (!isUp()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new IllegalStateException(
            "capture did not start:\n" + Files.readString(folder.resolve("log")));
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
  }

  private boolean isUp() throws InterruptedException {
    try {
      return get("health").statusCode() == 200;
    } catch (IOException e) {
      return false; // not yet
    }
  }

  /** The sum of all its numbers that are called so, whatever their labels. */
  long metric(String name) throws IOException, InterruptedException {
    return get("metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("atalaya_capture_" + name))
        .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Processor time that it has used so far. */
  double cpuSeconds() {
    return process.info().totalCpuDuration().map(time -> time.toNanos() / 1e9).orElse(0.0);
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://localhost:" + port + "/" + path);
    return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      Folder.delete(folder);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
