package dev.atalaya.connectors.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.connectors.Document;
import dev.atalaya.connectors.LineDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files in, files out, in a Flink of this JVM. */
@Timeout(120)
class FilesEndToEndTest {

  private static final long HOUR_22 = Instant.parse("2026-11-21T22:59:59.999Z").toEpochMilli();

  private static final AtomicInteger CHECKPOINTS_AT_FAILURE = new AtomicInteger();
  private static final AtomicInteger FAILURES = new AtomicInteger();

  @TempDir Path folder;
  private Path output;

  @BeforeEach
  void nameOutput() {
    output = folder.resolve("out");
    FAILURES.set(0);
    CHECKPOINTS_AT_FAILURE.set(0);
  }

  @Test
  void writesOneFolderPerKindAndHour() throws Exception {
    List<Document> documents =
        List.of(
            new Document(Document.Kind.ALERT, "a", "k", HOUR_22, "{\"n\":1}"),
            new Document(Document.Kind.ALERT, "b", "k", HOUR_22 + 1, "{\"n\":2}"),
            new Document(Document.Kind.REPORT, "../../etc/passwd", "k", HOUR_22, "{\"n\":3}"),
            new Document(Document.Kind.DEAD_LETTER, "c", "k", Document.UNDATED, "{\"ñ\":\"漢\"}"));
    StreamExecutionEnvironment env = environment();
    env.fromData(documents)
        .uid("documents")
        .sinkTo(FileSinks.create(new FileSinkSettings(output.toString(), 1 << 20, 60_000)))
        .uid("files");
    env.execute();

    assertThat(written().keySet())
        .containsExactly(
            "alerts/2026/11/21/22",
            "alerts/2026/11/21/23",
            "dead-letters/undated",
            "reports/2026/11/21/22");
    assertThat(written().get("alerts/2026/11/21/22")).containsExactly("{\"n\":1}");
    assertThat(written().get("dead-letters/undated")).containsExactly("{\"ñ\":\"漢\"}");
    assertThat(visible())
        .allMatch(file -> file.getFileName().toString().matches("part-.*\\.jsonl"));
  }

  @Test
  void closesAFileAtItsSize() throws Exception {
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      documents.add(new Document(Document.Kind.ALERT, "a", "k", HOUR_22, "x".repeat(99)));
    }
    StreamExecutionEnvironment env = environment();
    env.fromData(documents)
        .uid("documents")
        .sinkTo(FileSinks.create(new FileSinkSettings(output.toString(), 1000, 60_000)))
        .uid("files");
    env.execute();

    assertThat(visible()).hasSizeGreaterThanOrEqualTo(9);
    assertThat(written().get("alerts/2026/11/21/22")).hasSize(100);
  }

  @Test
  void readsAndWritesEveryLineOnceThroughAFailure() throws Exception {
    List<String> expected = new ArrayList<>();
    Path input = Files.createDirectories(folder.resolve("in"));
    for (int file = 0; file < 4; file++) {
      StringBuilder text = new StringBuilder();
      for (int line = 0; line < 5000; line++) {
        expected.add(file + ":" + line);
        text.append(file).append(':').append(line).append('\n');
      }
      if (file % 2 == 0) {
        Files.writeString(input.resolve(file + ".txt"), text);
      } else {
        Files.write(input.resolve(file + ".gz"), LineCutterTest.gzip(text.toString()));
      }
    }
    StreamExecutionEnvironment env = environment();
    env.fromSource(
            FileSources.create(
                new FileSourceSettings(input.toString(), 0, 100, false), new LineDecoder()),
            WatermarkStrategy.noWatermarks(),
            "lines")
        .uid("lines")
        .map(new FailsAfterCheckpoints())
        .uid("fails")
        .map(line -> new Document(Document.Kind.ALERT, line, "k", HOUR_22, line))
        .returns(Document.class)
        .uid("documents")
        .sinkTo(FileSinks.create(new FileSinkSettings(output.toString(), 1000, 60_000)))
        .uid("files");
    env.execute();

    assertThat(FAILURES).hasValue(2);
    assertThat(CHECKPOINTS_AT_FAILURE.get()).isPositive();
    assertThat(written().get("alerts/2026/11/21/22")).containsExactlyInAnyOrderElementsOf(expected);
  }

  private StreamExecutionEnvironment environment() {
    Configuration configuration = new Configuration();
    configuration.setString("execution.checkpointing.interval", "20ms");
    configuration.setString("restart-strategy.type", "fixed-delay");
    configuration.setString("restart-strategy.fixed-delay.attempts", "3");
    configuration.setString("restart-strategy.fixed-delay.delay", "0s");
    configuration.setString("pipeline.generic-types", "false");
    configuration.setString("pipeline.auto-generate-uids", "false");
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    env.setParallelism(2);
    return env;
  }

  /** The visible lines of each folder. */
  private Map<String, List<String>> written() throws IOException {
    Map<String, List<String>> lines = new TreeMap<>();
    for (Path file : visible()) {
      String name = output.relativize(file.getParent()).toString();
      lines.computeIfAbsent(name, any -> new ArrayList<>()).addAll(Files.readAllLines(file));
    }
    return lines;
  }

  private List<Path> visible() throws IOException {
    try (Stream<Path> files = Files.walk(output)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .toList();
    }
  }

  /** Fails twice, each time in the middle of a file with a checkpoint behind it. */
  private static final class FailsAfterCheckpoints
      implements MapFunction<String, String>, CheckpointListener {

    private int linesSinceCheckpoint = -1;
    private int lines;

    @Override
    public String map(String line) throws Exception {
      lines++;
      if (linesSinceCheckpoint >= 0) {
        linesSinceCheckpoint++;
      }
      if (linesSinceCheckpoint > 100 && FAILURES.getAndUpdate(n -> Math.min(2, n + 1)) < 2) {
        throw new IllegalStateException("failure for the test");
      }
      if (FAILURES.get() < 2 && lines % 50 == 0) {
        LockSupport.parkNanos(1_000_000); // gives a checkpoint its turn
      }
      return line;
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) {
      CHECKPOINTS_AT_FAILURE.incrementAndGet();
      if (lines > 0) {
        linesSinceCheckpoint = 0;
      }
    }
  }
}
