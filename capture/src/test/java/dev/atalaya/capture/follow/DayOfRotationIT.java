package dev.atalaya.capture.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 24 hours of three logs in a quarter of a minute: 1,440 minutes with up to 20 lines each, and each
 * hour a rotation of each log: one renamed, one copied and cut, one renamed and compressed an hour
 * later. A process of its own follows {@code *.log*}, and is killed ({@code kill -9}) twelve times,
 * in the middle of what it does; the next one starts some minutes later.
 *
 * <p>Counted are the lines by their ids, as the job behind does: each line that was written is
 * there under exactly one id, and each id stands for one line.
 */
class DayOfRotationIT {

  private static final int HOURS = 24;
  private static final int MINUTES = 60;
  private static final int MINUTE_MILLIS = 10;
  private static final int MAX_LINES = 20;
  private static final List<String> LOGS = List.of("renamed.log", "cut.log", "compressed.log");

  @TempDir Path folder;

  private final Random random = new Random(24);
  private final List<String> written = new ArrayList<>();
  private Path logs;
  private Process follower;
  private int lives;

  @AfterEach
  void kill() throws InterruptedException {
    if (follower != null) {
      follower.destroyForcibly();
      assertThat(follower.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void eachLineIsThereOnce() throws Exception {
    logs = Files.createDirectory(folder.resolve("logs"));
    start();
    int killed = 0;
    for (int hour = 0; hour < HOURS; hour++) {
      int killMinute = hour % 2 == 0 ? random.nextInt(MINUTES) : -1;
      for (int minute = 0; minute < MINUTES; minute++) {
        for (String log : LOGS) {
          write(log);
        }
        if (minute == killMinute) {
          awaitEvents();
          kill();
          follower = null;
          killed++;
        }
        Thread.sleep(MINUTE_MILLIS);
        if (follower == null && random.nextInt(10) == 0) {
          start();
        }
      }
      rotate();
    }
    if (follower == null) {
      start();
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(() -> assertThat(missing()).isEmpty());
    Map<String, Set<String>> idsByLine = idsByLine();
    idsByLine.values().removeIf(ids -> ids.size() == 1);
    assertThat(idsByLine).isEmpty();
    assertThat(killed).isEqualTo(12);
    System.out.printf(
        "%d lines, %d rotations, %d kills: each line once by its id, %d sent again%n",
        written.size(), HOURS * LOGS.size(), killed, sent().size() - written.size());
  }

  private void start() throws IOException {
    lives++;
    follower =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                FollowerProcess.class.getName(),
                logs + "/*.log*",
                folder.resolve("state.json").toString(),
                folder.resolve("out" + lives).toString())
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(folder.resolve("follower.log").toFile()))
            .start();
  }

  /** On a slow machine it would be killed before it has begun. */
  private void awaitEvents() {
    Path out = folder.resolve("out" + lives);
    await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(out) && Files.size(out) > 0);
  }

  /** In two parts, so that a line is often seen without its end. */
  private void write(String log) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = random.nextInt(MAX_LINES + 1); i > 0; i--) {
      String line = log + " line " + written.size();
      written.add(line);
      lines.append(line).append('\n');
    }
    int half = random.nextInt(lines.length() + 1);
    for (String part : List.of(lines.substring(0, half), lines.substring(half))) {
      Files.writeString(
          logs.resolve(log),
          part,
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
  }

  private void rotate() throws IOException {
    for (int age = HOURS; age >= 1; age--) {
      for (String log : LOGS) {
        for (String suffix : List.of("", ".gz")) {
          Path file = logs.resolve(log + "." + age + suffix);
          if (Files.exists(file)) {
            Files.move(file, logs.resolve(log + "." + (age + 1) + suffix));
          }
        }
      }
    }
    Files.move(logs.resolve("renamed.log"), logs.resolve("renamed.log.1"));

    Path cut = logs.resolve("cut.log");
    Files.copy(cut, logs.resolve("cut.log.1"));
    Files.newOutputStream(cut, StandardOpenOption.TRUNCATE_EXISTING).close();

    Files.move(logs.resolve("compressed.log"), logs.resolve("compressed.log.1"));
    Path last = logs.resolve("compressed.log.2");
    if (Files.exists(last)) {
      try (OutputStream out =
          new GZIPOutputStream(Files.newOutputStream(logs.resolve("compressed.log.2.gz")))) {
        Files.copy(last, out);
      }
      Files.delete(last);
    }
  }

  private Set<String> missing() throws IOException {
    Set<String> missing = new TreeSet<>(written);
    missing.removeAll(idsByLine().keySet());
    return missing;
  }

  private Map<String, Set<String>> idsByLine() throws IOException {
    Map<String, String> byId = new HashMap<>();
    Map<String, Set<String>> idsByLine = new HashMap<>();
    for (String event : sent()) {
      String[] parts = event.split("\t", 2);
      String before = byId.putIfAbsent(parts[0], parts[1]);
      if (before != null && !before.equals(parts[1])) {
        throw new AssertionError(parts[0] + " is of " + before + " and of " + parts[1]);
      }
      idsByLine.computeIfAbsent(parts[1], line -> new TreeSet<>()).add(parts[0]);
    }
    return idsByLine;
  }

  /** All that was published by all processes. */
  private List<String> sent() throws IOException {
    List<String> sent = new ArrayList<>();
    for (int life = 1; life <= lives; life++) {
      Path out = folder.resolve("out" + life);
      if (Files.exists(out)) {
        String text = Files.readString(out);
        // The last one may be cut off by the kill.
        sent.addAll(text.substring(0, text.lastIndexOf('\n') + 1).lines().toList());
      }
    }
    return sent;
  }
}
