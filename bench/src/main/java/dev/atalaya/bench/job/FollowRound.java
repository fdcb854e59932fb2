package dev.atalaya.bench.job;

import dev.atalaya.connectors.MessageWriter;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Lines of access logs in files that capture follows. Time runs from the first line that the topic
 * has to the last.
 */
final class FollowRound {

  private static final long LOOK_MILLIS = 5;
  private static final long PATIENCE_NANOS = 300_000_000_000L;
  private static final int DIFFERENT_LINES = 20_000;

  /** A growing file grows by so many lines at a time, and is never further ahead than this. */
  private static final int PIECE_LINES = 2_000;

  private static final int AHEAD_LINES = 20_000;

  private static final List<byte[]> LINES = lines();

  /** Two files that begin alike would be a file and its copy. */
  private static final int LINES_BETWEEN_FILES = 7_919;

  private final CaptureProcess capture;
  private final CaptureQueue queue;
  private long nextLine;

  /** What the configuration has to say, in YAML. */
  static final String YAML =
      "  follow: { paths: [\"$folder/*.log\"], state: \"$folder/positions.json\" }\n";

  FollowRound(CaptureProcess capture, CaptureQueue queue) {
    this.capture = capture;
    this.queue = queue;
  }

  private static List<byte[]> lines() {
    List<byte[]> lines = new ArrayList<>();
    for (int i = 0; i < DIFFERENT_LINES; i++) {
      lines.add(FormatVariant.COMBINED_LOG.line(Flows.get(), i));
    }
    return lines;
  }

  static byte[] line(long number) {
    return LINES.get((int) (number % DIFFERENT_LINES));
  }

  /** How many lines there are in so many bytes. */
  static long linesIn(long bytes) {
    long all = LINES.stream().mapToLong(line -> line.length + 1L).sum();
    return bytes * DIFFERENT_LINES / all;
  }

  /** A file is there at once. */
  Round whole(String name, long lines) throws IOException, InterruptedException {
    Path written = capture.folder.resolve(name + ".new");
    append(written, lines);
    nextLine += LINES_BETWEEN_FILES;
    long before = queue.count();
    Files.move(written, capture.folder.resolve(name + ".log"));
    return awaited(before, lines, () -> {});
  }

  /** A file grows as fast as it is followed. */
  Round growing(String name, long lines) throws IOException, InterruptedException {
    Path file = capture.folder.resolve(name + ".log");
    long before = queue.count();
    long first = nextLine;
    Round round =
        awaited(
            before,
            lines,
            () -> {
              long wanted = queue.count() - before + AHEAD_LINES;
              while (nextLine < first + Math.min(lines, wanted)) {
                append(file, Math.min(PIECE_LINES, first + lines - nextLine));
              }
            });
    nextLine += LINES_BETWEEN_FILES;
    return round;
  }

  /** Something to do while the topic is looked at. */
  @FunctionalInterface
  private interface Meanwhile {
    void run() throws IOException;
  }

  private Round awaited(long before, long lines, Meanwhile meanwhile)
      throws IOException, InterruptedException {
    long first = 0;
    long start = 0;
    double cpu = 0;
    long now = 0;
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (now < lines && System.nanoTime() < end) {
      meanwhile.run();
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      now = queue.count() - before;
      if (first == 0 && now > 0) {
        first = now;
        start = System.nanoTime();
        cpu = capture.cpuSeconds();
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    if (now != lines) {
      throw new IllegalStateException(now + " lines in the topic, not " + lines);
    }
    return new Round(lines - first, seconds, capture.cpuSeconds() - cpu, now, 0);
  }

  private void append(Path file, long lines) throws IOException {
    try (OutputStream out =
        new BufferedOutputStream(
            Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND))) {
      for (long end = nextLine + lines; nextLine < end; nextLine++) {
        out.write(line(nextLine));
        out.write('\n');
      }
    }
  }

  /** The lines of a file and nothing else. */
  Round read(String name) throws IOException {
    double cpu = Round.cpuSecondsSoFar();
    long start = System.nanoTime();
    long lines = 0;
    try (BufferedReader in =
        Files.newBufferedReader(capture.folder.resolve(name + ".log"), StandardCharsets.US_ASCII)) {
      while (in.readLine() != null) {
        lines++;
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Round(lines, seconds, Round.cpuSecondsSoFar() - cpu, lines, 0);
  }

  /** Something for a writer to write, by number. */
  @FunctionalInterface
  interface Bodies {
    byte[] of(long number);
  }

  /** What the client alone does with bodies, for some time. */
  static Round alone(CaptureQueue queue, Bodies bodies, long millis) throws InterruptedException {
    try (MessageWriter writer = queue.writer()) {
      String run = Long.toHexString(System.nanoTime()) + "-";
      double cpu = Round.cpuSecondsSoFar();
      long start = System.nanoTime();
      long written = 0;
      while (System.nanoTime() - start < millis * 1_000_000) {
        writer.write(run + written, bodies.of(written));
        written++;
      }
      writer.flush();
      double seconds = (System.nanoTime() - start) / 1e9;
      return new Round(written, seconds, Round.cpuSecondsSoFar() - cpu, written, 0);
    }
  }
}
