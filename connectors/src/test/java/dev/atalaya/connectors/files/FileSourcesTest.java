package dev.atalaya.connectors.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.connectors.LineDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.file.src.FileSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings(
    "try") // CloseableIterator.close() may throw InterruptedException, which javac minds
class FileSourcesTest {

  @TempDir Path folder;

  @Test
  void readsTheFilesOfADirectoryInTheOrderOfTheirPaths() throws Exception {
    write("b.txt", "b1\nb2\n");
    write("a/z.txt", "az\n");
    Files.write(folder.resolve("a.txt.gz"), LineCutterTest.gzip("a1\na2\n"));
    write("c/d/e", "e\n");

    assertThat(read(folder)).containsExactly("a1", "a2", "az", "b1", "b2", "e");
  }

  @Test
  void leavesOutHiddenAndUnfinishedFilesAndLinks() throws Exception {
    Path outside = Files.createTempFile("outside", ".txt");
    Files.writeString(outside, "outside\n");
    write("a.txt", "a\n");
    write(".hidden", "no\n");
    write("_SUCCESS", "no\n");
    write("b.tmp", "no\n");
    write("c.inprogress", "no\n");
    write(".d/e.txt", "no\n");
    Files.createSymbolicLink(folder.resolve("escape.txt"), outside);
    Files.createSymbolicLink(folder.resolve("loop"), folder);
    Files.createSymbolicLink(folder.resolve("again.txt"), folder.resolve("a.txt"));
    fifo(folder.resolve("fifo"));

    assertThat(read(folder)).containsExactly("a");
    Files.delete(outside);
  }

  @Test
  void readsAFileThatIsNamedWhateverItsNameAndThroughALink() throws Exception {
    write(".hidden.tmp", "yes\n");
    assertThat(read(folder.resolve(".hidden.tmp"))).containsExactly("yes");
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve(".hidden.tmp"));
    assertThat(read(link)).containsExactly("yes");
  }

  @Test
  @Timeout(60)
  void takesUpFilesThatAppearInAWatchedDirectory() throws Exception {
    write("a.txt", "a\n");
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.setParallelism(1);
    FileSource<String> source =
        FileSources.create(
            new FileSourceSettings(folder.toString(), 50, 100, false), new LineDecoder());
    try (CloseableIterator<String> lines =
        env.fromSource(source, WatermarkStrategy.noWatermarks(), "files")
            .uid("files")
            .executeAndCollect()) {
      assertThat(lines.next()).isEqualTo("a");
      write(".b.txt", "b\n");
      Files.move(folder.resolve(".b.txt"), folder.resolve("b.txt"));
      assertThat(lines.next()).isEqualTo("b");
    }
  }

  @Test
  void refusesWhatIsNoFileOrDirectory() throws Exception {
    assertThat(FileSources.check(folder.toString())).isNull();
    assertThat(FileSources.check(write("a.txt", "a").toString())).isNull();
    assertThat(FileSources.check("s3://bucket/key")).isNull();
    assertThat(FileSources.check(folder.resolve("none").toString())).endsWith("does not exist");
    assertThat(FileSources.check("/dev/zero")).endsWith("is neither a file nor a directory");
    assertThat(FileSources.check(fifo(folder.resolve("fifo")).toString()))
        .endsWith("is neither a file nor a directory");
  }

  private static List<String> read(Path path) throws Exception {
    assertThat(FileSources.check(path.toString())).isNull();
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.setParallelism(1);
    FileSource<String> source =
        FileSources.create(
            new FileSourceSettings(path.toString(), 0, 100, false), new LineDecoder());
    List<String> lines = new ArrayList<>();
    try (CloseableIterator<String> read =
        env.fromSource(source, WatermarkStrategy.noWatermarks(), "files")
            .uid("files")
            .executeAndCollect()) {
      read.forEachRemaining(lines::add);
    }
    return lines;
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static Path fifo(Path path) throws Exception {
    assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor()).isZero();
    return path;
  }
}
